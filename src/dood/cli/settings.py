"""Overrides of a nested frozen dataclass from text: `--set model.strokes=8`."""

import dataclasses
import difflib
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from dood.cli.arguments import UsageError
from dood.errors import DoodError

__all__ = ["assignments", "override"]

Config = TypeVar("Config")
_SWITCH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_KINDS = {int: "a whole number", float: "a number", bool: "true or false", type(None): "none"}


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


def override(config: Config, changes: Mapping[str, str]) -> Config:
    """A copy of the dataclass `config` in which each dotted field of `changes` has the value its text stands for.

    Raises:
        UsageError: no such field, a text that is no value of the field's type, or one that the dataclass refuses.
    """
    return _override(config, changes, prefix="")


def _override(config: Any, changes: Mapping[str, str], prefix: str) -> Any:
    kinds = get_type_hints(type(config))
    values: dict[str, Any] = {}
    inner: dict[str, dict[str, str]] = {}
    for key, text in changes.items():
        name, dot, rest = key.partition(".")
        _check_field(config, name, prefix)
        if dot:
            inner.setdefault(name, {})[rest] = text
        else:
            values[name] = _value(text, kinds[name], f"{prefix}{name}")
    for name, nested in inner.items():
        child = values.get(name, getattr(config, name))
        if not dataclasses.is_dataclass(child):
            raise UsageError(f"{prefix}{name} is a single value: it has no field {next(iter(nested))!r}")
        values[name] = _override(child, nested, f"{prefix}{name}.")
    try:
        return dataclasses.replace(config, **values)
    except DoodError as error:
        raise UsageError(str(error)) from error


def _check_field(config: Any, name: str, prefix: str) -> None:
    fields = [field.name for field in dataclasses.fields(config) if field.init]
    if name in fields:
        return
    close = difflib.get_close_matches(name, fields, n=1)
    meant = f"did you mean {prefix}{close[0]}?" if close else f"there are: {', '.join(fields)}"
    raise UsageError(f"there is no field {prefix}{name}; {meant}")


def _value(text: str, kind: Any, field: str) -> Any:
    try:
        return _parse(text, kind)
    except ValueError:
        raise UsageError(f"{field} takes {_describe(kind)}, not {text!r}") from None


def _parse(text: str, kind: Any) -> Any:
    """The value of type `kind` that `text` stands for; ValueError when there is none."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _parse_any(text, parts)
    if origin is Literal:
        return {str(choice): choice for choice in parts}[text] if text in map(str, parts) else _refuse(text)
    if origin is tuple:
        return _parse_tuple(text, parts)
    if kind is bool:
        return _SWITCH[text.lower()] if text.lower() in _SWITCH else _refuse(text)
    if kind is type(None):
        return None if text.lower() == "none" else _refuse(text)
    if kind in (int, float, str, Path):
        return kind(text)
    return _refuse(text)


def _parse_any(text: str, kinds: Sequence[Any]) -> Any:
    # str takes anything, None included, so it is asked last.
    for kind in sorted(kinds, key=lambda kind: kind in (str, Path)):
        try:
            return _parse(text, kind)
        except ValueError:
            continue
    return _refuse(text)


def _parse_tuple(text: str, kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    items = [item.strip() for item in text.strip("()").split(",") if item.strip()]
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = kinds[:1] * len(items)
    if len(items) != len(kinds):
        _refuse(text)
    return tuple(_parse(item, kind) for item, kind in zip(items, kinds, strict=True))


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _describe(kind: Any) -> str:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return " or ".join(_describe(part) for part in parts)
    if origin is Literal:
        return f"one of {', '.join(map(str, parts))}"
    if origin is tuple and parts[1:] == (Ellipsis,):
        return f"values like {_describe(parts[0])} with commas between them"
    if origin is tuple:
        return f"{len(parts)} values with commas between them"
    if dataclasses.is_dataclass(kind):
        return "no value of its own (set its fields)"
    return _KINDS.get(kind, "a text")
