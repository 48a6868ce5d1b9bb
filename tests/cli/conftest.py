"""Fixtures of the command line's tests."""

from collections.abc import Callable

import pytest

from tests.stand_ins import Call, standing_in


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Call]:
    """`stand_in(module, function, result)` replaces the function, and checks calls against its signature."""
    return standing_in(monkeypatch)
