"""Strictness for all tests. Shapes and types are checked by the flags of pytest in pyproject.toml."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Many small operations: more threads only get into each other's way. Set before torch is imported.
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data sets; skips the test where there is none."""
    named = os.environ.get("DOOD_DATA")
    if not named:
        pytest.skip("needs real data: set DOOD_DATA to a folder of NAME.npz files")
    folder = Path(named)
    if not folder.is_dir():
        pytest.skip(f"needs real data: DOOD_DATA={named} is no folder")
    return folder
