"""Which of the objects that were made are still held."""

import gc
import weakref
from importlib import import_module
from typing import Any

import pytest

__all__ = ["Live"]


class Live:
    """Weak references to what a function returned, and to whatever else is shown to it.

    Arguments:
        target: the function's module and name, with a dot between; it is watched until the test ends.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
        self.seen: list[weakref.ref[Any]] = []
        self.most = 0
        module, _, name = target.rpartition(".")
        original = getattr(import_module(module), name)

        def watched(*arguments: Any, **options: Any) -> Any:
            made = original(*arguments, **options)
            self.see(made)
            self.most = max(self.most, self.count(type(made)))
            return made

        monkeypatch.setattr(target, watched)

    def see(self, made: Any) -> None:
        self.seen.append(weakref.ref(made))

    def count(self, kind: type) -> int:
        """How many of a kind are still held."""
        gc.collect()
        return sum(isinstance(reference(), kind) for reference in self.seen)
