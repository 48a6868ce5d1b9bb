"""The records of a training run: metrics.jsonl, one JSON object a line."""

import json
from pathlib import Path
from typing import Any

from dood.errors import DoodError
from dood.files import atomic_write

__all__ = ["METRICS", "Record", "append", "forget_after", "records"]

Record = dict[str, Any]
"""Numbers and text: step, images, seconds, what was measured, and a `warning` where strokes have collapsed."""

METRICS = "metrics.jsonl"


def records(folder: Path) -> list[Record]:
    """The records of the run in `folder`, none if there are none yet; a torn line is passed over."""
    return [record for line in _lines(folder / METRICS) if (record := _record(line)) is not None]


def append(folder: Path, record: Record) -> None:
    """Add a record."""
    path = folder / METRICS
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
    except OSError as error:
        raise DoodError(f"cannot write {path}: {error.strerror or error}") from error


def forget_after(folder: Path, step: int) -> None:
    """Forget the records after `step`, and a torn one: the run was cut off between them and its next checkpoint."""
    lines = _lines(folder / METRICS)
    kept = [line for line in lines if (record := _record(line)) is not None and record["step"] <= step]
    if kept != lines:
        with atomic_write(folder / METRICS) as file:
            file.write("".join(line + "\n" for line in kept).encode())


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except OSError as error:
        raise DoodError(f"cannot read {path}: {error.strerror or error}") from error


def _record(line: str) -> Record | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and isinstance(record.get("step"), int) else None
