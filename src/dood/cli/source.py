"""What the library's source says of it: a help page imports no torch to know a default."""

import ast
import functools
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import dood

__all__ = ["constant_of", "defaults_of", "summary_of"]


@functools.cache
def defaults_of(target: str) -> dict[str, Any]:
    """Defaults of the function, the dataclass or the dictionary `module:name`, by name.

    Those that only running the code would tell are left out.
    """
    module, _, name = target.partition(":")
    node = next((node for node in _body(module) if getattr(node, "name", None) == name), None)
    pairs: list[tuple[str, ast.expr | None]] = []
    if isinstance(node, ast.FunctionDef):
        plain, last = [each.arg for each in node.args.args], len(node.args.defaults)
        pairs += zip(plain[len(plain) - last :], node.args.defaults, strict=True)
        pairs += zip([each.arg for each in node.args.kwonlyargs], node.args.kw_defaults, strict=True)
    elif isinstance(node, ast.ClassDef):
        pairs += [(ast.unparse(each.target), each.value) for each in node.body if isinstance(each, ast.AnnAssign)]
    else:
        return constant_of(target)
    found = {}
    for parameter, default in pairs:
        with suppress(LookupError, ValueError):
            found |= {parameter: _value(default, module)} if default else {}
    return found


def constant_of(target: str) -> Any:
    """The value of the constant `module:NAME`, made of literals and other such constants."""
    module, _, name = target.partition(":")
    for node in _body(module):
        if isinstance(node, ast.ImportFrom) and name in [alias.name for alias in node.names]:
            return constant_of(f"{node.module}:{name}")
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name and node.value:
            return _value(node.value, module)
        if isinstance(node, ast.Assign):
            one, value = node.targets[0], node.value
            pairs = [(one, value)]
            if isinstance(one, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(one.elts, value.elts, strict=True))
            for key, expression in pairs:
                if ast.unparse(key) == name:
                    return _value(expression, module)
    raise LookupError(f"{module} has no constant {name}")


def summary_of(target: str) -> str:
    """The first line of the docstring of the function `module:name`."""
    module, _, name = target.partition(":")
    # A pattern, as parsing the modules of all verbs takes longer than all else that a list of them needs.
    text = _path(module).read_text(encoding="utf-8")
    found = re.search(rf'^def {name}\(.*?^    """(.*?)$', text, re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


@functools.cache
def _body(module: str) -> list[ast.stmt]:
    return ast.parse(_path(module).read_text(encoding="utf-8")).body


def _path(module: str) -> Path:
    path = Path(dood.__file__).parent.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _value(node: ast.expr, module: str) -> Any:
    if isinstance(node, ast.Name):
        return constant_of(f"{module}:{node.id}")
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {ast.literal_eval(key): _value(value, module) for key, value in pairs if key}
    return ast.literal_eval(node)
