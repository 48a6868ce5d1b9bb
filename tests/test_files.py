"""Tables that are either whole or absent. (Atomic writing itself is tested with the formats and checkpoints.)"""

from pathlib import Path

import pytest

from dood.errors import DoodError
from dood.files import write_table


def test_a_table_has_its_columns_and_rows_and_rounds_fractions(tmp_path: Path) -> None:
    write_table(tmp_path / "t.csv", ["name", "count", "share"], [("a,b", 3, 1 / 3), ("c", 4, 2e-9)])
    assert (tmp_path / "t.csv").read_text() == 'name,count,share\n"a,b",3,0.333333\nc,4,2e-09\n'


def test_a_row_that_breaks_off_leaves_the_old_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_table(path, ["n"], [[1]])

    def rows():
        yield [2]
        raise RuntimeError("measuring failed")

    with pytest.raises(RuntimeError):
        write_table(path, ["n"], rows())
    assert path.read_text() == "n\n1\n"
    with pytest.raises(DoodError, match="cannot write"):
        write_table(tmp_path / "missing" / "t.csv", ["n"], [])
