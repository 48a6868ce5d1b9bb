"""`dood benchmark pens`: the strokes of any program beside those that people drew."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from dood.cli.arguments import UsageError, Verbs, add_verb, amount, names, positive, whole
from dood.cli.console import Console

if TYPE_CHECKING:
    from dood.evaluation.pen_pictures import Look
    from dood.evaluation.pens import Row

__all__ = ["add", "run"]

EXAMPLES = """\
  dood benchmark pens dood --data kanjivg,unipen_words
  dood benchmark pens dood --model omniglot --data omniglot --out omniglot.csv
  dood benchmark pens --pictures drawings --data quickdraw    # to draw into svgs/quickdraw/00012.svg and so on
  dood benchmark pens svgs --data quickdraw
"""

SHOWN = ("f1", "iou", "count", "ari", "tau", "direction", "ldtw", "junctions", "width_error", "seconds")


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "benchmark",
        run,
        "compare the strokes of any program with those that people drew",
        about="Compare strokes, those of `dood draw` or of any program that writes SVG, with pen paths of people:\n"
        "where they lie, how they are grouped, ordered and directed. A baseline, the tidy skeleton, stands beside.",
        examples=EXAMPLES,
    )
    parser.add_argument("of", choices=["pens"], metavar="pens", help="what is compared")
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="dood, tidy, or a folder of SVGs")
    parser.add_argument("--data", type=names, metavar="SETS", help="names of pen sets (default: seven)")
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help="write the pictures instead, for a program to draw"
    )
    parser.add_argument("--model", metavar="M", help="dood reads on this model's one canvas (default: it traces)")
    parser.add_argument("--out", type=Path, metavar="FILE.csv", help="a table with 95 %% intervals (default: none)")
    parser.add_argument(
        "--limit", type=whole(1), default=100, metavar="N", help="drawings a set (default: %(default)s)"
    )
    parser.add_argument(
        "--scale", type=positive, default=1.0, metavar="X", help="pixels to one of the canvas (default: 1)"
    )
    parser.add_argument("--pen", type=positive, default=1.0, metavar="X", help="times the set's own pen (default: 1)")
    parser.add_argument(
        "--noise", type=amount, default=0.0, metavar="S", help="deviation, 1 is ink to paper (default: 0)"
    )
    parser.add_argument("--no-baseline", action="store_true", help="without the tidy skeleton")


def run(arguments: Namespace, console: Console) -> int:
    """Write the pictures, or compare and print a line a method and set."""
    from dood.evaluation.pen_pictures import Look
    from dood.evaluation.pens import SETS

    look = Look(arguments.scale, arguments.pen, arguments.noise)
    sets = arguments.data or SETS
    if arguments.pictures is None:
        return _compare(arguments, sets, look)
    from dood.evaluation.pens import write_pictures

    paths = write_pictures(arguments.pictures, sets, look=look, limit=arguments.limit)
    if not arguments.quiet:
        print(f"wrote {len(paths)} pictures into {arguments.pictures}")
    return 0


def _compare(arguments: Namespace, sets: tuple[str, ...], look: "Look") -> int:
    from dood.evaluation.pens import benchmark_pens, dood_finder

    if arguments.source is None or (arguments.model and arguments.source != "dood"):
        raise UsageError("benchmark pens needs a SOURCE: dood (with --model or without), tidy, or a folder of SVGs")
    rows = benchmark_pens(
        dood_finder(arguments.model) if arguments.model else arguments.source,
        sets,
        name=f"dood ({arguments.model})" if arguments.model else None,
        look=look,
        limit=arguments.limit,
        baseline=not arguments.no_baseline,
        table=arguments.out,
    )
    lines: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        lines.setdefault((row.set, row.method), {})[row.measure] = row
    for (of, method), figures in lines.items():
        text = "  ".join(f"{measure} {figures[measure].value:.2f}" for measure in SHOWN if measure in figures)
        print(f"{of:15} {method:12} {text}")
    return 0
