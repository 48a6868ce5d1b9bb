"""The command `dood`: one module a verb, each of which loads what it needs only when it runs."""

import os
import sys
from collections.abc import Sequence

from dood import __version__
from dood.cli import (
    benchmark,
    classify,
    clusters,
    complete,
    data,
    demo,
    draw,
    evaluate,
    exemplars,
    generate,
    models,
    parse,
    probe,
    quality,
    refit,
    runs,
    spreads,
    train,
    train_pen,
    transfer,
)
from dood.cli.arguments import Parser, UsageError
from dood.cli.console import Console
from dood.errors import DoodError

__all__ = ["main"]

EXAMPLES = """\
examples:
  dood draw scan.png                                # writes scan.svg and scan.json
  dood draw scans/ --out strokes --format svg,gif
  dood parse shards/ --out strokes --processes 8    # millions of images; run again to go on
  dood evaluate --model mnist --data omniglot
  dood train --data mnist --out runs/mnist --preset quick

exit codes: 0 done, 1 something failed, 2 wrong usage, 130 interrupted. DOOD_DEBUG=1 shows tracebacks.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (the process's own when None); return the exit code."""
    try:
        try:
            arguments = build_parser().parse_args(argv)
            return arguments.run(arguments, Console(arguments.quiet))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    except KeyboardInterrupt:
        print("dood: interrupted", file=sys.stderr)
        return 130
    except Exception as error:
        if os.environ.get("DOOD_DEBUG", "") not in ("", "0"):
            raise
        print(f"dood: {explain(error)}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1


def build_parser() -> Parser:
    """The whole command line, without running any of it."""
    parser = Parser(prog="dood", description="Raster drawing in, ordered pen strokes out.", epilog=EXAMPLES)
    parser.add_argument("--version", action="version", version=f"dood {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    for verb in (
        draw,
        demo,
        parse,
        generate,
        complete,
        exemplars,
        spreads,
        classify,
        models,
        evaluate,
        transfer,
        clusters,
        probe,
        benchmark,
        quality,
        train,
        train_pen,
        refit,
        runs,
        data,
    ):
        verb.add(verbs)
    return parser


def explain(error: Exception) -> str:
    """One line for a person."""
    if isinstance(error, DoodError):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    what = " ".join(str(error).split())
    return f"unexpected {type(error).__name__}: {what} (DOOD_DEBUG=1 shows where; please report it)"


def _reader_gone() -> int:
    """Leave quietly, as other filters do, when the reader of stdout has (`dood data list | head -1`)."""
    # The interpreter flushes stdout once more at its end, and would complain of the same broken pipe.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + 13
