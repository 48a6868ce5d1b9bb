"""Odd files: every reader finds what cannot be wrong, or refuses the file."""

from pathlib import Path

import pytest

from dood.errors import DoodError
from tests.readers import READERS, Reader, odd_input

COUNT = 24
"""Odd files for each reader; `python -m scripts.robustness` gives them many more."""


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_right_files_are_read(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "right").mkdir()
    path = tmp_path / "read" / reader.file
    path.parent.mkdir(parents=True)
    for content in reader.right(tmp_path / "right"):
        path.write_bytes(content)
        reader.read(path)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_odd_files_are_refused_or_read_as_they_are(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "right").mkdir()
    right = reader.right(tmp_path / "right")
    refused = 0
    for number in range(max(1, round(COUNT * reader.share))):
        path = odd_input(reader, right, tmp_path / "odd", number)
        try:
            reader.read(path)
        except DoodError:
            refused += 1
    assert refused or reader.name in ("run", "page of runs"), "the odd files are not odd enough"
