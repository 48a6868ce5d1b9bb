"""Files that are either whole or absent, and folders that one process has for itself."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dood.errors import DoodError
from dood.files import atomic_write, clear_abandoned, locked, write_table

HOLD = """
import sys, time
from pathlib import Path
from dood.files import locked
with locked(Path(sys.argv[1]), "training"):
    print("held", flush=True)
    time.sleep(300)
"""


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


def test_the_longest_name_that_there_can_be_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 251 + ".svg")
    with atomic_write(path) as file:
        file.write(b"whole")
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_is_cleared_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    (tmp_path / ".dood-old.part").write_bytes(b"half")
    (tmp_path / ".somebody-elses.part").write_bytes(b"half")
    with atomic_write(tmp_path / "whole") as file:
        file.write(b"who")
        file.flush()
        clear_abandoned(tmp_path)
        file.write(b"le")
    assert {path.name for path in tmp_path.iterdir()} == {"whole", ".somebody-elses.part"}
    assert (tmp_path / "whole").read_bytes() == b"whole"


def test_a_folder_is_held_by_one_process_and_free_once_that_is_killed(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    with process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(DoodError, match="another process is training in"), locked(tmp_path, "training"):
            pass
        process.send_signal(signal.SIGKILL)
    with locked(tmp_path, "training"):
        pass
    assert list(tmp_path.iterdir()) == []
