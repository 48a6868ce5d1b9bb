"""Odd files: every reader finds what cannot be wrong, or refuses the file."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dood.errors import DoodError
from tests.readers import READERS, Reader, odd_input

COUNT = 24
"""Odd files for each reader; `python -m scripts.robustness` gives them many more."""


@pytest.fixture(scope="module", params=READERS, ids=lambda reader: reader.name)
def reader(request: pytest.FixtureRequest) -> Reader:
    return request.param


@pytest.fixture(scope="module")
def right(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Sequence[bytes]:
    """Made once for both tests: one of them is a training run's."""
    return reader.right(tmp_path_factory.mktemp("right"))


def test_right_files_are_read(reader: Reader, right: Sequence[bytes], tmp_path: Path) -> None:
    path = tmp_path / reader.file
    path.parent.mkdir(parents=True, exist_ok=True)
    for content in right:
        path.write_bytes(content)
        reader.read(path)


def test_odd_files_are_refused_or_read_as_they_are(reader: Reader, right: Sequence[bytes], tmp_path: Path) -> None:
    refused = 0
    for number in range(max(1, round(COUNT * reader.share))):
        path = odd_input(reader, right, tmp_path / "odd", number)
        try:
            reader.read(path)
        except DoodError:
            refused += 1
    assert refused or reader.name in ("run", "page of runs"), "the odd files are not odd enough"
