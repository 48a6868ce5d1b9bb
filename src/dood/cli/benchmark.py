"""`dood benchmark pens`: the strokes of any program beside those that people drew."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from dood.cli.console import console, say
from dood.cli.front import UsageError
from dood.cli.options import Choice, Flag, Folder, Model, Names
from dood.cli.source import constant_of
from dood.cli.verbs import verb

if TYPE_CHECKING:
    from dood.evaluation.pens import Row

__all__ = ["benchmark"]

SETS: tuple[str, ...] = constant_of("dood.evaluation.pens:SETS")
SHOWN = ("f1", "iou", "count", "ari", "tau", "direction", "ldtw", "junctions", "width_error", "seconds")


@verb("dood.evaluation.pens:benchmark_pens", "dood.evaluation.pen_pictures:Look")
def benchmark(
    of: Literal["pens"],
    source: Choice | None = None,
    /,
    *,
    sets: Annotated[Names, Parameter("--data")] = SETS,
    pictures: Folder | None = None,
    model: Model | None = None,
    no_baseline: Flag = False,
    **options: Any,
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
        source: The word dood, the word tidy, or a folder of SVGs.
        sets: Names of pen sets, with commas between them.
        pictures: Write the pictures into this folder instead, for a program to draw.
        model: Canvas on which dood reads; it traces by default.
        table: A table with 95 % intervals.
        no_baseline: Without the tidy skeleton.
        limit: Drawings a set.
    """
    from dood.evaluation import pens
    from dood.evaluation.pen_pictures import Look

    options["look"] = Look(*(options.pop(name) for name in ("scale", "pen", "noise")))
    if pictures is not None:
        shared = {name: options[name] for name in ("look", "limit", "data_dir")}
        written = pens.write_pictures(pictures, sets, **shared)
        return console.note(f"wrote {len(written)} pictures into {pictures}")
    if source is None or (model and source != "dood"):
        raise UsageError("benchmark pens needs a SOURCE: dood (with --model or without), tidy, or a folder of SVGs")
    options |= {"name": f"dood ({model})" if model else None, "baseline": not no_baseline}
    _tell(pens.benchmark_pens(pens.dood_finder(model) if model else source, sets, **options))


def _tell(rows: "list[Row]") -> None:
    lines: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        lines.setdefault((row.set, row.method), {})[row.measure] = row
    for (of, method), figures in lines.items():
        text = "  ".join(f"{measure} {figures[measure].value:.2f}" for measure in SHOWN if measure in figures)
        say(f"{of:15} {method:12} {text}")
