"""The verbs, and what runs one of them."""

import sys
from contextlib import redirect_stdout

from cyclopts import App, CycloptsError, Group, Parameter

from dood import __version__
from dood.cli.console import say
from dood.cli.source import summary_of
from dood.errors import DoodError

__all__ = ["UsageError", "make_app", "run"]

DRAWINGS, RESEARCH, OPTIONS = (Group(name, sort_key=i) for i, name in enumerate(("Drawings", "Research", "Options")))

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
RESEARCH_VERBS = {
    "train": "train:train",
    "evaluate": "measures:evaluate",
    "transfer": "measures:transfer",
    "refit": "train:refit",
    "train-pen": "train:train_pen",
    "parse": "parse:parse",
    "runs": "runs:runs",
    "models": "data:models",
    "clusters": "measures:clusters",
    "probe": "measures:probe",
    "benchmark": "benchmark:benchmark",
    "quality": "measures:quality",
    "drawers": "measures:drawers",
    "spreads": "measures:spreads",
}
DATA_VERBS = {"list": "data:list_all", "fetch": "data:fetch", "show": "data:show"}

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


def run(tokens: list[str]) -> int:
    """Carry out a command line; return the exit code.

    Raises:
        UsageError: it cannot be understood.
    """
    app = make_app(listing=not {*VERBS, *RESEARCH_VERBS, *DATA_VERBS} & set(tokens[:2]))
    if bad := [token for token in tokens if "\0" in token]:
        raise UsageError(f"{bad[0]!r} has a NUL character in it: no name can have one")
    chain = " ".join(["dood", *app.parse_commands(tokens)[0]])
    try:
        verb, bound, _ = app.parse_args(tokens, exit_on_error=False, print_error=False)
        if verb == app.help_print and not {"--help", "-h"} & set(tokens):
            with redirect_stdout(sys.stderr):
                verb(*bound.args, **bound.kwargs)
            return 2
        return verb(*bound.args, **bound.kwargs) or 0
    except CycloptsError as error:
        text = str(error)
        said = text if text.endswith("...") else text.removesuffix(".")
        raise UsageError(f"{said.rstrip()} (see {chain} --help)") from error
    except UsageError as error:
        raise UsageError(f"{error} (see {chain} --help)") from error


def make_app(*, listing: bool = False) -> App:
    """The whole command line; no verb's module is imported before it is asked for.

    Arguments:
        listing: whether the verbs' summaries are wanted. They stand in place of the verbs' own help then.
    """
    app = App(
        name="dood",
        help=ABOUT,
        help_format="plaintext",
        help_epilogue=CODES if listing else None,
        group_commands=OPTIONS,
        version=f"dood {__version__}",
        default_parameter=Parameter(show_env_var=False),
    )
    _register(app, VERBS, listing, DRAWINGS)
    _register(app, RESEARCH_VERBS, listing, RESEARCH)
    data = App(name="data", help="List, fetch or show data sets.", help_epilogue="", group=RESEARCH, sort_key=6)
    app.command(data)
    _register(data, DATA_VERBS, listing, Group("Actions"))
    app.command(
        f"{__name__}:install_completion",
        name="--install-completion",
        help="Let your shell (bash, zsh, fish) complete verbs and options.",
        group=OPTIONS,
    )
    return app


def install_completion() -> None:
    """Let the shell complete verbs and options; say which file says so now."""
    say(str(make_app().install_completion()))


def _register(app: App, verbs: dict[str, str], listing: bool, group: Group) -> None:
    for i, (name, place) in enumerate(verbs.items()):
        path = f"dood.cli.{place}"
        app.command(path, name=name, help=summary_of(path) if listing else None, group=group, sort_key=i)
