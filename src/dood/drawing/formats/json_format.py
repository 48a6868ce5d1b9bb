"""JSON: drawings without loss, as docs/drawing-format.md and drawing.schema.json describe them."""

import json
import math
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np
from numpy.typing import NDArray

from dood.drawing import MAX_CONTROLS, MAX_COORDINATE, MAX_PIECES, MAX_SIZE, MAX_STROKES, Drawing, Stroke
from dood.errors import DoodError

__all__ = ["FORMAT", "VERSION", "from_json", "from_plain", "load_json", "schema", "to_json", "to_plain", "write_json"]

FORMAT = "dood-drawing"
VERSION = 2

VERSIONS = (1, 2)
"""What can be read."""

SHARES = ("missed", "spurious")
EXTRAS = ("closed", "colour", "fill")

MEAN_TOLERANCE = 1e-6
"""Relative difference that `width` may have from the mean of `widths`."""


def to_json(drawing: Drawing) -> str:
    """JSON text, a line per stroke. Numbers have as many digits as it takes to read the same floats again."""
    head = to_plain(drawing)
    strokes = ",\n".join(f"    {json.dumps(stroke)}" for stroke in head.pop("strokes"))
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    lines.append(f'  "strokes": [\n{strokes}\n  ]' if strokes else '  "strokes": []')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def from_json(text: str) -> Drawing:
    """Check and read JSON text. Members that the format does not know are ignored.

    Raises:
        DoodError: it is no JSON, or not of this format and version; names the place, as in `strokes[2].points[0][1]`.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise DoodError("no JSON of a drawing: it is nested too deeply") from error
    except ValueError as error:
        raise DoodError(f"no JSON: {error}") from error
    return from_plain(value)


def to_plain(drawing: Drawing) -> dict[str, Any]:
    """What the JSON text says, as dictionaries, lists and numbers."""
    head = {"format": FORMAT, "version": VERSION, "width": drawing.width, "height": drawing.height}
    shares = {name: getattr(drawing, name) for name in SHARES if getattr(drawing, name) is not None}
    notes = {"notes": list(drawing.notes)} if drawing.notes else {}
    return head | shares | notes | {"strokes": [_plain(stroke) for stroke in drawing.strokes]}


def from_plain(value: Any) -> Drawing:
    """Check and read what `to_plain` gives.

    Raises:
        DoodError: as for `from_json`.
    """
    if not isinstance(value, dict):
        _refuse("the document", value, "an object")
    for name, wanted in (("format", (FORMAT,)), ("version", VERSIONS)):
        found = _member(value, name, "")
        if isinstance(found, bool) or found not in wanted:
            _refuse(name, found, " or ".join(map(json.dumps, wanted)))
    width, height = (
        int(_number(_member(value, name, ""), name, 1, MAX_SIZE, whole=True)) for name in ("width", "height")
    )
    strokes = _list(_member(value, "strokes", ""), "strokes", 0, MAX_STROKES)
    shares = {name: _number(value[name], name, 0, 1) for name in SHARES if name in value}
    notes = _list(value.get("notes", []), "notes", 0)
    for i, note in enumerate(notes):
        if not isinstance(note, str):
            _refuse(f"notes[{i}]", note, "a text")
    found = tuple(_stroke(stroke, f"strokes[{i}]") for i, stroke in enumerate(strokes))
    return Drawing(width, height, found, notes=tuple(notes), **shares)


def load_json(path: str | Path) -> Drawing:
    """Read a JSON file in UTF-8.

    Raises:
        DoodError: the file cannot be read, or as for `from_json`; the message begins with the path.
    """
    try:
        return from_json(Path(path).read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise DoodError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DoodError(f"{path}: no JSON: byte {error.start} is not UTF-8") from error
    except DoodError as error:
        raise DoodError(f"{path}: {error}") from error


def write_json(drawing: Drawing, file: BinaryIO) -> None:
    """Write `to_json` as UTF-8."""
    file.write(to_json(drawing).encode())


def schema() -> dict[str, Any]:
    """The format as a JSON Schema, for other programs."""
    return json.loads(files("dood.drawing.formats").joinpath("drawing.schema.json").read_text("utf-8"))


def _plain(stroke: Stroke) -> dict[str, Any]:
    plain: dict[str, Any] = {"points": stroke.points.tolist(), "width": stroke.width}
    if len(stroke.widths) > 1:
        plain["widths"] = stroke.widths.tolist()
    if stroke.pieces > 1:
        plain["pieces"] = stroke.pieces
    return plain | {name: value for name in EXTRAS if (value := getattr(stroke, name))}


def _stroke(value: Any, place: str) -> Stroke:
    if not isinstance(value, dict):
        _refuse(place, value, "an object")
    pieces = int(_number(value.get("pieces", 1), f"{place}.pieces", 1, MAX_PIECES, whole=True))
    most = pieces * (MAX_CONTROLS - 1) + 1
    points = _points(_list(_member(value, "points", place), f"{place}.points", 1, most), f"{place}.points")
    width = _pen_width(_member(value, "width", place), f"{place}.width")
    controls = _list(value.get("widths", [width]), f"{place}.widths", 1, most)
    widths = [_pen_width(one, f"{place}.widths[{i}]") for i, one in enumerate(controls)]
    extras = _extras(value, place)
    try:
        stroke = Stroke(points, widths, pieces=pieces, **extras)
    except DoodError as error:
        raise DoodError(f"{place}: {error}") from error
    if not math.isclose(width, stroke.width, rel_tol=MEAN_TOLERANCE):
        _refuse(f"{place}.width", width, f"the mean of widths, {stroke.width}, or leave widths out")
    return stroke


def _extras(value: dict[str, Any], place: str) -> dict[str, Any]:
    """What a stroke may say besides its curve and pen."""
    for name in ("closed", "fill"):
        if not isinstance(value.get(name, False), bool):
            _refuse(f"{place}.{name}", value[name], "true or false")
    return {name: value[name] for name in EXTRAS if name in value}


def _points(values: list[Any], place: str) -> Any:
    """Control points: as an array at once where all is well, and one by one to say what is not."""
    try:
        array: NDArray[np.float64] = np.asarray(values, np.float64)
    except (TypeError, ValueError, OverflowError):
        array = np.zeros(0)
    plain = array.ndim == 2 and set(map(type, chain.from_iterable(values))) <= {int, float}
    if plain and array.shape[1] == 2 and (np.abs(array) <= MAX_COORDINATE).all():
        return array
    return [_point(point, f"{place}[{i}]") for i, point in enumerate(values)]


def _point(value: Any, place: str) -> list[float]:
    pair = _list(value, place, 2, 2)
    return [_number(pair[i], f"{place}[{i}]", -MAX_COORDINATE, MAX_COORDINATE) for i in range(2)]


def _pen_width(value: Any, place: str) -> float:
    width = _number(value, place, 0, MAX_SIZE)
    if width == 0:
        _refuse(place, value, "more than 0")
    return width


def _number(value: Any, place: str, least: int, most: int, whole: bool = False) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most or (whole and value != math.floor(value)):
        _refuse(place, value, f"a {'whole ' if whole else ''}number from {least} to {most}")
    return float(value)


def _list(value: Any, place: str, least: int, most: int | float = math.inf) -> list[Any]:
    if not isinstance(value, list):
        _refuse(place, value, "a list")
    if not least <= len(value) <= most:
        counts = f"{least}" if least == most else f"{least} to {most}" if most < math.inf else f"at least {least}"
        raise DoodError(f"{place} has {len(value)} items: give {counts}")
    return value


def _member(value: dict[str, Any], name: str, place: str) -> Any:
    if name not in value:
        raise DoodError(f"{place + '.' if place else ''}{name} is missing")
    return value[name]


def _refuse(place: str, value: Any, wanted: str) -> NoReturn:
    text = json.dumps(value)
    raise DoodError(f"{place} is {text if len(text) <= 60 else text[:57] + '...'}: give {wanted}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
