"""The verbs that learn: train, refit and train-pen."""

import os
from typing import Annotated, Any

from cyclopts import Parameter

from dood.cli.console import console
from dood.cli.options import Choice, Count, File, Flag, Folder, Model, Seed
from dood.cli.training import Report, follow, launch, recipe, resumed
from dood.cli.verbs import verb
from dood.training.presets import MODELS, PRESETS

__all__ = ["refit", "train", "train_pen"]

PRESET = Parameter(show_default=lambda _: "the preset's")
RECIPE = Parameter(choices=tuple(PRESETS), show_default=lambda _: "standard")
NETWORK = Parameter(choices=tuple(MODELS), show_default=lambda _: "dood")


@verb("dood.training.loop:train")
def train(
    *,
    data: Annotated[Choice | None, Parameter(show_default=lambda _: "mnist")] = None,
    out: Folder,
    model: Annotated[str | None, NETWORK] = None,
    preset: Annotated[str | None, RECIPE] = None,
    steps: Annotated[Count | None, PRESET] = None,
    batch: Annotated[Count | None, PRESET] = None,
    seed: Annotated[Seed | None, PRESET] = None,
    set: Annotated[list[str] | None, Parameter(negative="", metavar="FIELD=VALUE")] = None,
    processes: Count = 1,
    tensorboard: Flag = False,
    resume: Flag = False,
    **options: Any,
) -> int:
    """Learn a model from images.

    Learns from training images alone, but for some that are held out; test
    images are never touched. Weights, metrics and the checkpoint go to --out.

    examples:
      dood train --data mnist --out runs/mnist
      dood train --data omniglot --out runs/omniglot --preset quick --seed 3
      dood train --out runs/mnist --resume                  # where it stopped
      dood train --out runs/mnist --resume --steps 40000    # it had ended
      dood train --data mnist --model difference-air --out runs/air
      dood train --data mnist+omniglot --out runs/two --processes 4
      dood train --data mnist --out runs/long --set model.strokes=8
      dood train --data mnist --out runs/more --set start=kmnist:joint-prior

    Arguments:
        data: Data set, several joined by +, or all; see `dood data list`.
        out: Folder of the run.
        model: DooD, a baseline (AIR) or an ablation.
        preset: The recipe.
        steps: Training steps.
        batch: Images a step.
        seed: Of all that is random.
        set: Any field of the recipe or, as model.FIELD, of the model; may be given again.
        processes: Processes that share each batch; best one a CPU core.
        tensorboard: Write events for TensorBoard too.
        resume: Go on from the checkpoint in --out, with its settings; a run that ended may take more --steps.
    """
    if processes > 1 and "WORLD_SIZE" not in os.environ:
        return launch(processes)
    short = {"data": data, "steps": steps, "batch": batch, "seed": seed}
    changes = [f"{name}={value}" for name, value in short.items() if value is not None] + (set or [])
    config, notes = resumed(out, preset, model, changes) if resume else recipe(preset, model, changes)
    leads = os.environ.get("RANK", "0") == "0"
    import torch

    from dood.data import training_data
    from dood.runs.board import board
    from dood.training import loop

    images = training_data(config.data, config.model.resolution)
    notes |= {"data": images.name, "data_sha256": images.sha256, "seed": str(config.seed)}
    console.quiet = console.quiet or not leads
    with console.progress("training") as progress:
        reports: list[Report] = [follow(config.steps, quiet=progress is not None)]
        reports += [board(out)] if tensorboard and leads else []

        def tell(record: dict[str, Any]) -> None:
            for report in reports:
                report(record)

        loop.train(
            config,
            [torch.from_numpy(each) for each in images.sets],
            torch.from_numpy(images.held_out),
            out,
            resume=resume,
            callback=tell,
            progress=progress,
            notes=notes,
            **options,
        )
    console.note(f"trained for {config.steps} steps: {out}")
    return 0


@verb("dood.tasks.refit:refit_file", "dood.training.expost:RefitConfig")
def refit(model: Model, /, *, out: File, data: Choice | None = None, **options: Any) -> None:
    """Give a trained model a better prior.

    Learns a prior from what a trained model infers of its training images, and
    writes the model with it in place of its own: it finds the same strokes in an
    image, and makes up drawings that are closer to real ones.

    examples:
      dood refit mnist --out mnist-refit.safetensors
      dood refit runs/omniglot --out refit.safetensors --steps 24000 --passes 8
      dood generate --model mnist-refit.safetensors --out samples

    Arguments:
        out: The new model, a .safetensors file.
        data: Data set; what the model was trained on by default.
        batch: Drawings a step.
        lm_steps: Least-squares steps on each image before it is learned from; 5 take 0.05 s.
    """
    from dood.tasks.refit import refit_file
    from dood.training.expost import RefitConfig

    with console.progress("refitting") as progress:
        density = refit_file(model, out, RefitConfig(**options), data=data, progress=progress)
    console.note(f"{out}: {density:.1f} nats a held-out drawing")


@verb("dood.training.pen:PenConfig", "dood.training.pen:train_pen")
def train_pen(*, out: File, data_dir: Folder | None = None, **options: Any) -> None:
    """Learn joints, direction and order of strokes.

    Learns from people's pen paths where a stroke goes on, and in which direction
    and order strokes are drawn: the small network by which `dood draw` makes
    strokes of lines.

    examples:
      dood train-pen --out walker.safetensors
      dood train-pen --data-dir ../shared/data --out walker.safetensors --seed 1

    Arguments:
        out: The weights, a .safetensors file.
    """
    from dood.training import pen

    def tell(step: int, steps: int, loss: float) -> None:
        console.note(f"step {step}/{steps}  nats a move {loss:.4f}")

    seed = options.pop("seed")
    path = pen.train_pen(data_dir, out, seed=seed, config=pen.PenConfig(**options), progress=tell)
    console.note(f"wrote {path}")
