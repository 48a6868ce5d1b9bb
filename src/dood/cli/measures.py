"""The verbs that measure models: evaluate, transfer, clusters, probe, quality, drawers and spreads."""

import json as to_json
from dataclasses import asdict
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Annotated, Any

from dood.cli.console import complain, console, say
from dood.cli.options import Choice, File, Flag, Folder, Model, Models, Sets, Table, whole
from dood.cli.source import constant_of, defaults_of
from dood.cli.verbs import verb

if TYPE_CHECKING:
    from dood.evaluation.transfer import Cell

__all__ = ["clusters", "drawers", "evaluate", "probe", "quality", "spreads", "transfer"]

SETS: list[str] = list(constant_of("dood.evaluation.published:SETS"))
Strokes = Annotated[int, whole(50)]
STROKES: int = defaults_of("dood.evaluation.clusters:clusters")["strokes"]
WITH_CLASSES = ["mnist", "emnist", "kmnist", "quickdraw"]
"""Those of the paper's sets whose classes are the same in training and test."""
PARSING = ["omniglot"]
"""Models that parse what drawers drew, unless others are named."""


@verb("dood.evaluation.evaluate:evaluate")
def evaluate(*, data: Choice, model: Model = "all", json: Flag = False, **options: Any) -> None:
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
        json: Print one JSON object on stdout.
    """
    from dood.evaluation import evaluate as measures

    with console.progress("evaluating") as progress:
        found = measures.evaluate(model, data, progress=progress, **options)
    if found.note:
        complain(found.note)
    if json:
        return say(to_json.dumps(asdict(found)))
    bound, mse = margin(found.stderr, 1), margin(found.mse_stderr, 5)
    say(
        f"{model} on {found.images} test images of {data}",
        f"  bound    {found.bound:10.1f}{bound}  nats an image, {options['samples']} particles (higher is better)",
        f"  mse      {found.mse:10.5f}{mse}  mean squared pixel error",
        f"  mae      {found.mae:10.5f}  mean absolute pixel error",
        f"  strokes  {found.strokes:10.2f}  mean number of strokes",
        f"  seconds  {found.seconds:10.1f}",
    )


@verb("dood.evaluation.transfer:transfer")
def transfer(
    *,
    models: Models = SETS,
    targets: Sets = SETS,
    table: Table,
    report: Flag = False,
    json: Flag = False,
    **options: Any,
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
        report: Write FILE.md, and the paper's Figure 4 as PNG and SVG.
        json: Print the cells as JSON lines on stdout.
    """
    from dood.evaluation import transfer as measures

    with console.progress("measuring") as progress:
        cells = measures.transfer(models, targets, table, progress=progress, **options)
    say(*(to_json.dumps(asdict(cell)) if json else _as_line(cell) for cell in cells))
    if report:
        from dood.evaluation.transfer_report import write_report

        for path in write_report(cells, models, table):
            console.note(f"wrote {path}")


@verb("dood.evaluation.clusters:clusters")
def clusters(*, models: Models, out: Folder, strokes: Strokes = STROKES, **options: Any) -> None:
    """Group the strokes that models use.

    Clusters the strokes that each model finds in its own training images:
    silhouettes as CSV, maps as PNG.

    examples:
      dood clusters --models mnist omniglot --out clusters
      dood clusters --models runs/air --out clusters/air --strokes 2000 --seeds 1

    Arguments:
        strokes: Strokes to cluster.
    """
    from dood.evaluation import clusters as measures

    scores = measures.clusters(models, out, strokes=strokes, **options)
    for about in dict.fromkeys(score[:3] for score in scores):
        for k in measures.KS:
            values = [score.silhouette for score in scores if (*score[:3], score.k) == (*about, k)]
            say(f"{', '.join(about):36} k={k:<3} silhouette {fmean(values):.3f} ± {pstdev(values):.3f}")


