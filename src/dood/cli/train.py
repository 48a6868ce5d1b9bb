"""`dood train`: learn a model from images; `dood refit`: give it a better prior; `dood train-pen`."""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from dood.cli.app import UsageError
from dood.cli.console import Console
from dood.cli.options import Count, Device, Flag, Model, Quiet, Seed
from dood.cli.settings import assignments, override
from dood.cli.source import defaults
from dood.errors import DoodError
from dood.training.presets import MODELS, PRESETS, with_model

if TYPE_CHECKING:
    from dood.training.presets import TrainConfig

__all__ = ["configured", "refit", "train", "train_pen"]

Record = Mapping[str, float | int | str]
Report = Callable[[Record], None]
PRESET = Parameter(show_default=lambda _: "the preset's")


@defaults("dood.tasks.train:train")
def train(
    *,
    data: Annotated[str | None, Parameter(metavar="NAME", show_default=lambda _: "mnist")] = None,
    out: Annotated[Path, Parameter(metavar="DIR")],
    model: Annotated[str | None, Parameter(choices=tuple(MODELS), show_default=lambda _: "dood")] = None,
    preset: Annotated[str | None, Parameter(choices=tuple(PRESETS), show_default=lambda _: "standard")] = None,
    steps: Annotated[Count | None, PRESET] = None,
    batch: Annotated[Count | None, PRESET] = None,
    seed: Annotated[Seed | None, PRESET] = None,
    set: Annotated[list[str] | None, Parameter(negative="", metavar="FIELD=VALUE")] = None,
    processes: Count = 1,
    device: Device,
    tensorboard: Flag = False,
    resume: Flag = False,
    quiet: Quiet = False,
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

    Arguments:
        data: Data set, several joined by +, or all; see `dood data list`.
        out: Folder of the run.
        model: The paper's model, a baseline (AIR) or an ablation.
        preset: The recipe.
        steps: Training steps.
        batch: Images a step.
        set: Any field of the recipe or, as model.FIELD, of the model; may be given again.
        processes: Processes that share each batch; best one a CPU core.
        tensorboard: Write events for TensorBoard too.
        resume: Go on from the checkpoint in --out, with its settings; a run that ended may take more --steps.
    """
    if processes > 1 and "WORLD_SIZE" not in os.environ:
        return launch(processes)
    short = {"data": data, "steps": steps, "batch": batch, "seed": seed}
    changes = {name: str(value) for name, value in short.items() if value is not None} | assignments(set or [])
    config, notes = (resumed if resume else configured)(out, preset, model, changes)
    leads = os.environ.get("RANK", "0") == "0"
    import torch

    from dood.data import training_data
    from dood.training import loop

    images = training_data(config.data, config.model.resolution)
    console = Console(quiet or not leads)
    with console.progress("training") as progress:
        reports = [follow(config.steps, console, quiet=progress is not None)]
        if tensorboard and leads:
            reports.append(board(out))
        loop.train(
            config,
            [torch.from_numpy(each) for each in images.sets],
            torch.from_numpy(images.held_out),
            out,
            device=device,
            resume=resume,
            callback=lambda record: [report(record) for report in reports] and None,
            progress=progress,
            notes=notes | {"data": images.name, "data_sha256": images.sha256, "seed": str(config.seed)},
        )
    console.note(f"trained for {config.steps} steps: {out}")
    return 0


@defaults("dood.tasks.refit:refit_file", "dood.training.expost:RefitConfig")
def refit(
    model: Model,
    /,
    *,
    out: Annotated[Path, Parameter(metavar="FILE.safetensors")],
    data: Annotated[str | None, Parameter(metavar="NAME")],
    steps: Count,
    batch: Count,
    passes: Count,
    seed: Seed,
    quiet: Quiet = False,
) -> None:
    """Give a trained model a better prior.

    Learns a prior from what a trained model infers of its training images, and
    writes the model with it in place of its own: it finds the same strokes in an
    image, and makes up drawings that are closer to real ones.

    examples:
      dood refit mnist --out mnist-refit.safetensors
      dood refit runs/omniglot --out refit.safetensors --steps 24000 --passes 8
      dood generate --model mnist-refit.safetensors --out samples

    Arguments:
        out: The new model.
        data: Data set; what the model was trained on by default.
        steps: Training steps.
        batch: Drawings a step.
        passes: Posterior samples of an image.
    """
    from dood.tasks.refit import refit_file
    from dood.training.expost import RefitConfig

    console, config = Console(quiet), RefitConfig(steps=steps, batch=batch, passes=passes, seed=seed)
    with console.progress("refitting") as progress:
        density = refit_file(model, out, config, data=data, progress=progress)
    console.note(f"{out}: {density:.1f} nats a held-out drawing")


@defaults("dood.training.pen:PenConfig", "dood.training.pen:train_pen")
def train_pen(
    *,
    out: Annotated[Path, Parameter(metavar="FILE.safetensors")],
    data_dir: Annotated[Path | None, Parameter(metavar="DIR")] = None,
    steps: Count,
    seed: Seed,
    quiet: Quiet = False,
) -> None:
    """Learn joints, direction and order of strokes.

    Learns from people's pen paths where a stroke goes on, and in which direction
    and order strokes are drawn: the small network by which `dood draw` makes
    strokes of lines.

    examples:
      dood train-pen --out walker.safetensors
      dood train-pen --data-dir ../shared/data --out walker.safetensors --seed 1

    Arguments:
        out: The weights.
        data_dir: Folder that holds pen/; DOOD_DATA by default.
        steps: Updates.
    """
    from dood.training import pen

    console = Console(quiet)

    def tell(step: int, steps: int, loss: float) -> None:
        console.note(f"step {step}/{steps}  nats a move {loss:.4f}")

    path = pen.train_pen(data_dir, out, seed=seed, config=pen.PenConfig(steps=steps), progress=tell)
    console.note(f"wrote {path}")


Configured = tuple["TrainConfig", dict[str, str]]
"""A recipe, and what the weights' header says of where it comes from."""


def configured(out: Path, preset: str | None, model: str | None, changes: Mapping[str, str]) -> Configured:
    """The preset with the changes of the command line."""
    preset, model = preset or "standard", model or "dood"
    recipe = override(with_model(PRESETS[preset], model), changes)
    return recipe, {"preset": preset, "model": model}


def resumed(out: Path, preset: str | None, model: str | None, changes: Mapping[str, str]) -> Configured:
    """The recipe in the checkpoint of the run, with the changes of the command line."""
    from dood.training.resuming import recipe_of

    recipe, notes = recipe_of(out)
    for name, wanted in (("preset", preset), ("model", model)):
        if wanted is not None and notes.get(name, wanted) != wanted:
            raise UsageError(f"{out} was trained with --{name} {notes[name]}, not {wanted}: leave --{name} out")
    return override(recipe, changes), {name: notes[name] for name in ("preset", "model") if name in notes}


def launch(processes: int) -> int:
    """Run this very command in several processes, by torchrun; each says itself what went wrong with it."""
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main

    for name in ("torch.distributed.elastic", "torch.distributed.run"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        main(["--standalone", f"--nproc-per-node={processes}", "-m", "dood", *sys.argv[1:]])
    except ChildFailedError:
        return 1
    except SignalException:
        raise KeyboardInterrupt from None
    return 0


def follow(steps: int, console: Console, quiet: bool) -> Report:
    """What training calls with each record: writes a line where there is no bar, and passes on every warning."""

    def report(record: Record) -> None:
        if not quiet:
            line = "  ".join(f"{name} {value:.5g}" for name, value in figures(record).items())
            console.note(f"step {record['step']}/{steps}  {line}".rstrip())
        if "warning" in record:
            console.warn(f"step {record['step']}: {record['warning']}")

    return report


def board(folder: Path) -> Report:
    """What writes each record for TensorBoard.

    Raises:
        DoodError: TensorBoard is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise DoodError("--tensorboard needs TensorBoard: pip install 'dood[tensorboard]'") from error
    writer = SummaryWriter(str(folder))

    def report(record: Record) -> None:
        for name, value in figures(record).items():
            writer.add_scalar(name, value, int(record["step"]))
        writer.flush()

    return report


def figures(record: Record) -> dict[str, float | int]:
    """The numbers of a record, but for the step."""
    return {name: value for name, value in record.items() if isinstance(value, float | int) and name != "step"}
