"""Overrides of a nested frozen dataclass from text: `--set model.strokes=8`."""

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from cyclopts import CoercionError, convert

from dood.cli.front import UsageError
from dood.errors import DoodError

__all__ = ["assignments", "override"]

Config = TypeVar("Config")
KINDS = {int: "a whole number", float: "a number", bool: "true or false"}


def assignments(texts: Sequence[str]) -> dict[str, str]:
    """Split `KEY=VALUE` texts; a later one wins.

    Raises:
        UsageError: a text has no `=`, or nothing before it.
    """
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"--set {text}: write it as FIELD=VALUE, for instance --set model.strokes=8")
        found[key.strip()] = value.strip()
    return found


def override(config: Config, changes: Mapping[str, str], prefix: str = "") -> Config:
    """A copy of the dataclass `config` in which each dotted field of `changes` has the value its text stands for.

    Raises:
        UsageError: no such field, a text that is no value of the field's type, or one that the dataclass refuses.
    """
    kinds = get_type_hints(type(config))
    values: dict[str, Any] = {}
    inner: dict[str, dict[str, str]] = {}
    for key, text in changes.items():
        name, dot, rest = key.partition(".")
        _check_field(name, list(kinds), prefix)
        nested = dataclasses.is_dataclass(kinds[name])
        if dot and nested:
            inner.setdefault(name, {})[rest] = text
        elif dot or nested:
            instead = "has fields of its own: set those" if nested else f"is a single value: it has no field {rest!r}"
            raise UsageError(f"{prefix}{name} {instead}")
        else:
            values[name] = _value(text, kinds[name], f"{prefix}{name}")
    values |= {name: override(getattr(config, name), some, f"{prefix}{name}.") for name, some in inner.items()}
    replace: Any = dataclasses.replace
    try:
        return replace(config, **values)
    except DoodError as error:
        raise UsageError(str(error)) from error


def _check_field(name: str, fields: list[str], prefix: str) -> None:
    if name not in fields:
        close = difflib.get_close_matches(name, fields, n=1)
        meant = f"did you mean {prefix}{close[0]}?" if close else f"there are: {', '.join(fields)}"
        raise UsageError(f"there is no field {prefix}{name}; {meant}")


def _value(text: str, kind: Any, field: str) -> Any:
    try:
        if kind is int:
            return int(text)
        return convert(kind, [part.strip() for part in text.strip("()").split(",")])
    except (CoercionError, ValueError):
        raise UsageError(f"{field} takes {_describe(kind)}, not {text!r}") from None


def _describe(kind: Any) -> str:
    parts = get_args(kind)
    if get_origin(kind) is Literal:
        return f"one of {', '.join(parts)}"
    return KINDS.get(kind, "a text") if not parts else f"{len(parts)} values with commas between them"
