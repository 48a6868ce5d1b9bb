"""`dood runs`: training runs, listed and compared."""

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dood.cli.arguments import Verbs, add_verb
from dood.cli.console import Console

if TYPE_CHECKING:
    from dood.runs.runs import Run

__all__ = ["add", "run"]

EXAMPLES = """\
  dood runs
  dood runs runs/mnist runs/omniglot --sort mse
  dood runs --page runs.html                     # curves, settings and pictures of all runs in runs/
  dood runs experiments --json | jq '.[0].bound'
"""
ORDERS = "bound, mse, mae, strokes, seconds, steps, name, data, seed"


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "runs",
        run,
        "list and compare training runs",
        about="List training runs by how well they do on held-out images, and compare them on a page.",
        examples=EXAMPLES,
    )
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        default=[Path("runs")],
        metavar="DIR",
        help="a run, or a folder of runs (default: runs)",
    )
    parser.add_argument("--sort", default="bound", metavar="BY", help=f"{ORDERS} (default: %(default)s)")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write a page that compares them (default: none)")
    parser.add_argument("--json", action="store_true", help="print one JSON list on stdout, an object a run")


def run(arguments: Namespace, console: Console) -> int:
    """List the runs; write the page."""
    from dood.runs.runs import find_runs, in_order

    runs = in_order(find_runs(arguments.folders), arguments.sort)
    if arguments.page:
        write_page(runs, arguments.page)
        console.note(f"wrote {arguments.page}")
    if arguments.json:
        print(json.dumps([one.summary() for one in runs]))
    else:
        print("\n".join(table(runs)))
        tell(runs, console)
    return 0


def table(runs: Sequence["Run"]) -> list[str]:
    """Lines of a header and of a run each; `!` at the end marks one with warnings."""
    from dood.runs.runs import COLUMNS, shown

    rows = [["name", *COLUMNS, ""]]
    for one in runs:
        summary = one.summary()
        rows.append([one.name, *(shown(summary, name) for name in COLUMNS), "!" if one.warnings else ""])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_set(cells, widths)).rstrip() for cells in rows]


def tell(runs: Sequence["Run"], console: Console) -> None:
    """Say what the marks stand for, and whether the runs can be compared at all."""
    from dood.runs.runs import incomparable

    for one in runs:
        for text in one.warnings[-1:]:
            more = f" (and {len(one.warnings) - 1} before)" if len(one.warnings) > 1 else ""
            console.note(f"! {one.name}, {text}{more}")
    if names := incomparable(runs):
        console.note(f"not all of these measure the same: they differ in {', '.join(names)}")


def write_page(runs: Sequence["Run"], path: Path) -> None:
    """Write the page that compares the runs."""
    from dood.files import atomic_write
    from dood.runs.comparison import comparison_page

    with atomic_write(path) as file:
        file.write(comparison_page(runs).encode())


def _set(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Text to the left (name and data), numbers to the right."""
    return [
        cell.ljust(width) if column < 2 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
