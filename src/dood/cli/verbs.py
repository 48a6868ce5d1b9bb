"""Verbs: typed functions that offer the parameters of the library's functions as options."""

import functools
import inspect
import re
from collections.abc import Callable
from typing import Annotated, Any

from cyclopts import Group, Parameter

from dood.cli.console import console
from dood.cli.options import OPTIONS
from dood.cli.source import defaults_of

__all__ = ["verb"]

Verb = Callable[..., int | None]
QUIET = Annotated[
    bool, Parameter(("--quiet", "-q"), negative="", show_default=False, help="Say nothing but errors on stderr.")
]


def verb(*targets: str, groups: dict[str, str] | None = None) -> Callable[[Verb], Verb]:
    """Give a function that takes `**options` the parameters of the library's functions as options, and --quiet.

    What a parameter may be `OPTIONS` says, and its default the library. Those that are not in `OPTIONS`, and those that
    the verb has itself, are left out. The verb's docstring may describe an option otherwise than `OPTIONS` does.

    Arguments:
        targets: functions and dataclasses, as `module:name`; the first that has a parameter says its default.
        groups: titles under which help lists the parameters of some targets.
    """

    def decorate(function: Verb) -> Verb:
        text = function.__doc__ or ""
        own = [
            each.replace(annotation=_described(each.name, each.annotation, text))
            for each in inspect.signature(function).parameters.values()
            if each.kind is not each.VAR_KEYWORD
        ]
        offered: dict[str, inspect.Parameter] = {}
        for order, target in enumerate(targets):
            title = (groups or {}).get(target)
            group = Group(title, sort_key=order) if title else None
            for name, default in defaults_of(target).items():
                if name in OPTIONS and name not in {*offered, *(each.name for each in own)}:
                    offered[name] = _option(name, default, group, text)
        given = {name: each.default for name, each in offered.items()}
        quiet = inspect.Parameter("quiet", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=QUIET)

        @functools.wraps(function)
        def filled(*arguments: Any, quiet: bool = False, **options: Any) -> int | None:
            console.quiet = quiet
            return function(*arguments, **given | options)

        parameters = sorted([*own, *offered.values(), quiet], key=lambda each: each.kind)
        filled.__dict__["__signature__"] = inspect.Signature(parameters)
        filled.__annotations__ = {each.name: each.annotation for each in parameters}
        return filled

    return decorate


def _option(name: str, default: Any, group: Group | None, text: str) -> inspect.Parameter:
    kind = OPTIONS[name][0] | None if default is None else OPTIONS[name][0]
    annotation = _described(name, Annotated[kind, Parameter(group=group)] if group else kind, text)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _described(name: str, kind: Any, text: str) -> Any:
    """The type with what `OPTIONS` says of it, unless the docstring says something else."""
    if name not in OPTIONS or re.search(rf"^ +{name}: ", text, re.MULTILINE):
        return kind
    return Annotated[kind, Parameter(help=OPTIONS[name][1])]
