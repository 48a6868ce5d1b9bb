"""The command `dood`: verbs are typed functions, and load what they need only when they run."""

import os
import sys
from collections.abc import Sequence

from dood.cli.console import complain, discard_stdout, flush, prepare_streams
from dood.cli.front import HELP, UsageError, show_front_page
from dood.errors import TORCH, DoodError, lacks_torch

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (the process's own when None); return the exit code."""
    prepare_streams()
    tokens = list(sys.argv[1:] if argv is None else argv)
    try:
        try:
            return _run(tokens)
        finally:
            flush()
    except UsageError as error:
        complain(str(error))
        return 2
    except BrokenPipeError:
        # The reader has left (`dood data list | head -1`): end quietly, as other filters do.
        discard_stdout()
        return 128 + 13
    except KeyboardInterrupt:
        if "TORCHELASTIC_RUN_ID" not in os.environ:  # one of several processes: whoever started them says so
            complain("interrupted")
        return 130
    except Exception as error:
        if os.environ.get("DOOD_DEBUG", "") not in ("", "0"):
            raise
        verb = " ".join(["dood", *[token for token in tokens if not token.startswith("-")][:1]])
        complain(f"{verb} needs torch: {TORCH}" if lacks_torch(error) else explain(error))
        return 1


def _run(tokens: list[str]) -> int:
    if not set(tokens) - HELP:
        return show_front_page(asked=bool(tokens))
    from dood.cli.app import run

    return run(tokens)


def explain(error: Exception) -> str:
    """One line for a person."""
    if isinstance(error, DoodError):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    what = " ".join(str(error).split())
    return f"unexpected {type(error).__name__}: {what} (DOOD_DEBUG=1 shows where; please report it)"
