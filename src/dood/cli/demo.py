"""`dood demo`: the bundled samples, drawn."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb
from dood.cli.console import Console

__all__ = ["add", "run"]


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "demo",
        run,
        "draw the bundled samples with the bundled weights",
        about="Draw the bundled samples with the bundled weights: strokes of each, and one contact sheet of all.\n"
        "The path of each file written is printed on stdout, one a line.",
        examples="  dood demo --out out",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="folder to write to (default: %(default)s)"
    )


def run(arguments: Namespace, console: Console) -> int:
    """Draw the samples."""
    from dood.tasks.demo import demo

    report = demo(arguments.out)
    for output in report.outputs:
        print(output)
    console.note(f"look at {report.sheet}")
    return 0
