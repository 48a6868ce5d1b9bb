"""What understands a command line, and runs a verb."""

import sys
from contextlib import redirect_stdout

from cyclopts import App, CycloptsError, Group, Parameter

from dood import __version__
from dood.cli.console import say
from dood.cli.front import DATA, DATA_VERBS, HELP, OPTIONS, RESEARCH_VERBS, VERBS, UsageError, show_front_page
from dood.cli.source import summary_of

__all__ = ["make_app", "run"]


def run(tokens: list[str]) -> int:
    """Carry out a command line; return the exit code.

    Raises:
        UsageError: it cannot be understood.
    """
    app = make_app(listing=tokens[:1] == ["data"] and not DATA_VERBS.keys() & set(tokens))
    if bad := [token for token in tokens if "\0" in token]:
        raise UsageError(f"{bad[0]!r} has a NUL character in it: no name can have one")
    chain = " ".join(["dood", *app.parse_commands(tokens)[0]])
    try:
        verb, bound, _ = app.parse_args(tokens, exit_on_error=False, print_error=False)
        if verb == app.help_print and chain == "dood":
            return show_front_page(asked=bool(HELP & set(tokens)))
        if verb == app.help_print and not HELP & set(tokens):
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
        listing: whether the summaries of the verbs of `data` are wanted. They stand in place of the verbs' own help
            then.
    """
    app = App(
        name="dood",
        help_format="plaintext",
        group_commands=Group("Options"),
        version=f"dood {__version__}",
        default_parameter=Parameter(show_env_var=False),
    )
    for name, place in (VERBS | RESEARCH_VERBS).items():
        if place:
            app.command(f"dood.cli.{place}", name=name)
    data = App(name="data", help=DATA, group_commands=Group("Actions"))
    app.command(data)
    for i, (name, place) in enumerate(DATA_VERBS.items()):
        path = f"dood.cli.{place}"
        data.command(path, name=name, help=summary_of(path) if listing else None, sort_key=i)
    completion = "--install-completion"
    app.command(f"{__name__}:install_completion", name=completion, help=OPTIONS[completion])
    return app


def install_completion() -> None:
    """Let the shell complete verbs and options; say which file says so now."""
    say(str(make_app().install_completion()))
