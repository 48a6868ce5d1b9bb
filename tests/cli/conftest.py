"""Fixtures of the command line's tests."""

import signal
from collections.abc import Callable, Iterator

import pytest

from tests.stand_ins import Call, standing_in


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Call]:
    """`stand_in(module, function, result)` replaces the function, and checks calls against its signature."""
    return standing_in(monkeypatch)


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Tests that a shell runs in the background ignore interrupts, and so would their children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
