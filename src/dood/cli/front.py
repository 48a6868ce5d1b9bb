"""The verbs, and the page that lists them, which is ready before a library for command lines could be imported."""

import sys
from collections.abc import Iterable

from dood.cli.console import say
from dood.cli.source import summary_of
from dood.errors import DoodError

__all__ = ["DATA", "DATA_VERBS", "HELP", "OPTIONS", "RESEARCH_VERBS", "VERBS", "UsageError", "show_front_page"]

VERBS = {
    "draw": "draw:draw",
    "demo": "draw:demo",
    "studio": "studio:studio",
    "generate": "variations:generate",
    "complete": "variations:complete",
    "exemplars": "variations:exemplars",
    "invent": "variations:invent",
    "classify": "classify:classify",
}
RESEARCH_VERBS: dict[str, str | None] = {
    "train": "train:train",
    "evaluate": "measures:evaluate",
    "transfer": "measures:transfer",
    "refit": "train:refit",
    "train-pen": "train:train_pen",
    "parse": "parse:parse",
    "data": None,
    "runs": "runs:runs",
    "models": "data:models",
    "clusters": "measures:clusters",
    "probe": "measures:probe",
    "benchmark": "benchmark:benchmark",
    "quality": "measures:quality",
    "drawers": "measures:drawers",
    "spreads": "measures:spreads",
}
"""`data` has verbs of its own."""

DATA_VERBS = {"list": "data:list_all", "fetch": "data:fetch", "show": "data:show"}
DATA = "List, fetch or show data sets."

HELP = {"--help", "-h"}
OPTIONS = {
    "--help, -h": "Display this message and exit.",
    "--install-completion": "Let your shell (bash, zsh, fish) complete verbs and options.",
    "--version": "Display application version.",
}

ABOUT = """Raster drawing in, ordered pen strokes out.

examples:
  dood draw scan.png               # writes scan.svg and scan.json
  dood draw scans/ --out strokes --format svg,gif
  dood generate --model omniglot --out letters
  dood VERB --help                 # what a verb does, with examples"""
CODES = """Exit codes: 0 done, 1 something failed, 2 wrong usage, 130 interrupted.
DOOD_DEBUG=1 shows tracebacks. --install-completion completes words in your shell."""


class UsageError(DoodError):
    """The command line cannot be understood: exit code 2."""


def show_front_page(*, asked: bool) -> int:
    """Print what there is to do, on stderr if nobody has `asked`; return the exit code."""
    if asked:
        say(*front_page().splitlines())
        return 0
    print(front_page(), file=sys.stderr)
    return 2


def front_page() -> str:
    """What `dood --help` prints."""
    drawings, research = (
        ((name, summary_of(f"dood.cli.{place}") if place else DATA) for name, place in verbs.items())
        for verbs in (VERBS, RESEARCH_VERBS)
    )
    parts = {"Drawings": drawings, "Research": research, "Options": OPTIONS.items()}
    lists = (f"{title}:\n{_aligned(entries)}" for title, entries in parts.items())
    return "\n\n".join(["Usage: dood COMMAND", ABOUT, *lists, CODES])


def _aligned(entries: Iterable[tuple[str, str]]) -> str:
    rows = list(entries)
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name:{width}}  {text}" for name, text in rows)
