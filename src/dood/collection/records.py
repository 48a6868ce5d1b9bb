"""What was found in each image of a collection, as JSON lines or Parquet."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from dood.drawing import Drawing
from dood.drawing.formats.json_format import FORMAT, VERSION, from_plain, to_plain
from dood.errors import DoodError

__all__ = ["LAYOUTS", "Layout", "Record", "read_records"]

INSTALL = "Parquet needs pyarrow: pip install 'dood[parquet]', or choose jsonl"


class Record(NamedTuple):
    """One image of a collection.

    Attributes:
        source: the file, with `:train` or `:test` where a file of arrays has both.
        index: of the image in its file; 0 for a picture.
        drawing: its strokes, or None where it could not be drawn.
        error: why not.
    """

    source: str
    index: int
    drawing: Drawing | None
    error: str | None = None


@dataclass(frozen=True)
class Layout:
    """A way to write records: its name, the ending of its files, writer, reader, and what raises if it cannot work."""

    name: str
    suffix: str
    write: Callable[[Sequence[Record], BinaryIO], None]
    read: Callable[[Path], Iterator[Record]]
    check: Callable[[], Any]


def read_records(path: str | Path) -> Iterator[Record]:
    """The records of a file, in order.

    Raises:
        DoodError: the file has neither ending, cannot be read, or holds something else.
    """
    path = Path(path)
    layouts = [layout for layout in LAYOUTS.values() if path.name.endswith(layout.suffix)]
    if not layouts:
        raise DoodError(f"{path} has another ending than {' or '.join(layout.suffix for layout in LAYOUTS.values())}")
    try:
        yield from layouts[0].read(path)
    except DoodError as error:
        raise DoodError(f"{path}: {error}") from error
    except OSError as error:
        raise DoodError(f"cannot read {path}: {error.strerror or error}") from error


def _write_lines(records: Sequence[Record], file: BinaryIO) -> None:
    for record in records:
        file.write(json.dumps(_members(record)).encode() + b"\n")


def _members(record: Record) -> dict[str, Any]:
    """A line is a drawing of docs/drawing-format.md that says where it comes from, or says why there is none."""
    where = {"source": record.source, "index": record.index}
    return where | ({"error": record.error} if record.drawing is None else to_plain(record.drawing))


def _read_lines(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                members = json.loads(line)
                where = members["source"], members["index"]
            except (ValueError, TypeError, KeyError) as error:
                raise DoodError(f"line {number} is no record ({error})") from error
            yield Record(*where, None, members["error"]) if "error" in members else Record(*where, from_plain(members))


def _write_parquet(records: Sequence[Record], file: BinaryIO) -> None:
    arrow, parquet = _pyarrow()
    rows = [_members(record) for record in records]
    parquet.write_table(arrow.Table.from_pylist(rows, _schema(arrow)), file, compression="zstd")


def _read_parquet(path: Path) -> Iterator[Record]:
    arrow, parquet = _pyarrow()
    try:
        with parquet.ParquetFile(path) as file:
            names = [name for name in _schema(arrow).names if name not in file.schema_arrow.names]
            if names:
                raise DoodError(f"no records: there is no column {', '.join(names)}")
            for batch in file.iter_batches():
                yield from map(_record, batch.to_pylist())
    except arrow.ArrowInvalid as error:
        raise DoodError(f"no readable Parquet ({error})") from error


def _record(row: dict[str, Any]) -> Record:
    if row["error"] is not None:
        return Record(row["source"], row["index"], None, row["error"])
    strokes = [{name: value for name, value in stroke.items() if value is not None} for stroke in row["strokes"]]
    return Record(
        row["source"], row["index"], from_plain({**row, "format": FORMAT, "version": VERSION, "strokes": strokes})
    )


def _schema(arrow: Any) -> Any:
    """Columns of Parquet: strokes are nested as in the drawing format, so that queries reach into them."""
    numbers = arrow.list_(arrow.float64())
    stroke = [("points", arrow.list_(numbers)), ("width", arrow.float64()), ("widths", numbers)]
    return arrow.schema(
        [
            ("source", arrow.string()),
            ("index", arrow.int64()),
            ("width", arrow.int32()),
            ("height", arrow.int32()),
            ("strokes", arrow.list_(arrow.struct(stroke))),
            ("error", arrow.string()),
        ]
    )


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise DoodError(INSTALL) from error
    return pyarrow, pyarrow.parquet


_ALL = (
    Layout("jsonl", ".jsonl", _write_lines, _read_lines, lambda: None),
    Layout("parquet", ".parquet", _write_parquet, _read_parquet, _pyarrow),
)

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in _ALL}
"""By name."""
