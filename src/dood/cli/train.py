"""`dood train`: learn a model from images."""

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
  dood train --data mnist --out runs/long --set model.strokes=8 --set model.scale_range=0.1,0.8
"""
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
    parser.add_argument("--data", metavar="NAME", help="data set name or file; see `dood data list` (default: mnist)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the run")
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
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")


def run(arguments: Namespace, console: Console) -> int:
    """Train on the training images; the test images are only looked at."""
    config = configure(arguments)
    import torch

    from dood.data import load
    from dood.train import train

    images = load(config.data).at(config.model.resolution)
    if not len(images.train_images):
        raise DoodError(f"{config.data} has no training images: only its test images can be used")
    held_out = images.test_images if len(images.test_images) else images.train_images
    with console.progress("training") as progress:
        train(
            config,
            torch.tensor(images.train_images),
            torch.tensor(held_out),
            arguments.out,
            resume=arguments.resume,
            callback=follow(config.steps, console, quiet=progress is not None),
            progress=progress,
            notes={"data": images.name, "data_sha256": images.sha256, "seed": str(config.seed)},
        )
    console.note(f"trained for {config.steps} steps: {arguments.out}")
    return 0


def configure(arguments: Namespace) -> Any:
    """The preset with the overrides of the command line; `--set` wins over the short options."""
    from dood.presets import PRESETS

    if arguments.preset not in PRESETS:
        raise UsageError(f"there is no preset {arguments.preset!r}; there are: {', '.join(PRESETS)}")
    short = {name: str(value) for name in SHORTCUTS if (value := getattr(arguments, name)) is not None}
    return override(PRESETS[arguments.preset], short | assignments(arguments.set))


def follow(steps: int, console: Console, quiet: bool) -> Callable[[Mapping[str, float | int | str]], None]:
    """What training calls with each record: writes a line where there is no bar, and passes on every warning."""

    def report(record: Mapping[str, float | int | str]) -> None:
        figures = {name: value for name, value in record.items() if isinstance(value, float | int) and name != "step"}
        if not quiet:
            line = "  ".join(f"{name} {value:.5g}" for name, value in figures.items())
            console.note(f"step {record['step']}/{steps}  {line}".rstrip())
        if "warning" in record:
            console.warn(f"step {record['step']}: {record['warning']}")

    return report
