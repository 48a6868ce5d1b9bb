"""`dood draw`: pictures to strokes."""

from argparse import BooleanOptionalAction, Namespace
from pathlib import Path
from typing import Any

from dood.cli.arguments import Verbs, add_output, add_verb, amount, positive, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood draw scan.png
  dood draw scans/ more/*.png --out strokes --format svg,animated-svg,gif
  dood draw plan.png --order nearest --simplify 0.2   # for a plotter: little travel, fewer points
  dood draw chalk.png --polarity light                # light lines on dark
  dood draw digit.png --model mnist                   # on the canvas of a model, as the paper reads images
"""

TRACING = ("simplify", "min_length", "join", "order", "outline_fills")
CANVAS = ("strokes", "samples", "refine", "seed", "frame", "prune")

DOUBTFUL = 0.05
"""Share of ink missed, or of line where there is none, from which a person should look twice."""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "draw",
        run,
        "find the pen strokes of pictures",
        about="Find the pen strokes that drew each picture, in order, and write them as NAME.svg, NAME.json, ...\n"
        "The path of each file written is printed on stdout, one a line.",
        examples=EXAMPLES,
    )
    parser.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE", help="image file, or a folder of them")
    add_output(parser)
    parser.add_argument("--force", action="store_true", help="write over files that dood did not write")
    parser.add_argument(
        "--polarity", choices=("auto", "dark", "light"), default="auto", help="which is ink (default: %(default)s)"
    )
    parser.add_argument("--simplify", type=positive, metavar="PENS", help="how far curves may stray (default: 0.08)")
    parser.add_argument("--min-length", type=amount, metavar="PIXELS", help="leave out shorter strokes (default: 0)")
    parser.add_argument("--join", action=BooleanOptionalAction, help="go on where lines meet (default: yes)")
    parser.add_argument("--order", help="person, nearest or given (default: person)")
    fills = {"dest": "outline_fills", "default": None}
    parser.add_argument("--outline-fills", action="store_true", help="draw around fills (default: yes)", **fills)
    parser.add_argument("--no-outline-fills", action="store_false", help="draw fills' middles (default: no)", **fills)
    parser.add_argument("--model", metavar="NAME", help="read on the canvas of a model (default: none)")
    canvas = parser.add_argument_group("with --model")
    canvas.add_argument("--strokes", type=whole(1), metavar="N", help="at most N strokes (default: 15)")
    canvas.add_argument("--samples", type=whole(1), metavar="N", help="keep the best of N tries (default: 1)")
    canvas.add_argument("--refine", type=whole(0), metavar="N", help="gradient steps after inference (default: 40)")
    canvas.add_argument(
        "--keep-all", dest="prune", action="store_false", default=None, help="keep strokes that bring no gain, too"
    )
    canvas.add_argument("--frame", help="auto, ink or image (default: auto)")
    canvas.add_argument("--seed", type=whole(0), metavar="N", help="of the tries (default: 0)")
    canvas.add_argument(
        "--batch", type=whole(1), default=64, metavar="N", help="pictures at a time (default: %(default)s)"
    )


def run(arguments: Namespace, console: Console) -> int:
    """Draw; fail when any of the pictures did."""
    from dood.tasks.draw import DrawnFile, draw_files

    def tell(drawn: DrawnFile) -> None:
        for output in drawn.outputs:
            print(output)
        for line in doubts(drawn.drawing):
            console.warn(f"{drawn.source}: {line}")

    with console.progress("drawing") as progress:
        report = draw_files(
            arguments.pictures,
            arguments.out,
            formats=arguments.format,
            model=arguments.model,
            polarity=arguments.polarity,
            batch=arguments.batch,
            force=arguments.force,
            progress=progress,
            callback=tell,
            **given(arguments),
        )
    for source, reason in report.failed:
        console.warn(reason if str(source) in reason else f"{source}: {reason}")
    console.note(summary(report.drawn, len(report.failed)))
    return 1 if report.failed else 0


def given(arguments: Namespace) -> dict[str, Any]:
    """The options that were given; the library knows the others."""
    return {name: value for name in (*TRACING, *CANVAS) if (value := getattr(arguments, name)) is not None}


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
