"""Fixtures of the tests of training."""

from pathlib import Path

import pytest

from dood.training.loop import train
from tests.short_run import HELD_OUT, IMAGES, RECIPE


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run of RECIPE; not to be changed."""
    out = tmp_path_factory.mktemp("whole")
    train(RECIPE, [IMAGES], HELD_OUT, out)
    return out
