"""The verbs that measure models: evaluate, transfer, clusters, probe, quality and spreads."""

import json as to_json
from dataclasses import asdict
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from dood.cli.console import Console, say
from dood.cli.options import Count, Device, Flag, Model, Models, Names, Positive, Quiet, Seed, Table, Whole, whole_from
from dood.cli.source import constant_of, defaults

if TYPE_CHECKING:
    from dood.evaluation.transfer import Cell

__all__ = ["clusters", "evaluate", "probe", "quality", "spreads", "transfer"]

SETS = constant_of("dood.evaluation.published:SETS")
WITH_CLASSES = ["mnist", "emnist", "kmnist", "quickdraw"]
"""Those of the paper's sets whose classes are the same in training and test."""


@defaults("dood.evaluation.evaluate:evaluate", fit="fit_steps")
def evaluate(
    *,
    model: Model = "all",
    data: Annotated[str, Parameter(metavar="NAME")],
    samples: Count,
    limit: Count | None,
    strokes: Count | None,
    fit: Whole,
    resolution: Count | None,
    batch: Count,
    seed: Seed,
    device: Device,
    json: Flag = False,
    quiet: Quiet = False,
) -> None:
    """Measure a model on a test set.

    Measures how well a model explains and redraws the test images of a data
    set; ± is the standard error over images.

    examples:
      dood evaluate --data mnist
      dood evaluate --model runs/omniglot --data omniglot --limit 1000
      dood evaluate --model mnist:joint-prior --data kmnist --json > kmnist.json

    Arguments:
        data: Data set or file; see `dood data list`.
        samples: Particles of the bound (K of the paper).
        limit: So many test images only, evenly spaced.
        strokes: At most so many strokes; the model's own number by default.
        fit: Gradient steps that fit the posterior to each image; 0 is the paper's protocol.
        resolution: Side of the images; as in training by default.
        batch: Images at a time.
        json: Print one JSON object on stdout.
    """
    from dood.evaluation import evaluate as measures

    console = Console(quiet)
    with console.progress("evaluating") as progress:
        found = measures.evaluate(
            model,
            data,
            samples=samples,
            limit=limit,
            strokes=strokes,
            resolution=resolution,
            fit_steps=fit,
            seed=seed,
            batch=batch,
            device=device,
            progress=progress,
        )
    if found.note:
        console.warn(found.note)
    if json:
        say(to_json.dumps(asdict(found)))
        return
    say(f"{model} on {found.images} test images of {data}")
    bound, mse = margin(found.stderr, 1), margin(found.mse_stderr, 5)
    say(f"  bound    {found.bound:10.1f}{bound}  nats an image, {samples} particles (higher is better)")
    say(f"  mse      {found.mse:10.5f}{mse}  mean squared pixel error")
    say(f"  mae      {found.mae:10.5f}  mean absolute pixel error")
    say(f"  strokes  {found.strokes:10.2f}  mean number of strokes")
    say(f"  seconds  {found.seconds:10.1f}")


@defaults("dood.evaluation.transfer:transfer", fit="fit_steps")
def transfer(
    *,
    models: Models = list(SETS),  # noqa: B006 (never changed)
    data: Names = list(SETS),  # noqa: B006
    out: Table,
    samples: Count,
    limit: Count | None,
    fit: Whole,
    strokes: Count | None,
    device: Device,
    report: Flag = False,
    json: Flag = False,
    quiet: Quiet = False,
) -> None:
    """Measure models on data sets they were not trained on.

    Measures every model on every test set, and keeps the cells in a table, which
    grows: run it again to go on.

    examples:
      dood transfer --out transfer.csv --limit 1000 --report
      dood transfer --models mnist runs/air --data kmnist quickdraw --out two.csv
      dood transfer --out transfer.csv --limit 1000 --fit 200

    Arguments:
        samples: Particles of the bound (K of the paper).
        limit: So many test images of a set only, evenly spaced.
        fit: Gradient steps that fit the posterior to each image; 0 is the paper's protocol.
        strokes: At most so many strokes; the models' own number by default.
        report: Write FILE.md, and the paper's Figure 4 as PNG and SVG.
        json: Print the cells as JSON lines on stdout.
    """
    from dood.evaluation import transfer as measures

    console = Console(quiet)
    with console.progress("measuring") as progress:
        cells = measures.transfer(
            models,
            data,
            out,
            samples=samples,
            limit=limit,
            fit_steps=fit,
            strokes=strokes,
            device=device,
            progress=progress,
        )
    for cell in cells:
        say(to_json.dumps(asdict(cell)) if json else _as_line(cell))
    if report:
        from dood.evaluation.transfer_report import write_report

        for path in write_report(cells, models, out):
            console.note(f"wrote {path}")