@verb("dood.evaluation.probe:probe")
def probe(*, models: Models, targets: Sets = WITH_CLASSES, table: Table, **options: Any) -> None:
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

    for row in measures.probe(models, targets, table, **options):
        say(f"{row.model} ({row.source}, seed {row.seed}) on {row.target:12} accuracy {row.accuracy:.4f}")


@verb("dood.evaluation.quality:quality")
def quality(*, models: Models, out: Folder, **options: Any) -> None:
    """Compare what models make up with real drawings.

    Compares samples of each model with the drawings that it was trained on:
    distances as CSV, and samples above the training images nearest to them as
    PNG.

    examples:
      dood quality --models mnist omniglot --out quality
      dood quality --models mnist --temperature 1.0 0.7 --samples 5000 --out quality

    Arguments:
        samples: Drawings of each kind.
    """
    from dood.evaluation import quality as measures

    for row in measures.quality(models, out, **options):
        name = f"{row.model} ({row.dataset}) at {row.temperature:g}"
        real = f"real {row.floor:9.3f}  test {row.unseen:9.3f}  redrawn {row.redrawn:9.3f}"
        spread = margin(row.ratio_std, 2)
        say(f"{name:28} {row.metric:28} {row.value:9.3f}  {real}  ratio {row.ratio:6.2f}{spread}")


@verb("dood.evaluation.drawers:agreement_with_drawers")
def drawers(*, models: Models = PARSING, out: Folder, **options: Any) -> None:
    """Compare strokes with those of several drawers.

    Compares how dood and models parse a picture of each Omniglot character with
    how all its drawers drew theirs, and how far the drawers agree: drawers.csv
    and drawers.png.

    examples:
      dood drawers --out drawers
      dood drawers --models omniglot all --limit 40 --out drawers

    Arguments:
        limit: So many characters only, evenly spaced.
    """
    from dood.evaluation.drawers import agreement_with_drawers

    with console.progress("characters") as progress:
        rows = agreement_with_drawers(models, out, progress=progress, **options)
    for method in dict.fromkeys(row.method for row in rows):
        of = {row.measure: row for row in rows if row.method == method and row.with_ == "others"}
        whole = of["parse"]
        parts = "  ".join(f"{name} {of[name].value:.2f}" for name in ("grouping", "order", "direction"))
        interval = f"({whole.relative_low:.2f} to {whole.relative_high:.2f})"
        say(f"{method:20} parse {whole.value:.2f}  {parts}  relative to drawers {whole.relative:.2f} {interval}")


@verb("dood.tasks.spreads:learn_spreads")
def spreads(pairs: File, /, *, out: File, **options: Any) -> None:
    """Learn how far drawings of one thing differ.

    Learns from pairs of drawings of one character how far they differ in place,
    size, aspect, shear, angle and pen, for `dood exemplars`.

    examples:
      dood spreads background.npz --out spreads.json
      dood exemplars letter.png --spreads spreads.json

    Arguments:
        pairs: train_images, test_images and answers of runs, as scripts/make_oneshot_runs.py makes them.
        out: The spreads, as JSON.
    """
    from dood.tasks.spreads import learn_spreads, save_spreads

    with console.progress("pairs") as progress:
        learned = learn_spreads(pairs, progress=progress, **options)
    save_spreads(learned, out)
    say(*(f"{name:8}{value:.3f}" for name, value in learned._asdict().items()))


def _as_line(cell: "Cell") -> str:
    name = f"{cell.model} ({cell.source}, seed {cell.seed}) on {cell.target}, {cell.variant}"
    figures = f"mse {cell.mse:.5f}  mae {cell.mae:.5f}  strokes {cell.strokes:.2f}"
    return f"{name:64} bound {cell.bound:8.1f}{margin(cell.stderr, 1)}  {figures}"


def margin(stderr: float | None, digits: int) -> str:
    """The standard error over images, where there is one."""
    return "" if stderr is None else f" ± {stderr:.{digits}f}"
