"""What the command says: results on stdout, a line each; all else on stderr."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dood.errors import DoodError

__all__ = ["Console", "Progress", "complain", "console", "discard_stdout", "flush", "prepare_streams", "say"]

Progress = Callable[[int, int], None]
"""Takes what is done so far and what there is to do, both counted in the same unit."""

UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys instead of showing it, and what is no text at all (names that are not UTF-8)."""


class Console:
    """Notes and progress bars, unless it is `quiet`."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet

    def note(self, text: str) -> None:
        if not self.quiet:
            print(harmless(text), file=sys.stderr)

    @contextmanager
    def progress(self, label: str) -> Iterator[Progress | None]:
        """Show a bar while the block runs; yield what moves it, or None where nobody would see it."""
        if self.quiet or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console as Terminal
        from rich.markup import escape
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        with Bar(*columns, console=Terminal(stderr=True), transient=True) as bar:
            task = bar.add_task(escape(harmless(label)), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


console = Console()
"""Of this process."""


def say(*results: object) -> None:
    """Print results, one a line."""
    with _stdout():
        for each in results:
            print(harmless(str(each)))


def complain(text: str) -> None:
    """Say on stderr what is wrong."""
    print(f"dood: {harmless(text)}", file=sys.stderr)


def harmless(text: str) -> str:
    r"""The text on one line, with `\x1b` and the like in place of what a terminal would obey."""
    return UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def prepare_streams() -> None:
    """Let stdout and stderr take any text, and stand for those that the caller has closed (`>&-`)."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 (for as long as the process lasts)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Write what is left of the results."""
    with _stdout():
        sys.stdout.flush()


def discard_stdout() -> None:
    """Write no more to stdout: the interpreter flushes it once again at its end, and would complain of the same."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _stdout() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_stdout()
        raise DoodError(f"cannot write to standard output: {error.strerror}; files are written") from error