@defaults("dood.evaluation.clusters:clusters")
def clusters(
    *,
    models: Models,
    out: Annotated[Path, Parameter(metavar="DIR")],
    strokes: Annotated[int, whole_from(50)],
    seeds: Count,
    quiet: Quiet = False,
) -> None:
    """Group the strokes that models use.

    Clusters the strokes that each model finds in its own training images:
    silhouettes as CSV, maps as PNG.

    examples:
      dood clusters --models mnist omniglot --out clusters
      dood clusters --models runs/air --out clusters/air --strokes 2000 --seeds 1

    Arguments:
        out: Folder of the table and the maps.
        strokes: Strokes to cluster.
        seeds: Starts of k-means.
    """
    from dood.evaluation import clusters as measures

    scores = measures.clusters(models, out, strokes=strokes, seeds=seeds)
    for about in dict.fromkeys(score[:3] for score in scores):
        for k in measures.KS:
            values = [score.silhouette for score in scores if (*score[:3], score.k) == (*about, k)]
            say(f"{', '.join(about):36} k={k:<3} silhouette {fmean(values):.3f} ± {pstdev(values):.3f}")


@defaults("dood.evaluation.probe:probe")
def probe(
    *,
    models: Models,
    data: Names = WITH_CLASSES,
    out: Table,
    limit: Annotated[int, whole_from(10)],
    quiet: Quiet = False,
) -> None:
    """Classify drawings by their strokes.

    Fits a linear classifier to the latents of training images, and measures it
    on test images.

    examples:
      dood probe --models mnist --out probe.csv
      dood probe --models mnist runs/air --data kmnist --out probe.csv

    Arguments:
        limit: Training images.
    """
    from dood.evaluation import probe as measures

    for row in measures.probe(models, data, out, limit=limit):
        say(f"{row.model} ({row.source}, seed {row.seed}) on {row.target:12} accuracy {row.accuracy:.4f}")


@defaults("dood.evaluation.quality:quality", temperature="temperatures")
def quality(
    *,
    models: Models,
    out: Annotated[Path, Parameter(metavar="DIR")],
    temperature: Annotated[tuple[Positive, ...], Parameter(consume_multiple=(1, None), negative="", metavar="T")],
    samples: Annotated[int, whole_from(10)],
    seed: Seed,
    repeats: Count,
    quiet: Quiet = False,
) -> None:
    """Compare what models make up with real drawings.

    Compares samples of each model with the drawings that it was trained on:
    distances as CSV, and samples above the training images nearest to them as
    PNG.

    examples:
      dood quality --models mnist omniglot --out quality
      dood quality --models mnist --temperature 1.0 0.7 --samples 5000 --out quality

    Arguments:
        out: Folder of the table and the pictures.
        temperature: Of the samples; several are compared one after another.
        samples: Drawings of each kind.
        repeats: Means over so many seeds, that one and those after it.
    """
    from dood.evaluation import quality as measures

    for row in measures.quality(models, out, temperatures=temperature, samples=samples, seed=seed, repeats=repeats):
        name = f"{row.model} ({row.dataset}) at {row.temperature:g}"
        real = f"real {row.floor:9.3f}  test {row.unseen:9.3f}"
        say(f"{name:28} {row.metric:28} {row.value:9.3f}  {real}  ratio {row.ratio:6.2f}")


@defaults("dood.tasks.spreads:learn_spreads")
def spreads(
    pairs: Annotated[Path, Parameter(metavar="FILE.npz")],
    /,
    *,
    out: Annotated[Path, Parameter(metavar="FILE.json")],
    model: Model,
    quiet: Quiet = False,
) -> None:
    """Learn how far drawings of one thing differ.

    Learns from pairs of drawings of one character how far they differ in place,
    size, aspect, shear, angle and pen, for `dood exemplars`.

    examples:
      dood spreads background.npz --out spreads.json
      dood exemplars letter.png --spreads spreads.json

    Arguments:
        pairs: train_images, test_images and answers of runs, as scripts/make_oneshot_runs.py makes them.
        out: The spreads.
    """
    from dood.tasks.spreads import learn_spreads, save_spreads

    with Console(quiet).progress("pairs") as progress:
        learned = learn_spreads(pairs, model=model, progress=progress)
    save_spreads(learned, out)
    for name, value in learned._asdict().items():
        say(f"{name:8}{value:.3f}")


def _as_line(cell: "Cell") -> str:
    name = f"{cell.model} ({cell.source}, seed {cell.seed}) on {cell.target}, {cell.variant}"
    figures = f"mse {cell.mse:.5f}  mae {cell.mae:.5f}  strokes {cell.strokes:.2f}"
    return f"{name:64} bound {cell.bound:8.1f}{margin(cell.stderr, 1)}  {figures}"


def margin(stderr: float | None, digits: int) -> str:
    """The standard error over images, where there is one."""
    return "" if stderr is None else f" ± {stderr:.{digits}f}"
