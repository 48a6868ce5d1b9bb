"""Training runs on disk: what the folder of each one says, found, put in order and compared. Needs no torch."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dood.checkpoints.headers import MODEL, read_header
from dood.errors import DoodError
from dood.runs import metrics_log
from dood.runs.metrics_log import METRICS, Record

__all__ = [
    "COLUMNS",
    "ORDERS",
    "UNKNOWN",
    "Run",
    "differences",
    "find_runs",
    "in_order",
    "incomparable",
    "number",
    "read_run",
    "shown",
]

DEPTH = 3
"""Levels of folders in folders that are searched for runs."""

ORDERS = ("bound", "mse", "mae", "strokes", "seconds", "steps", "name", "data", "seed")
"""What runs can be put in order by."""

FALLING = ("bound", "steps")
"""Orders in which the greatest comes first."""

COLUMNS: dict[str, str] = {
    "data": "{}",
    "seed": "{}",
    "steps": "{}",
    "seconds": "{:.0f}",
    "bound": "{:.1f}",
    "mse": "{:.5f}",
    "mae": "{:.4f}",
    "strokes": "{:.2f}",
}
"""The figures of a run that tables show, and how each is written."""

UNKNOWN = "-"

MEASURED = ("loss", "bound", "mse", "mae", "strokes")

PROGRESS = ("format", "config", "train", "steps", "seconds")
"""Notes of a header that are no settings, or that hold settings as JSON."""

WHAT_IS_SEEN = ("data", "data_sha256", "model.resolution", "evaluate_images")
"""Settings that decide which pixels a run is measured on."""


@dataclass(frozen=True)
class Run:
    """What lies in the folder of a training run.

    Attributes:
        name: what to call it among others.
        records: in the order in which they were written.
        notes: of the weights' header; none if there are no weights, or damaged ones.
        pictures: of reconstructions, by step.
        damage: why the weights cannot be read, where they cannot.
    """

    folder: Path
    name: str
    records: tuple[Record, ...]
    notes: dict[str, str]
    pictures: tuple[Path, ...]
    damage: str | None = None

    @property
    def last(self) -> Record:
        """The last record; empty if there is none yet."""
        return self.records[-1] if self.records else {}

    @property
    def best(self) -> Record:
        """The record of the greatest bound; empty if no bound is known."""
        measured = [record for record in self.records if number(record, "bound") is not None]
        return max(measured, key=lambda record: record["bound"], default={})

    @cached_property
    def settings(self) -> dict[str, str]:
        """What was noted of how it was trained, as text; fields of the model are called `model.name`."""
        noted = {key: value for key, value in self.notes.items() if key not in PROGRESS}
        model = {f"model.{key}": value for key, value in _parsed(self.notes.get("config")).items()}
        return noted | {key: _text(value) for key, value in (model | _flat(_parsed(self.notes.get("train")))).items()}

    @property
    def steps(self) -> int:
        """Steps done, as far as is known."""
        return max(self.last.get("step", 0), _whole(self.notes.get("steps")) or 0)

    @property
    def total(self) -> int | None:
        """Steps that it was to take, where that was noted."""
        return _whole(self.settings.get("steps"))

    @property
    def finished(self) -> bool | None:
        """Whether all steps are done; None where their number is not known."""
        return None if self.total is None else self.steps >= self.total

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was warned of in training, and what is wrong with the files."""
        said = [f"step {record['step']}: {text}" for record in self.records for text in _complaints(record)]
        return (*said, self.damage) if self.damage else tuple(said)

    def summary(self) -> dict[str, Any]:
        """Everything but the records, in values that JSON knows; None stands for what is not known."""
        seconds = number(self.last, "seconds")
        return {
            "name": self.name,
            "folder": str(self.folder),
            "data": self.settings.get("data"),
            "seed": _whole(self.settings.get("seed")),
            "steps": self.steps,
            "total": self.total,
            "finished": self.finished,
            "images": number(self.last, "images"),
            "seconds": _whole(self.notes.get("seconds")) if seconds is None else seconds,
            **{name: number(self.last, name) for name in MEASURED},
            "best": {key: number(self.best, key) for key in ("step", *MEASURED)} if self.best else None,
            "warnings": list(self.warnings),
            "settings": self.settings,
            "pictures": [str(path) for path in self.pictures],
        }


