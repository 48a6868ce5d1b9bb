"""Fit the certainty of `dood classify` on background runs, and measure it on others: results/certainty.csv and .png.

The accuracy of the others, run by run, is results/oneshot-tracing.csv: what `dood classify --runs` would say.

python scripts/make_oneshot_runs.py background.npz --seed 1
python scripts/make_certainty.py background.npz omniglot_oneshot.npz

It prints the numbers for `dood.concepts.certainty.CERTAINTIES`. Scores are kept beside the table's folder, in --scores,
and not computed again. Nothing else was chosen on the runs of seed 1; the others are scored once.
"""

import argparse
import time
from pathlib import Path
from typing import Any

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
from dood.tasks.oneshot import SCORINGS, Run, all_scores, read_runs
from dood.tasks.reading import rasters_of

RESAMPLES, INTERVAL = 1000, (2.5, 97.5)
MODEL, SECONDS = "omniglot", "{} seconds"


def main() -> None:
    """Fit, print, measure, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("background", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--scores", type=Path, default=Path("scores"))
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    make_folder(arguments.out)
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
    seconds = {scoring: seconds_of(arguments.scores / f"{arguments.runs.stem}.npz", scoring) for scoring in SCORINGS}
    table = [
        Run("dood", MODEL, scoring, i + 1, accuracy(run), seconds[scoring][i])
        for scoring, runs in scored["official"].items()
        for i, run in enumerate(runs)
    ]
    write_table(arguments.out / "oneshot-tracing.csv", Run._fields, table)
    drawn = {scoring: judged(joined(runs), fitted[scoring]) for scoring, runs in scored["official"].items()}
    save_figure(certainty_figure(drawn), arguments.out / "certainty.png")


def scores_of(path: Path, folder: Path) -> dict[str, list[Scored]]:
    """The scores of each run, by the scoring; kept in a file, which is gone on with where it was stopped."""
    kept, runs = folder / f"{path.stem}.npz", read_runs(path)
    found: dict[str, list] = {name: [] for name in (*SCORINGS, *map(SECONDS.format, SCORINGS), "blank")}
    if kept.exists():
        with np.load(kept) as arrays:
            found = {name: list(arrays[name]) for name in found}
    model = checkpoint.load(MODEL)
    for i in range(len(found["blank"]), len(runs.answers)):
        shown, asked = (
            [Picture.from_array(image, polarity="light") for image in images[i]]
            for images in (runs.train_images, runs.test_images)
        )
        began = time.process_time()
        for scoring, scores in all_scores(model, shown, asked):
            found[scoring].append(scores.numpy())
            found[SECONDS.format(scoring)].append(time.process_time() - began)
        found["blank"].append(blank_scores(rasters_of(model, asked)).numpy())
        with atomic_write(kept) as file:
            arrays: dict[str, Any] = {name: np.stack(each) for name, each in found.items()}
            np.savez(file, **arrays)
        print(f"{path.stem}: {i + 1}/{len(runs.answers)}", flush=True)
    answers = torch.from_numpy(runs.answers)
    return {
        scoring: [
            Scored(torch.from_numpy(scores), torch.from_numpy(blank), right)
            for scores, blank, right in zip(found[scoring], found["blank"], answers, strict=True)
        ]
        for scoring in SCORINGS
    }


def seconds_of(kept: Path, scoring: str) -> list[float]:
    """Of processor time, by run."""
    with np.load(kept) as arrays:
        return arrays[SECONDS.format(scoring)].tolist()


def accuracy(run: Scored) -> float:
    return float((run.scores.argmax(-1) == run.answers).double().mean())


def joined(runs: list[Scored]) -> Scored:
    return Scored(*(torch.cat(part) for part in zip(*runs, strict=True)))


def rows_of(name: str, scoring: str, runs: list[Scored], certainty: Certainty) -> list[tuple]:
    """Each figure with the 95 % interval over resampled runs."""
    rng = np.random.default_rng(0)
    again = [rng.integers(0, len(runs), len(runs)) for _ in range(RESAMPLES)]
    figures = np.array([held(joined([runs[i] for i in index]), certainty) for index in again])
    intervals = np.percentile(figures, INTERVAL, axis=0).T
    values = held(joined(runs), certainty)
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
