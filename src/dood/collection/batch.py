"""Parsing as a function of a batch of columns, for engines that move batches: Ray Data, Hugging Face datasets, Spark.

An engine reads the pictures, shares the batches out over cores or machines, and writes the columns that come back.
"""

import functools
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from PIL import Image, ImageOps

from dood.checkpoints.finding import find
from dood.drawing import Drawing, Stroke
from dood.drawing.formats.json_format import to_plain
from dood.engines.choice import engine_of
from dood.engines.engine import Engine
from dood.errors import DoodError
from dood.pictures import FRAMES, Picture, load_picture
from dood.pictures.polarity import check_polarity
from dood.tasks.canvas import STROKES, CanvasOptions, draw_pictures

if TYPE_CHECKING:
    from dood.models.dood import DooD

__all__ = ["FORMS", "PARSE_DEFAULTS", "parse_batch", "parse_pictures"]

FORMS = ("json", "nested")

NO_PNG = ("CMYK", "YCbCr", "LAB", "HSV")
"""Modes of Pillow that a PNG file cannot have."""

PARSE_DEFAULTS: CanvasOptions = {
    "strokes": STROKES,
    "samples": 1,
    "seed": 0,
    "refine": 0,
    "prune": True,
    "frame": "auto",
}
"""As for one drawing, but without refinement: it takes most of the time, and many drawings are wanted."""


def parse_batch(
    columns: Any,
    *,
    model: "str | Path | DooD" = "all",
    image: str = "image",
    form: str = "json",
    polarity: str = "auto",
    **options: Unpack[CanvasOptions],
) -> dict[str, Any]:
    """Find the strokes of a batch of pictures.

    A picture that cannot be drawn costs its own row: it has no strokes, and an error.

    Arguments:
        columns: a mapping (or a frame of pandas) of names to values of as many rows each. Those of `image` are
            pictures: bytes of image files (or `{"bytes": ...}`, as datasets has them), paths, arrays as for
            `dood.draw` (lists of lists, too), or pictures of Pillow.
        model: a model, or what `dood.load` takes, which is loaded once in a process.
        image: the name of the column of pictures.
        form: json (a column `drawing`: texts that `dood.Drawing.from_json` reads, in one line) or nested (columns
            `width`, `height` and `strokes`: lists of `points`, `width` and `widths`, which Arrow and SQL reach into).
        polarity: dark (ink on light), light, or auto.
        options: as for `dood.draw`, but for `refine`, which is 0 unless given.

    Returns:
        The other columns as they came, the drawings, and a column `error`, empty where all is well. A row with an error
        has an empty text, or no size and no strokes, so that the types of columns do not depend on the batch.

    Raises:
        DoodError: there is no such column, or an option or the model is unknown.
    """
    if image not in columns:
        raise DoodError(f"there is no column {image!r}; there are: {', '.join(map(str, columns))}")
    if form not in FORMS:
        raise DoodError(f"form {form!r} is unknown: use {' or '.join(FORMS)}")
    check_polarity(polarity)
    settled: CanvasOptions = {**PARSE_DEFAULTS, **options}
    if settled.get("frame") not in FRAMES:
        raise DoodError(f"frame {settled.get('frame')!r} is unknown: use {', '.join(FRAMES)}")
    named = isinstance(model, str | Path)
    engine = _loaded(str(model), find(model).stat().st_mtime_ns) if named else engine_of(model)
    found = parse_pictures(columns[image], engine, polarity, settled)
    drawings = [each if isinstance(each, Drawing) else None for each in found]
    rest = {name: values for name, values in columns.items() if name != image}
    made = _as_json(drawings) if form == "json" else _as_nested(drawings)
    return rest | made | {"error": [each if isinstance(each, str) else "" for each in found]}


def parse_pictures(
    pictures: Iterable[Any], engine: Engine, polarity: str, options: CanvasOptions
) -> list[Drawing | str]:
    """The drawing of each picture, or why there is none."""
    read = [_read(picture, polarity) for picture in pictures]
    readable = [each for each in read if isinstance(each, Picture)]
    drawings = iter(draw_pictures(readable, engine, **options) if readable else ())
    return [next(drawings) if isinstance(each, Picture) else each for each in read]


@functools.lru_cache(maxsize=2)
def _loaded(model: str, modified: int) -> Engine:
    """An engine calls the function again for every batch: the model is loaded for the first one, and once changed."""
    return engine_of(model)


def _read(picture: Any, polarity: str) -> Picture | str:
    """A picture, or why it cannot be read."""
    try:
        if isinstance(picture, Mapping):
            picture = picture.get("bytes") or picture.get("path")
        if isinstance(picture, bytes | bytearray | memoryview):
            return load_picture(io.BytesIO(picture), polarity=polarity)
        if isinstance(picture, str | Path):
            return load_picture(picture, polarity=polarity)
        if isinstance(picture, Image.Image):
            return load_picture(_as_file(picture), polarity=polarity)
        if picture is None:
            raise DoodError("there is no picture")
        return Picture.from_array(_array(picture), polarity=polarity)
    except (DoodError, OSError) as error:
        return str(error)


def _as_file(picture: Image.Image) -> io.BytesIO:
    """A picture of Pillow as a file: palettes, transparency and 16 bits are the decoder's to read."""
    upright = ImageOps.exif_transpose(picture)
    file = io.BytesIO()
    (upright.convert("RGB") if upright.mode in NO_PNG else upright).save(file, format="PNG")
    file.seek(0)
    return file


def _array(values: Any) -> np.ndarray:
    """An array; lists of whole numbers, which is what datasets makes of arrays, are bytes."""
    array = np.asarray(values)
    lists = isinstance(values, list) and array.dtype == np.int64 and array.size
    return array.astype(np.uint8) if lists and 0 <= array.min() <= array.max() <= 255 else array


def _as_json(drawings: Sequence[Drawing | None]) -> dict[str, list[Any]]:
    return {"drawing": ["" if drawing is None else json.dumps(to_plain(drawing)) for drawing in drawings]}


def _as_nested(drawings: Sequence[Drawing | None]) -> dict[str, list[Any]]:
    return {
        "width": [0 if drawing is None else drawing.width for drawing in drawings],
        "height": [0 if drawing is None else drawing.height for drawing in drawings],
        "strokes": [[] if drawing is None else [_nested(stroke) for stroke in drawing.strokes] for drawing in drawings],
    }


def _nested(stroke: Stroke) -> dict[str, Any]:
    return {"points": stroke.points.tolist(), "width": stroke.width, "widths": stroke.widths.tolist()}