def read_run(folder: str | Path, name: str | None = None) -> Run:
    """Read the run in a folder, whatever of it there is yet: torn records are passed over.

    Arguments:
        name: the folder's own by default.

    Raises:
        DoodError: the folder holds no run, or its records cannot be read.
    """
    folder = Path(folder)
    if not _is_run(folder):
        raise DoodError(f"{folder} is no training run: it has neither {METRICS} nor {MODEL}")
    try:
        records = metrics_log.records(folder)
    except UnicodeDecodeError as error:
        raise DoodError(f"{folder / METRICS} is not text: it is damaged or of another program") from error
    notes, damage = {}, None
    if (folder / MODEL).exists():
        try:
            notes = read_header(folder / MODEL)
        except DoodError as error:
            damage = str(error)
    pictures = sorted(folder.glob("reconstructions-*.png"))
    return Run(folder, name or folder.resolve().name, tuple(records), notes, tuple(pictures), damage)


def find_runs(folders: Iterable[str | Path]) -> list[Run]:
    """The runs in each of the folders, in and below it; each once, with a name of its own.

    Raises:
        DoodError: there is no such folder, no run in it, or what is in it cannot be read.
    """
    names: dict[Path, tuple[Path, str]] = {}
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise DoodError(f"there is no folder {folder}: name one that holds runs, as dood train --out makes them")
        found = [inner for inner in _within(folder, DEPTH) if _is_run(inner)]
        if not found:
            raise DoodError(f"there is no training run in {folder}: dood train --out {folder / 'NAME'} makes one")
        for inner in found:
            name = str(inner.relative_to(folder)) if inner != folder else folder.resolve().name
            names.setdefault(inner.resolve(), (inner, name))
    called = [name for _, name in names.values()]
    return [read_run(folder, name if called.count(name) == 1 else str(folder)) for folder, name in names.values()]


def in_order(runs: Iterable[Run], by: str = "bound") -> list[Run]:
    """The runs by one of `ORDERS`: the best first, or from A to Z; those that do not have it come last.

    Raises:
        DoodError: there is no such order.
    """
    if by not in ORDERS:
        raise DoodError(f"runs have no order {by!r}; there are: {', '.join(ORDERS)}")
    keyed = [(run.summary()[by], run) for run in sorted(runs, key=lambda run: run.name)]
    known = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=by in FALLING)
    return [run for _, run in known] + [run for key, run in keyed if key is None]


def differences(runs: Sequence[Run]) -> list[str]:
    """The settings that are noted with more than one value."""
    names = sorted({name for run in runs for name in run.settings})
    return [name for name in names if len({run.settings[name] for run in runs if name in run.settings}) > 1]


def incomparable(runs: Sequence[Run]) -> list[str]:
    """The settings that make bounds and errors of these runs measures of different things."""
    return [name for name in differences(runs) if name in WHAT_IS_SEEN]


def number(record: Record, name: str) -> float | int | None:
    """A finite number of a record, or None."""
    value = record.get(name)
    if not isinstance(value, float | int):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # a whole number of more digits than floats go up to
        return None


def shown(summary: dict[str, Any], name: str) -> str:
    """A figure of a run's summary, as text for a table."""
    if summary[name] is None:
        return UNKNOWN
    text = COLUMNS[name].format(summary[name])
    return f"{text}/{summary['total']}" if name == "steps" and summary["total"] is not None else text


def _is_run(folder: Path) -> bool:
    return (folder / METRICS).is_file() or (folder / MODEL).is_file()


def _within(folder: Path, depth: int) -> list[Path]:
    """The folder and those inside it, hidden ones left out."""
    try:
        inner = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.is_dir())
    except OSError as error:
        raise DoodError(f"cannot look for runs in {folder}: {error.strerror or error}") from error
    return [folder, *(found for path in inner if depth for found in _within(path, depth - 1))]


def _complaints(record: Record) -> list[str]:
    """What a record warns of, and its figures that are no numbers."""
    warned = [str(record["warning"])] if "warning" in record else []
    broken = [name for name in MEASURED if name in record and number(record, name) is None]
    return warned + [f"{name} is {record[name]}" for name in broken]


def _parsed(text: str | None) -> dict[str, Any]:
    """A JSON object, empty if the text is none: notes are there to be read, and no run is refused for one."""
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _flat(settings: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested settings with dotted names."""
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
