"""`dood draw`: pictures to strokes; `dood demo`: the bundled samples, drawn."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dood.cli.console import complain, console, say
from dood.cli.front import UsageError
from dood.cli.options import HERE, Folder
from dood.cli.source import defaults_of
from dood.cli.verbs import verb

__all__ = ["demo", "draw"]

DRAW, TRACING, CANVAS = "dood.tasks.draw:draw_files", "dood.tracing.trace:Options", "dood.tasks.canvas:draw_pictures"
DOUBTFUL = 0.05
"""Share of ink missed, or of line where there is none, from which a person should look twice."""


@verb(DRAW, TRACING, CANVAS, groups={TRACING: "Tracing", CANVAS: "Reading with --model"})
def draw(picture: Path, /, *pictures: Path, out: Folder = HERE, **options: Any) -> int:
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
        picture: Image file, or a folder of them.
        pictures: More of them.
        model: Read on the one canvas of this model, as the paper does; dood traces by default.
        strokes: At most so many strokes.
    """
    from dood.tasks.draw import DrawnFile, draw_files

    measured = Measured()

    def tell(drawn: DrawnFile) -> None:
        measured.add(drawn.drawing)
        say(*drawn.outputs)
        for line in doubts(drawn.drawing):
            complain(f"{drawn.source}: {line}")

    chosen = _chosen(options)
    with console.progress("drawing") as progress:
        report = draw_files([picture, *pictures], out, progress=progress, callback=tell, **chosen)
    for source, reason in report.failed:
        complain(reason if str(source) in reason else f"{source}: {reason}")
    console.note(summary(len(report.drawn), len(report.failed), measured))
    return 1 if report.failed else 0


@verb("dood.tasks.demo:demo")
def demo(*, out: Folder = Path("out"), **options: Any) -> None:
    """Draw the bundled samples.

    Draws the pictures that come with dood: the strokes of each, one contact
    sheet of all, and a page that shows them being drawn. Each file written is
    listed on stdout.

    examples:
      dood demo --out out

    Arguments:
        model: Read on the canvas of this model; dood traces by default.
    """
    from dood.tasks import demo as samples

    report = samples.demo(out, **options)
    say(*report.outputs)
    console.note(f"look at {report.sheet}")


def _chosen(options: dict[str, Any]) -> dict[str, Any]:
    """The options without those of the way that is not taken, which are refused unless they are as by default."""
    target, without, remedy = (
        (CANVAS, "with", "give a model too") if options["model"] is None else (TRACING, "without", "leave --model out")
    )
    common = defaults_of(DRAW)
    for name, default in defaults_of(target).items():
        if name not in common and options.pop(name, default) != default:
            option = "--keep-all" if name == "prune" else f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} is for drawing {without} --model: {remedy}")
    return options


def doubts(drawing: Any) -> list[str]:
    """What a person should know of a drawing."""
    lines = list(drawing.notes)
    if not drawing.strokes:
        lines.append("no strokes were found: try --polarity, or a smaller --min-length where that is given")
    if (drawing.missed or 0) > DOUBTFUL:
        lines.append(f"{drawing.missed:.0%} of the ink is missed: a scan with more pixels or contrast may help")
    if (drawing.spurious or 0) > DOUBTFUL:
        lines.append(f"{drawing.spurious:.0%} of the line lies where there is no ink: try --polarity, or look at it")
    return lines


@dataclass
class Measured:
    """Sums over drawings: how many were measured, their strokes, and what was missed and invented of each."""

    drawings: int = 0
    strokes: int = 0
    missed: float = 0.0
    spurious: float = 0.0

    def add(self, drawing: Any) -> None:
        self.strokes += len(drawing.strokes)
        if drawing.missed is not None:
            self.drawings += 1
            self.missed += drawing.missed
            self.spurious += drawing.spurious


def summary(drawn: int, failed: int, measured: Measured) -> str:
    """One line on all pictures."""
    line = f"drew {drawn} of {drawn + failed} pictures"
    if not measured.drawings:
        return line
    missed, spurious = measured.missed / measured.drawings, measured.spurious / measured.drawings
    return f"{line}: {measured.strokes} strokes, {missed:.1%} of the ink missed, {spurious:.1%} of the line without ink"
