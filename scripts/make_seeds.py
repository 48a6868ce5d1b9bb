"""Show that a recipe does not depend on luck: the last record of runs that differ in their seed, and their curves.

python scripts/make_seeds.py quick runs/quick1 runs/quick2 runs/quick3    # results/seeds-quick.csv, .png and .jsonl
"""

import argparse
import json
from pathlib import Path

from dood.figures.plots import learning_curves, save_figure
from dood.files import atomic_write, make_folder, write_table
from dood.runs.runs import Run, read_run

FIGURES = ("bound", "mse", "mae", "strokes", "seconds")


def main() -> None:
    """Write the table, the figure, and the records that both are made from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name")
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    runs = [read_run(folder) for folder in arguments.runs]
    stem = make_folder(arguments.out) / f"seeds-{arguments.name}"
    write_table(stem.with_suffix(".csv"), ["data", "seed", "steps", *FIGURES, "warnings"], map(row, runs))
    with atomic_write(stem.with_suffix(".jsonl")) as file:
        for run in runs:
            for record in run.records:
                file.write((json.dumps({"seed": run.settings["seed"], **record}) + "\n").encode())
    curves = {f"seed {run.settings['seed']}": run.records for run in runs}
    save_figure(learning_curves(curves), stem.with_suffix(".png"))


def row(run: Run) -> list[object]:
    return [
        run.settings["data"],
        run.settings["seed"],
        run.steps,
        *(run.last[name] for name in FIGURES),
        len(run.warnings),
    ]


if __name__ == "__main__":
    main()
