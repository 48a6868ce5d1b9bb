"""Compare training runs on held-out training images of their source, and on dreams composed of those: no test image.

python scripts/select_recipe.py runs/a runs/b ...    # adds a row a run to results/selection.csv

The score that decides is the mean of both bounds: a recipe must serve its source and drawings that are unlike it.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.data import training_data
from dood.files import write_table
from dood.inference.bounds import Summary, summarise
from dood.models.dood import DooD
from dood.runs.runs import Run, read_run
from dood.training.batches import dream_of
from dood.training.randomness import Stream, generator_at

COLUMNS = (
    "trial",
    "source",
    "preset",
    "steps",
    "seed",
    "settings",
    "score",
    "bound",
    "mse",
    "strokes",
    "dream_bound",
    "dream_mse",
    "dream_strokes",
    "seconds",
)
IMAGES = 512
"""Held-out images, and dreams composed of them, that each run is measured on."""


def main() -> None:
    """Measure each run and add its row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("results/selection.csv"))
    arguments = parser.parse_args()
    rows: dict[str, list[object]] = {row["trial"]: [row[name] for name in COLUMNS] for row in known(arguments.out)}
    for folder in arguments.runs:
        rows[folder.name] = measured(folder)
        print(*rows[folder.name])
    write_table(arguments.out, COLUMNS, rows.values())


def known(path: Path) -> list[dict[str, str]]:
    """The rows of before."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def measured(folder: Path) -> list[object]:
    """A run's row."""
    run, model = read_run(folder), checkpoint.load(folder)
    held_out = torch.from_numpy(training_data(run.settings["data"], model.config.resolution).held_out)[:IMAGES]
    plain, dreamt = look(model, held_out), look(model, dreams(held_out))
    figures = [value for part in (plain, dreamt) for value in (part.bound, part.mse, part.strokes)]
    score = (plain.bound + dreamt.bound) / 2
    settings = run.settings
    start = [folder.name, settings["data"], settings["preset"], run.steps, settings["seed"], changed(run)]
    return [*start, score, *figures, run.last["seconds"]]


def look(model: DooD, images: Tensor) -> Summary:
    """The one-sample bound and the errors; the same noise for every run."""
    return summarise(model, images, generator=generator_at(0, Stream.MEASURE))


def dreams(held_out: Tensor) -> Tensor:
    """As many dreams, each of one of the images and others."""
    first = held_out.float() / 255
    dreamt = dream_of(first, held_out, len(held_out), generator_at(0, Stream.DREAMS))
    return torch.from_numpy(np.rint(dreamt.numpy() * 255).astype(np.uint8))


def changed(run: Run) -> str:
    """The settings of the trial that are not the preset's."""
    names = (
        "dreams",
        "dreams_kept",
        "spread_until",
        "ratio_until",
        "augmentation",
        "learning_rate",
        "beta",
        "model.scale_range",
        "model.corrections",
        "model.features",
    )
    return " ".join(f"{name}={run.settings[name]}" for name in names if name in run.settings)


if __name__ == "__main__":
    main()
