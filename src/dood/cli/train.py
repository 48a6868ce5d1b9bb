"""`dood train`: learn a model from images."""

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dood.cli.arguments import UsageError, Verbs, add_verb, whole
from dood.cli.console import Console
from dood.cli.settings import assignments, override
from dood.errors import DoodError

__all__ = ["add", "configure", "run"]

EXAMPLES = """\
  dood train --data mnist --out runs/mnist
  dood train --data omniglot --out runs/omniglot --preset quick --steps 20000 --seed 3
  dood train --data mnist --out runs/mnist --resume        # go on where it stopped
  dood train --data mnist --out runs/mnist --resume --steps 40000        # it had ended: train further
  dood train --data mnist --model difference-air --out runs/air
  dood train --data mnist+omniglot --out runs/two --processes 4
  dood train --data mnist --out runs/long --set model.strokes=8 --set model.scale_range=0.1,0.8
"""
Record = Mapping[str, float | int | str]
Report = Callable[[Record], None]
SHORTCUTS = ("data", "steps", "batch", "seed")
"""Options that are named like the field they set."""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "train",
        run,
        "learn a model from images",
        about="Learn a model from images alone. Weights, metrics and the checkpoint go to the folder --out.",
        examples=EXAMPLES,
    )
    parser.add_argument(
        "--data", metavar="NAME", help="data set, several joined by +, or all; see `dood data list` (default: mnist)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the run")
    parser.add_argument(
        "--model",
        default="dood",
        metavar="NAME",
        help="dood, air, difference-air, or an ablation of dood (default: %(default)s)",
    )
    parser.add_argument(
        "--preset", default="standard", metavar="NAME", help="quick, standard, long or paper (default: %(default)s)"
    )
    parser.add_argument("--steps", type=whole(1), metavar="N", help="training steps (default: the preset's)")
    parser.add_argument("--batch", type=whole(1), metavar="N", help="images a step (default: the preset's)")
    parser.add_argument(
        "--seed", type=whole(0), metavar="N", help="of weights, data order and samples (default: the preset's)"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="any setting, dotted; may be given again"
    )
    parser.add_argument(
        "--processes",
        type=whole(1),
        default=1,
        metavar="N",
        help="processes that share each batch; best one a CPU core (default: %(default)s)",
    )
    parser.add_argument(
        "--device", default="cpu", choices=("cpu", "cuda"), help="where to train (default: %(default)s)"
    )
    parser.add_argument("--tensorboard", action="store_true", help="write events for TensorBoard too")
    parser.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint in --out; a finished run may take more --steps"
    )


def run(arguments: Namespace, console: Console) -> int:
    """Train on the training images but for those held out; test images are never touched."""
    config = configure(arguments)
    if arguments.processes > 1 and "WORLD_SIZE" not in os.environ:
        return launch(arguments.processes)
    leads = os.environ.get("RANK", "0") == "0"
    import torch

    from dood.data import training_data
    from dood.training.loop import train

    data = training_data(config.data, config.model.resolution)
    notes = {"data": data.name, "data_sha256": data.sha256, "seed": str(config.seed), "preset": arguments.preset}
    notes["model"] = arguments.model
    with (console if leads else Console(quiet=True)).progress("training") as progress:
        reports = [follow(config.steps, console, quiet=progress is not None)]
        if arguments.tensorboard and leads:
            reports.append(board(arguments.out))

        def tell(record: Record) -> None:
            for report in reports:
                report(record)

        train(
            config,
            [torch.from_numpy(images) for images in data.sets],
            torch.from_numpy(data.held_out),
            arguments.out,
            device=arguments.device,
            resume=arguments.resume,
            callback=tell,
            progress=progress,
            notes=notes,
        )
    if leads:
        console.note(f"trained for {config.steps} steps: {arguments.out}")
    return 0


def launch(processes: int) -> int:
    """Run this very command in several processes, by torchrun; each says itself what went wrong with it."""
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main

    logging.getLogger("torch.distributed.elastic").setLevel(logging.CRITICAL)
    try:
        main(["--standalone", f"--nproc-per-node={processes}", "-m", "dood", *sys.argv[1:]])
    except ChildFailedError:
        return 1
    return 0


def configure(arguments: Namespace) -> Any:
    """The preset with the overrides of the command line; `--set` wins over the short options."""
    from dood.training.presets import PRESETS, with_model

    if arguments.preset not in PRESETS:
        raise UsageError(f"there is no preset {arguments.preset!r}; there are: {', '.join(PRESETS)}")
    recipe = with_model(PRESETS[arguments.preset], arguments.model)
    short = {name: str(value) for name in SHORTCUTS if (value := getattr(arguments, name)) is not None}
    return override(recipe, short | assignments(arguments.set))


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
