"""What was found in each image of a collection, as JSON lines."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from dood.drawing import Drawing
from dood.drawing.formats.json_format import from_plain, to_plain
from dood.errors import DoodError

__all__ = ["SUFFIX", "Record", "read_records", "write_records"]

SUFFIX = ".jsonl"


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


def write_records(records: Sequence[Record], file: BinaryIO) -> None:
    """Write a line for each record."""
    for record in records:
        file.write(json.dumps(_members(record)).encode() + b"\n")


def read_records(path: str | Path) -> Iterator[Record]:
    """The records of a file, in order.

    Raises:
        DoodError: the file has another ending, cannot be read, or holds something else.
    """
    path = Path(path)
    if path.suffix != SUFFIX:
        raise DoodError(f"{path} has another ending than {SUFFIX}")
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                yield _record(line, number)
    except DoodError as error:
        raise DoodError(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        raise DoodError(f"{path} is not text in UTF-8: it is damaged or of another program") from error
    except OSError as error:
        raise DoodError(f"cannot read {path}: {error.strerror or error}") from error


def _members(record: Record) -> dict[str, Any]:
    """A line is a drawing of docs/drawing-format.md that says where it comes from, or says why there is none."""
    where = {"source": record.source, "index": record.index}
    return where | ({"error": record.error} if record.drawing is None else to_plain(record.drawing))


def _record(line: str, number: int) -> Record:
    try:
        members = json.loads(line)
        where = members["source"], members["index"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DoodError(f"line {number} is no record ({error})") from error
    reason = members.get("error", "")
    if list(map(type, (*where, reason))) != [str, int, str]:
        raise DoodError(f"line {number} is no record (source and error are texts, index is a whole number)")
    return Record(*where, None, reason) if "error" in members else Record(*where, from_plain(members))
