"""`dood draw`: pictures to strokes; `dood demo`: the bundled samples, drawn."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from dood.cli.app import UsageError
from dood.cli.console import Console
from dood.cli.options import Count, Flag, Formats, Frame, Out, Picture, Polarity, Quiet, Seed, Whole
from dood.cli.source import defaults, defaults_of

__all__ = ["demo", "draw"]

TRACING, CANVAS = "dood.tracing.trace:Options", "dood.tasks.canvas:draw_pictures"
LINES = Parameter(group=Group("Tracing", sort_key=1))
MODEL = Parameter(group=Group("Reading with --model", sort_key=2))

DOUBTFUL = 0.05
"""Share of ink missed, or of line where there is none, from which a person should look twice."""


@defaults("dood.tasks.draw:draw_files", TRACING, CANVAS, format="formats")
def draw(
    pictures: Annotated[list[Picture], Parameter(negative="")],
    /,
    *,
    out: Out = Path(),
    format: Formats,
    force: Flag,
    polarity: Polarity,
    simplify: Annotated[float, Parameter(validator=Number(gte=0.001, lte=1e6), metavar="PENS"), LINES],
    min_length: Annotated[float, Parameter(validator=Number(gte=0, lte=1e6), metavar="PIXELS"), LINES],
    join: Annotated[bool, LINES],
    order: Annotated[Literal["person", "nearest", "given"], LINES],
    outline_fills: Annotated[bool, LINES],
    model: Annotated[str | None, Parameter(metavar="MODEL"), MODEL],
    strokes: Annotated[Count, MODEL],
    samples: Annotated[Count, MODEL],
    refine: Annotated[Whole, MODEL],
    keep_all: Annotated[Flag, MODEL] = False,
    frame: Annotated[Frame, MODEL],
    seed: Annotated[Seed, MODEL],
    batch: Annotated[Count, MODEL],
    quiet: Quiet = False,
) -> int:
    """Find the pen strokes of pictures.

    Finds the pen strokes that drew each picture, in order, and writes them as
    NAME.svg, NAME.json and so on. Each file written is listed on stdout.

    examples:
      dood draw scan.png
      dood draw scans/ more/*.png --out strokes --format svg,animated-svg,gif
      dood draw plan.png --order nearest --simplify 0.2   # for a plotter
      dood draw chalk.png --polarity light                # light lines on dark
      dood draw digit.png --model mnist                   # on a model's canvas

    Arguments:
        pictures: Image files, and folders of them.
        force: Write over files that dood did not write.
        simplify: How far curves may stray, in pen widths.
        min_length: Leave out strokes shorter than this.
        join: Let strokes go on through where lines meet.
        order: As a person draws, with the least travel, or as found.
        outline_fills: Draw around filled areas.
        model: Read on the one canvas of this model, as the paper does: shipped name, file or run folder.
        strokes: At most so many strokes.
        samples: Keep the best of so many tries.
        refine: Gradient steps after inference.
        keep_all: Keep strokes that bring no gain, too.
        batch: Pictures at a time.
    """
    from dood.tasks.draw import DrawnFile, draw_files

    traced = _given(TRACING, simplify=simplify, min_length=min_length, join=join, order=order, outline_fills=outline_fills)
    canvas = _given(
        CANVAS, strokes=strokes, samples=samples, refine=refine, prune=not keep_all, frame=frame, seed=seed
    )
    _check(model, traced, canvas)
    console = Console(quiet)

    def tell(drawn: DrawnFile) -> None:
        console.files(drawn.outputs)
        for line in doubts(drawn.drawing):
            console.warn(f"{drawn.source}: {line}")

    with console.progress("drawing") as progress:
        report = draw_files(
            pictures,
            out,
            formats=format,
            model=model,
            polarity=polarity,
            batch=batch,
            force=force,
            progress=progress,
            callback=tell,
            **traced,
            **canvas,
        )
    for source, reason in report.failed:
        console.warn(reason if str(source) in reason else f"{source}: {reason}")
    console.note(summary(report.drawn, len(report.failed)))
    return 1 if report.failed else 0


@defaults("dood.tasks.demo:demo")
def demo(*, out: Out = Path("out"), model: Annotated[str | None, Parameter(metavar="MODEL")], quiet: Quiet = False) -> None:
    """Draw the bundled samples.

    Draws the pictures that come with dood: the strokes of each, one contact
    sheet of all, and a page that shows them being drawn. Each file written is
    listed on stdout.

    examples:
      dood demo --out out

    Arguments:
        model: Read on the canvas of this model rather than trace.
    """
    from dood.tasks import demo as samples

    report = samples.demo(out, model=model)
    console = Console(quiet)
    console.files(report.outputs)
    console.note(f"look at {report.sheet}")


def _given(target: str, **options: Any) -> dict[str, Any]:
    """The options that are not as they are by default."""
    return {name: value for name, value in options.items() if value != defaults_of(target)[name]}


def _check(model: str | None, traced: dict[str, Any], canvas: dict[str, Any]) -> None:
    """Refuse options of the way that is not taken."""
    wrong = canvas if model is None else traced
    if wrong:
        name = next(iter(wrong))
        option = "--keep-all" if name == "prune" else f"--{name.replace('_', '-')}"
        remedy = "give a model too" if model is None else "leave --model out"
        raise UsageError(f"{option} is for drawing {'with' if model is None else 'without'} --model: {remedy}")


def doubts(drawing: Any) -> list[str]:
    """What a person should know of a drawing."""
    lines = list(drawing.notes)
    if (drawing.missed or 0) > DOUBTFUL:
        lines.append(f"{drawing.missed:.0%} of the ink is missed: a scan with more pixels or contrast may help")
    if (drawing.spurious or 0) > DOUBTFUL:
        lines.append(f"{drawing.spurious:.0%} of the line lies where there is no ink: try --polarity, or look at it")
    return lines


def summary(drawn: list[Any], failed: int) -> str:
    """One line on all pictures."""
    line = f"drew {len(drawn)} of {len(drawn) + failed} pictures"
    measured = [each.drawing for each in drawn if each.drawing.missed is not None]
    if not measured:
        return line
    strokes = sum(len(each.drawing.strokes) for each in drawn)
    missed, spurious = (sum(getattr(one, name) for one in measured) / len(measured) for name in ("missed", "spurious"))
    return f"{line}: {strokes} strokes, {missed:.1%} of the ink missed, {spurious:.1%} of the line without ink"
