"""`dood benchmark pens`: the strokes of any program beside those that people drew."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from dood.cli.app import UsageError
from dood.cli.console import say
from dood.cli.options import Count, Flag, NameList, Positive, Quiet
from dood.cli.source import defaults

if TYPE_CHECKING:
    from dood.evaluation.pens import Row

__all__ = ["benchmark"]

SHOWN = ("f1", "iou", "count", "ari", "tau", "direction", "ldtw", "junctions", "width_error", "seconds")


@defaults("dood.evaluation.pens:benchmark_pens", "dood.evaluation.pen_pictures:Look", data="sets", out="table")
def benchmark(
    of: Literal["pens"],
    source: Annotated[str | None, Parameter(metavar="SOURCE")] = None,
    /,
    *,
    data: NameList,
    pictures: Annotated[Path | None, Parameter(metavar="DIR")] = None,
    model: Annotated[str | None, Parameter(metavar="MODEL")] = None,
    out: Annotated[Path | None, Parameter(metavar="FILE.csv")],
    limit: Count,
    scale: Positive,
    pen: Positive,
    noise: Annotated[float, Parameter(validator=Number(gte=0, lte=1000), metavar="X")],
    no_baseline: Flag = False,
    quiet: Quiet = False,
) -> None:
    """Compare strokes with those that people drew.

    Compares strokes, those of `dood draw` or of any program that writes SVG, with
    pen paths of people: where they lie, how they are grouped, ordered and
    directed. A baseline, the tidy skeleton, stands beside.

    examples:
      dood benchmark pens dood --data kanjivg,unipen_words
      dood benchmark pens dood --model omniglot --data omniglot --out omniglot.csv
      dood benchmark pens --pictures drawings --data quickdraw
      dood benchmark pens svgs --data quickdraw   # svgs/quickdraw/00012.svg, ...

    Arguments:
        of: What is compared.
        source: dood, tidy, or a folder of SVGs.
        data: Names of pen sets, with commas between them.
        pictures: Write the pictures into this folder instead, for a program to draw.
        model: dood reads on this model's one canvas; it traces by default.
        out: A table with 95 % intervals.
        limit: Drawings a set.
        scale: Pixels to one of the canvas.
        pen: Times the set's own pen.
        noise: Its deviation, 1 is ink to paper.
        no_baseline: Without the tidy skeleton.
    """
    from dood.evaluation import pens
    from dood.evaluation.pen_pictures import Look

    look = Look(scale, pen, noise)
    if pictures is not None:
        written = pens.write_pictures(pictures, data, look=look, limit=limit)
        if not quiet:
            say(f"wrote {len(written)} pictures into {pictures}")
        return
    if source is None or (model and source != "dood"):
        raise UsageError("benchmark pens needs a SOURCE: dood (with --model or without), tidy, or a folder of SVGs")
    rows = pens.benchmark_pens(
        pens.dood_finder(model) if model else source,
        data,
        name=f"dood ({model})" if model else None,
        look=look,
        limit=limit,
        baseline=not no_baseline,
        table=out,
    )
    _tell(rows)


def _tell(rows: "list[Row]") -> None:
    lines: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        lines.setdefault((row.set, row.method), {})[row.measure] = row
    for (of, method), figures in lines.items():
        text = "  ".join(f"{measure} {figures[measure].value:.2f}" for measure in SHOWN if measure in figures)
        say(f"{of:15} {method:12} {text}")
