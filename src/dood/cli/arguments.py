"""The pieces that the verbs build their options from."""

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from dood.errors import DoodError

__all__ = [
    "Parser",
    "UsageError",
    "Verbs",
    "add_output",
    "add_reading",
    "add_sampling",
    "add_verb",
    "names",
    "positive",
    "whole",
]


class UsageError(DoodError):
    """The command line itself cannot be understood: exit code 2."""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """One line an option, wherever the terminal is wide enough; the examples stay as they were written."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=34, width=min(shutil.get_terminal_size().columns, 110))


class Parser(argparse.ArgumentParser):
    """argparse without guessed abbreviations, and with errors of one line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=HelpFormatter, allow_abbrev=False, **settings)
        self._positionals.title = "arguments"

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(2)


Verbs = Any
"""What `add_subparsers` returns: argparse has no public name for it."""


def add_verb(
    verbs: Verbs, name: str, run: Callable[..., int] | None, summary: str, *, about: str = "", examples: str = ""
) -> Parser:
    """Add the verb `name`; `run(arguments, console)` carries it out and returns the exit code (None: actions do)."""
    description = about or f"{summary[0].upper()}{summary[1:]}."
    parser = verbs.add_parser(
        name, help=summary, description=description, epilog=f"examples:\n{examples.rstrip()}" if examples else None
    )
    if run is not None:
        parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors on stderr")
        parser.set_defaults(run=run)
    return parser


def add_output(parser: argparse.ArgumentParser) -> None:
    """The options --out and --format of verbs that write drawings."""
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help="folder to write to (default: this one)"
    )
    parser.add_argument(
        "--format",
        type=names,
        default=("svg", "json"),
        metavar="NAMES",
        help="of svg, json, gif, png, npz, animated-svg (default: svg,json)",
    )


def add_reading(parser: argparse.ArgumentParser, *, frame: str) -> None:
    """The options --model, --polarity and --frame of verbs that read one picture."""
    parser.add_argument("--model", default="all", help="shipped name, file or run folder (default: %(default)s)")
    parser.add_argument(
        "--polarity", choices=("auto", "dark", "light"), default="auto", help="which is ink (default: %(default)s)"
    )
    parser.add_argument("--frame", default=frame, help="how the canvas lies on the picture (default: %(default)s)")


def add_sampling(parser: argparse.ArgumentParser, *, count: int, of: str) -> None:
    """The options --count, --temperature and --seed of verbs that draw at random; `of` says what is counted."""
    parser.add_argument("--count", type=whole(1), default=count, metavar="N", help=f"{of} (default: %(default)s)")
    parser.add_argument(
        "--temperature", type=positive, default=1.0, metavar="T", help="below 1 less varied (default: %(default)s)"
    )
    parser.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of the samples (default: %(default)s)")


def whole(least: int) -> Callable[[str], int]:
    """A parser of whole numbers that are at least `least`."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
        return number

    return parse


def positive(text: str) -> float:
    """Parse a positive number."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return number


def amount(text: str) -> float:
    """Parse a number that is not negative."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 0")
    return number


def names(text: str) -> tuple[str, ...]:
    """Parse `svg,json`: names between commas, each once, in the order given."""
    found = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} names nothing: write names with commas between them")
    return found
