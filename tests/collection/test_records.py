"""Records are written and read back without loss, in both layouts."""

import builtins
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from dood.collection.records import LAYOUTS, Record, read_records
from dood.drawing import Drawing, Stroke
from dood.errors import DoodError

parquet = pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="needs pyarrow: the extra `parquet`")

RECORDS = [
    Record("a.npz:test", 7, Drawing(28, 20, (Stroke([[1 / 3, 2], [3, 4.1]], [0.25, 0.75]), Stroke([[0.5, 0.25]], 2)))),
    Record("bild ä.png", 0, None, "bild ä.png is damaged"),
    Record("a.npz:test", 8, Drawing(28, 28)),
]


def write(path: Path) -> Path:
    with path.open("wb") as file:
        LAYOUTS[path.suffix[1:]].write(RECORDS, file)
    return path


@pytest.mark.parametrize("name", ["a.jsonl", pytest.param("a.parquet", marks=parquet)])
def test_records_come_back_as_they_were(tmp_path: Path, name: str) -> None:
    assert list(read_records(write(tmp_path / name))) == RECORDS


def test_a_line_is_a_drawing(tmp_path: Path) -> None:
    lines = write(tmp_path / "a.jsonl").read_text().splitlines()
    assert [Drawing.from_json(lines[i]) for i in (0, 2)] == [RECORDS[0].drawing, RECORDS[2].drawing]
    assert json.loads(lines[1]) == {"source": "bild ä.png", "index": 0, "error": "bild ä.png is damaged"}


@parquet
def test_columns_of_parquet(tmp_path: Path) -> None:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(write(tmp_path / "a.parquet"))
    assert table.column_names == ["source", "index", "width", "height", "strokes", "error"]
    assert [str(table.schema.field(name).type) for name in ("source", "index", "width")] == ["string", "int64", "int32"]
    rows = table.to_pylist()
    assert rows[0]["strokes"][0] == {"points": [[1 / 3, 2.0], [3.0, 4.1]], "width": 0.5, "widths": [0.25, 0.75]}
    assert rows[1] == dict.fromkeys(table.column_names) | {
        "source": "bild ä.png",
        "index": 0,
        "error": "bild ä.png is damaged",
    }
    assert (rows[2]["strokes"], rows[2]["error"]) == ([], None)


def test_without_pyarrow_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DoodError, match=r"pip install 'dood\[parquet\]', or choose jsonl"):
        LAYOUTS["parquet"].check()
    LAYOUTS["jsonl"].check()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "", "another ending than .jsonl or .parquet"),
        ("a.jsonl", "{}\n", "line 1 is no record"),
        ("a.jsonl", '{"source": "a", "index": 0}\n', "format is missing"),
        pytest.param("a.parquet", "no", "no readable Parquet", marks=parquet),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DoodError, match=message):
        list(read_records(tmp_path / name))


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"cannot read .*: No such file"):
        list(read_records(tmp_path / "a.jsonl"))
