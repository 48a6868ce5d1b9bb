"""Change functions that are there already, where tests have been collected once and are run many times in forks."""

import gc
import inspect
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from types import CodeType, FunctionType
from typing import Any

__all__ = ["NotInFunctions", "caches_in", "functions_in", "patch"]


class NotInFunctions(Exception):
    """A change of what runs when the module is imported: constants, defaults, tables. It needs another import."""


def functions_in(folder: str) -> list[FunctionType]:
    """All functions that there are whose code is from a file in the folder."""
    return [
        one for one in gc.get_objects() if type(one) is FunctionType and one.__code__.co_filename.startswith(folder)
    ]


def caches_in(folder: str) -> list[Any]:
    """All cached functions of files in the folder: what they remember is of the code as it was."""
    cached = [one for one in gc.get_objects() if type(one) is _lru_cache_wrapper]
    codes = [(one, getattr(inspect.unwrap(one), "__code__", None)) for one in cached]  # others cache built-in functions
    return [one for one, code in codes if code is not None and code.co_filename.startswith(folder)]


def patch(functions: list[FunctionType], file: str, whole: str, changed: str) -> None:
    """Give every one of the functions that is of a file the code that it has in a changed text of it.

    Wrappers that check types stay as they are: they call the function, whose code is another then.

    Raises:
        NotInFunctions: more than the code of functions is changed, or such a function is not there.
    """
    before, after = compile(whole, file, "exec"), compile(changed, file, "exec")
    found = [one for one in functions if one.__code__.co_filename == file]
    for old, new in _changed(before, after):
        its = [one for one in found if _alike(one.__code__, old)]
        if not its:
            raise NotInFunctions
        for one in its:
            one.__code__ = new


def _changed(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The outermost functions whose code differs, in the body of a module or of a class."""
    if _bare(before) != _bare(after):
        raise NotInFunctions
    for old, new in zip(_inner(before), _inner(after), strict=True):
        if _same(old, new):
            continue
        if old.co_flags & FUNCTION:
            yield old, new
        else:
            yield from _changed(old, new)


FUNCTION = 0x2
"""Of `co_flags`: locals are fast, so this is no body of a class."""


def _inner(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


def _bare(code: CodeType) -> tuple[object, ...]:
    """What a body does by itself, but for the functions in it."""
    return code.co_code, code.co_names, [repr(const) for const in code.co_consts if not isinstance(const, CodeType)]


def _same(one: CodeType, other: CodeType) -> bool:
    inner = zip(_inner(one), _inner(other), strict=False)
    return _bare(one) == _bare(other) and all(_same(a, b) for a, b in inner)


def _alike(one: CodeType, other: CodeType) -> bool:
    return one.co_qualname == other.co_qualname and one.co_freevars == other.co_freevars and _same(one, other)
