"""What functions say of themselves, read from their source: a help page imports no torch to know a default."""

import ast
import functools
import inspect
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import dood

__all__ = ["constant_of", "defaults", "defaults_of", "summary_of"]


def defaults(*targets: str, **renamed: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a verb's keyword-only parameters, where they have none, the defaults of the library's functions.

    Arguments:
        targets: as for `defaults_of`; the first one that has a name wins.
        renamed: what the library calls a parameter that the verb calls otherwise.
    """

    def decorate(verb: Callable[..., Any]) -> Callable[..., Any]:
        known: dict[str, Any] = {}
        for target in targets:
            known = defaults_of(target) | known
        given = inspect.signature(verb)
        found = {
            name: known[renamed.get(name, name)]
            for name, parameter in given.parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty
            if renamed.get(name, name) in known
        }

        @functools.wraps(verb)
        def filled(*arguments: Any, **options: Any) -> Any:
            return verb(*arguments, **found | options)

        filled.__dict__["__signature__"] = given.replace(
            parameters=[
                each.replace(default=found[name]) if name in found else each for name, each in given.parameters.items()
            ]
        )
        return filled

    return decorate


@functools.cache
def defaults_of(target: str) -> dict[str, Any]:
    """Defaults of the function, the dataclass or the dictionary `module:name`, by name."""
    module, _, name = target.partition(":")
    node = _definition(module, name)
    if isinstance(node, ast.FunctionDef):
        positional = node.args.posonlyargs + node.args.args
        pairs = list(zip(reversed(positional), reversed(node.args.defaults), strict=False))
        pairs += [(a, value) for a, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if value]
        return _values({argument.arg: value for argument, value in pairs}, module)
    if isinstance(node, ast.ClassDef):
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign) and one.value]
        return _values({one.target.id: one.value for one in fields if isinstance(one.target, ast.Name)}, module)
    return _constant(name, module)


def constant_of(target: str) -> Any:
    """The value of the constant `module:NAME`."""
    module, _, name = target.partition(":")
    return _constant(name, module)


def summary_of(target: str) -> str:
    """The first line of the docstring of the function `module:name`."""
    module, _, name = target.partition(":")
    # A pattern, as parsing the modules of all verbs takes longer than all else that a list of them needs.
    found = re.search(rf'^def {name}\(.*?^    """(.*?)$', _path(module).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


@functools.cache
def _body(module: str) -> list[ast.stmt]:
    return ast.parse(_path(module).read_text(encoding="utf-8")).body


def _path(module: str) -> Path:
    path = Path(dood.__file__).parent.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _definition(module: str, name: str) -> ast.stmt | None:
    return next((node for node in _body(module) if getattr(node, "name", None) == name), None)


def _values(nodes: dict[str, Any], module: str) -> dict[str, Any]:
    """What expressions stand for, but for those that only running the code would tell."""
    found = {}
    for name, node in nodes.items():
        with suppress(LookupError, ValueError):
            found[name] = _value(node, module)
    return found


def _value(node: ast.expr | None, module: str) -> Any:
    """What an expression of literals and constants stands for."""
    if isinstance(node, ast.Name):
        return _constant(node.id, module)
    if isinstance(node, ast.Dict):
        keys = [ast.literal_eval(key) for key in node.keys if key]
        return dict(zip(keys, (_value(value, module) for value in node.values), strict=True))
    return ast.literal_eval(node) if node else None


def _constant(name: str, module: str) -> Any:
    for node in _body(module):
        if isinstance(node, ast.ImportFrom) and node.module and name in [alias.name for alias in node.names]:
            return _constant(name, node.module)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            return _value(node.value, module)
        if isinstance(node, ast.Assign):
            found = dict(_assigned(node))
            if name in found:
                return _value(found[name], module)
    raise LookupError(f"{module} has no constant {name}")


def _assigned(node: ast.Assign) -> list[tuple[str, ast.expr]]:
    """Names and expressions of `name = ...` and of `one, two = ..., ...`."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=True))
    else:
        pairs = [(target, value)]
    return [(one.id, expression) for one, expression in pairs if isinstance(one, ast.Name)]
