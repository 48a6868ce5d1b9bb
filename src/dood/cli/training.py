"""What `dood train` needs beside the loop: recipes from words, several processes, lines about progress."""

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dood.cli.console import complain, console
from dood.cli.front import UsageError
from dood.cli.settings import assignments, override
from dood.runs.board import figures
from dood.training.presets import PRESETS, TrainConfig, with_model

__all__ = ["Recipe", "Report", "follow", "launch", "recipe", "resumed"]

Report = Callable[[Mapping[str, float | int | str]], None]
"""What training calls with each record."""

Recipe = tuple[TrainConfig, dict[str, str]]
"""A recipe, and what the weights' header says of where it comes from."""


def recipe(preset: str | None, model: str | None, changes: Sequence[str]) -> Recipe:
    """The preset with the changes of the command line, `FIELD=VALUE` each; the last one wins."""
    preset, model = preset or "standard", model or "dood"
    return override(with_model(PRESETS[preset], model), assignments(changes)), {"preset": preset, "model": model}


def resumed(out: Path, preset: str | None, model: str | None, changes: Sequence[str]) -> Recipe:
    """The recipe in the checkpoint of the run, with the changes of the command line."""
    from dood.training.resuming import recipe_of

    config, notes = recipe_of(out)
    known = {name: notes[name] for name in ("preset", "model") if name in notes}
    for name, wanted in (("preset", preset), ("model", model)):
        if wanted is not None and known.get(name, wanted) != wanted:
            raise UsageError(f"{out} was trained with --{name} {known[name]}, not {wanted}: leave --{name} out")
    return override(config, assignments(changes)), known


def launch(processes: int) -> int:
    """Run this very command in several processes, by torchrun; each says itself what went wrong with it."""
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main

    logging.disable(logging.CRITICAL)  # what torchrun has to say of a process that stopped, that process has said
    try:
        main(["--standalone", f"--nproc-per-node={processes}", "-m", "dood", *sys.argv[1:]])
    except ChildFailedError:
        return 1
    except SignalException:
        raise KeyboardInterrupt from None
    return 0


def follow(steps: int, quiet: bool) -> Report:
    """What writes a line for each record where there is no bar, and passes on every warning."""

    def report(record: Mapping[str, float | int | str]) -> None:
        if not quiet:
            line = "  ".join(f"{name} {value:.5g}" for name, value in figures(record).items())
            console.note(f"step {record['step']}/{steps}  {line}".rstrip())
        if "warning" in record:
            complain(f"step {record['step']}: {record['warning']}")

    return report
