"""`dood runs`: training runs, listed and compared."""

import json as to_json
from pathlib import Path

from dood.cli.console import console, say
from dood.cli.options import Choice, File, Flag
from dood.cli.verbs import verb

__all__ = ["runs"]


@verb()
def runs(*folders: Path, sort: Choice = "bound", page: File | None = None, json: Flag = False) -> None:
    """List and compare training runs.

    Lists them by how well they do on held-out images, and compares them on a
    page: curves, settings that differ, pictures.

    examples:
      dood runs
      dood runs runs/mnist runs/omniglot --sort mse
      dood runs --page runs.html
      dood runs experiments --json | jq '.[0].bound'

    Arguments:
        folders: Runs, and folders of runs; runs by default.
        sort: By bound, mse, mae, strokes, seconds, steps, name, data or seed.
        page: Write a page that compares them.
        json: Print one JSON list on stdout, an object a run.
    """
    from dood.files import atomic_write
    from dood.runs.runs import find_runs, in_order, incomparable
    from dood.runs.table import table

    found = in_order(find_runs(folders or [Path("runs")]), sort)
    if page:
        from dood.runs.comparison import comparison_page

        with atomic_write(page) as file:
            file.write(comparison_page(found).encode())
        console.note(f"wrote {page}")
    if json:
        return say(to_json.dumps([one.summary() for one in found]))
    say(*table(found))
    for one in found:
        more = f" (and {len(one.warnings) - 1} before)" if len(one.warnings) > 1 else ""
        for text in one.warnings[-1:]:
            console.note(f"! {one.name}, {text}{more}")
    if names := incomparable(found):
        console.note(f"not all of these measure the same: they differ in {', '.join(names)}")
