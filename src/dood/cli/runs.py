"""`dood runs`: training runs, listed and compared."""

import json as to_json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from dood.cli.console import Console, say
from dood.cli.options import Flag, Quiet

if TYPE_CHECKING:
    from dood.runs.runs import Run

__all__ = ["runs"]


def runs(
    folders: Annotated[
        tuple[Path, ...], Parameter(metavar="DIR", negative="", show_default=lambda _: "runs")
    ] = (Path("runs"),),
    /,
    *,
    sort: Annotated[str, Parameter(metavar="BY")] = "bound",
    page: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    json: Flag = False,
    quiet: Quiet = False,
) -> None:
    """List and compare training runs.

    Lists them by how well they do on held-out images, and compares them on a
    page: curves, settings that differ, pictures.

    examples:
      dood runs
      dood runs runs/mnist runs/omniglot --sort mse
      dood runs --page runs.html
      dood runs experiments --json | jq '.[0].bound'

    Arguments:
        folders: Runs, and folders of runs.
        sort: bound, mse, mae, strokes, seconds, steps, name, data or seed.
        page: Write a page that compares them.
        json: Print one JSON list on stdout, an object a run.
    """
    from dood.runs.runs import find_runs, in_order

    console, found = Console(quiet), in_order(find_runs(folders), sort)
    if page:
        write_page(found, page)
        console.note(f"wrote {page}")
    if json:
        say(to_json.dumps([one.summary() for one in found]))
        return
    for line in table(found):
        say(line)
    tell(found, console)


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
