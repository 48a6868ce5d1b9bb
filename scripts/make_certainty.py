"""Fit the certainty of `dood classify` on background runs, and measure it on others: results/certainty.csv and .png.

python scripts/make_oneshot_runs.py background.npz --seed 1
python scripts/make_certainty.py background.npz omniglot_oneshot.npz

It prints the numbers for `dood.concepts.certainty.CERTAINTIES`. Scores are kept beside the table's folder, in --scores,
and not computed again. Nothing else was chosen on the runs of seed 1; the others are scored once.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from dood.checkpoints import checkpoint
from dood.concepts.certainty import Certainty, class_probabilities, known_probability
from dood.concepts.matching import blank_scores
from dood.evaluation.certainty import Held, Scored, fit_certainty, held, reliability, without_their_class
from dood.figures.certainty import Judged, certainty_figure
from dood.figures.plots import save_figure
from dood.files import atomic_write, make_folder, write_table
from dood.pictures import Picture
from dood.tasks.oneshot import NONE_BELOW, SCORINGS, class_scores, read_runs
from dood.tasks.reading import rasters_of

RESAMPLES, INTERVAL = 1000, (2.5, 97.5)


def main() -> None:
    """Fit, print, measure, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("background", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--scores", type=Path, default=Path("scores"))
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    paths = {"background": arguments.background, "official": arguments.runs}
    scored = {name: scores_of(path, make_folder(arguments.scores)) for name, path in paths.items()}
    fitted = {scoring: fit_certainty(joined(runs)) for scoring, runs in scored["background"].items()}
    for scoring, certainty in fitted.items():
        print(scoring, certainty)
    rows = [
        row
        for name, by_scoring in scored.items()
        for scoring, runs in by_scoring.items()
        for row in rows_of(f"{name} runs", scoring, runs, fitted[scoring])
    ]
    write_table(arguments.out / "certainty.csv", ["runs", "scoring", "measure", "value", "low", "high"], rows)
    drawn = {scoring: judged(joined(runs), fitted[scoring]) for scoring, runs in scored["official"].items()}
    save_figure(certainty_figure(drawn), arguments.out / "certainty.png")


def scores_of(path: Path, folder: Path) -> dict[str, list[Scored]]:
    """The scores of each run, by the scoring; kept in a file."""
    kept = folder / f"{path.stem}.npz"
    if not kept.exists():
        runs, model = read_runs(path), checkpoint.load("omniglot")
        found: dict[str, list] = {name: [] for name in (*SCORINGS, "blank")}
        for examples, queries, _ in zip(*runs, strict=True):
            shown, asked = (
                [Picture.from_array(image, polarity="light") for image in images] for images in (examples, queries)
            )
            for scoring in SCORINGS:
                found[scoring].append(class_scores(model, shown, asked, scoring=scoring).numpy())
            found["blank"].append(blank_scores(rasters_of(model, asked)).numpy())
            print(f"{path.stem}: {len(found['blank'])}/{len(runs.answers)}", flush=True)
        with atomic_write(kept) as file:
            np.savez(file, answers=runs.answers, **{name: np.stack(each) for name, each in found.items()})
    with np.load(kept) as arrays:
        return {
            scoring: [
                Scored(*map(torch.from_numpy, run))
                for run in zip(arrays[scoring], arrays["blank"], arrays["answers"], strict=True)
            ]
            for scoring in SCORINGS
        }


def joined(runs: list[Scored]) -> Scored:
    return Scored(*(torch.cat(part) for part in zip(*runs, strict=True)))


def rows_of(name: str, scoring: str, runs: list[Scored], certainty: Certainty) -> list[tuple]:
    """Each figure with the 95 % interval over resampled runs."""
    rng = np.random.default_rng(0)
    again = [rng.integers(0, len(runs), len(runs)) for _ in range(RESAMPLES)]
    figures = np.array([held(joined([runs[i] for i in index]), certainty, NONE_BELOW) for index in again])
    intervals = np.percentile(figures, INTERVAL, axis=0).T
    values = held(joined(runs), certainty, NONE_BELOW)
    return [
        (name, scoring, measure, value, *interval)
        for measure, value, interval in zip(Held._fields, values, intervals.tolist(), strict=True)
    ]


def judged(scored: Scored, certainty: Certainty) -> Judged:
    sure, said = class_probabilities(scored.scores, certainty).max(-1)
    bins = reliability(sure.numpy(), (said == scored.answers).numpy())
    there, absent = (
        known_probability(scores, scored.blank, certainty).numpy()
        for scores in (scored.scores, without_their_class(scored))
    )
    return Judged(*bins, there, absent)


if __name__ == "__main__":
    main()
