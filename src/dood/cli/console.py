"""What the command says while it works: all of it on stderr, so that stdout holds results only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Console", "Progress"]

Progress = Callable[[int, int], None]
"""Takes what is done so far and what there is to do, both counted in the same unit."""


class Console:
    """Notes, warnings and progress bars. `quiet` keeps the warnings only."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet

    def note(self, text: str) -> None:
        if not self.quiet:
            print(text, file=sys.stderr)

    def warn(self, text: str) -> None:
        print(f"dood: {text}", file=sys.stderr)

    @contextmanager
    def progress(self, label: str) -> Iterator[Progress | None]:
        """Show a bar while the block runs; yield what moves it, or None where nobody would see it."""
        if self.quiet or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console as Terminal
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        with Bar(*columns, console=Terminal(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
