"""Records are written and read back without loss."""

import json
from pathlib import Path

import pytest

from dood.collection.records import Record, read_records, write_records
from dood.drawing import Drawing, Stroke
from dood.errors import DoodError

RECORDS = [
    Record("a.npz:test", 7, Drawing(28, 20, (Stroke([[1 / 3, 2], [3, 4.1]], [0.25, 0.75]), Stroke([[0.5, 0.25]], 2)))),
    Record("bild ä.png", 0, None, "bild ä.png is damaged"),
    Record("a.npz:test", 8, Drawing(28, 28)),
]


def write(path: Path) -> Path:
    with path.open("wb") as file:
        write_records(RECORDS, file)
    return path


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    assert list(read_records(write(tmp_path / "a.jsonl"))) == RECORDS


def test_a_line_is_a_drawing(tmp_path: Path) -> None:
    lines = write(tmp_path / "a.jsonl").read_text().splitlines()
    assert [Drawing.from_json(lines[i]) for i in (0, 2)] == [RECORDS[0].drawing, RECORDS[2].drawing]
    assert json.loads(lines[1]) == {"source": "bild ä.png", "index": 0, "error": "bild ä.png is damaged"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "", "another ending than .jsonl"),
        ("a.jsonl", "{}\n", "line 1 is no record"),
        ("a.jsonl", '{"source": "a", "index": 0}\n', "format is missing"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DoodError, match=message):
        list(read_records(tmp_path / name))


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"cannot read .*: No such file"):
        list(read_records(tmp_path / "a.jsonl"))
