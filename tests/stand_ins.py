"""Stand-ins for what the library does, in tests of what calls it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest


@dataclass
class Call:
    """What a stand-in was called with."""

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return (self.kwargs or {})[name]


def standing_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Call]:
    """A function of a module, a name and a result: it replaces that function and checks calls by its signature."""

    def replace(module: str, name: str, result: Any) -> Call:
        signature = inspect.signature(getattr(import_module(module), name))
        call = Call()

        def function(*args: Any, **kwargs: Any) -> Any:
            signature.bind(*args, **kwargs)
            call.args, call.kwargs = args, kwargs
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(f"{module}.{name}", function)
        return call

    return replace
