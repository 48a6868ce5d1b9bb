"""What a job does: plain values in, plain values out, so that they pass between processes."""

import io
import json
from dataclasses import fields
from typing import Any

from PIL import Image

from dood.drawing import Drawing, Stroke
from dood.drawing.formats import FORMATS, check_formats
from dood.drawing.formats.json_format import from_json, from_plain, to_plain
from dood.errors import DoodError
from dood.pictures import load_picture
from dood.pictures.decoding import FORMATS as READABLE
from dood.studio.comparison import compared
from dood.studio.limits import MAX_PIXELS
from dood.studio.marks import marked
from dood.studio.mended import around
from dood.tracing.drawings import drawing_of
from dood.tracing.ordering import ordered
from dood.tracing.trace import Options

__all__ = ["MODELLED", "PLOTTER", "compare", "export", "inside", "modelled", "models", "trace"]

PLOTTER = "plotter-svg"
"""The SVG of the strokes in the order of least travel; `dood draw --order nearest` writes the same."""

MODELLED = ("continue", "again", "invent", "which")

READING = ("polarity", "pens")
TRACING = tuple(field.name for field in fields(Options))


def trace(data: bytes, name: str, options: dict[str, Any], mended: str = "") -> dict[str, Any]:
    """The drawing of a picture file as plain JSON values, and the marks of what was missed and invented.

    Arguments:
        options: of `dood.pictures.load_picture` (polarity, pens) and of `dood.tracing.trace.Options`.
        mended: JSON of {"kept": drawing, "gone": drawing}: strokes that stay, and that stay away. The answer says then
            which strokes were kept.

    Raises:
        DoodError: as `dood.draw`; or the picture has more pixels than the studio takes; or `mended` is something else.
    """
    for option in options:
        if option not in (*READING, *TRACING):
            raise DoodError(f"tracing has no option {option!r}; there are {', '.join((*READING, *TRACING))}")
    kept, gone = _mended(mended) if mended else ((), ())
    file = io.BytesIO(data)
    file.name = name
    _check_size(file, name)
    picture = load_picture(file, **{key: options[key] for key in READING if key in options})
    drawing = drawing_of(picture, Options(**{key: options[key] for key in TRACING if key in options}))
    whole, where = around(drawing, kept, gone)
    measured, marks = marked(whole, picture)
    return {"drawing": to_plain(measured if mended else drawing), "marks": marks, "kept": where}


def _mended(text: str) -> tuple[tuple[Stroke, ...], tuple[Stroke, ...]]:
    try:
        plain = json.loads(text)
        return tuple(from_plain(plain[which]).strokes for which in ("kept", "gone"))  # type: ignore[return-value]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DoodError('this is no JSON of mended strokes: give {"kept": drawing, "gone": drawing}') from error


def compare(text: str) -> dict[str, Any]:
    """The drawing of a picture that a person's pen made here, and how far its strokes are those of the person.

    Raises:
        DoodError: the text is not JSON of strokes, or nothing is drawn.
    """
    drawing, scores, note = compared(text)
    return {"drawing": to_plain(drawing), "scores": scores, "note": note}


def models(load: bool) -> dict[str, Any]:
    """As `dood.studio.modelling.models`."""
    from dood.studio import modelling

    return modelling.models(load)


def modelled(verb: str, text: str) -> Any:
    """What a model makes of a person's strokes, by one of MODELLED, as plain JSON values.

    Raises:
        DoodError: there is no such verb, or as the function of `dood.studio.modelling`.
    """
    from dood.studio import modelling

    if verb == "continue":
        return [_plain_strokes(strokes) for strokes in modelling.continued(text)]
    if verb == "again":
        return [to_plain(drawing) for drawing in modelling.once_more(text)]
    if verb == "invent":
        return [to_plain(drawing) for drawing in modelling.invented(text)]
    if verb == "which":
        return modelling.answered(text)._asdict()
    raise DoodError(f"a model cannot {verb[:40]!r}: use {', '.join(MODELLED)}")


def inside(data: bytes, name: str, asked: dict[str, str]) -> dict[str, Any]:
    """As `dood.studio.inside.looked_into`; or the picture has more pixels than the studio takes."""
    from dood.studio.inside import looked_into

    _check_size(io.BytesIO(data), name)
    return looked_into(data, name, asked)


def _plain_strokes(strokes: list[Stroke]) -> list[Any]:
    return to_plain(Drawing(1, 1, tuple(strokes)))["strokes"]


def export(text: str, format: str) -> bytes:
    """The file of a drawing, given as the JSON that `Drawing.to_json` writes.

    Raises:
        DoodError: unknown format, or no such JSON.
    """
    drawing = from_json(text)
    if format == PLOTTER:
        drawing, format = ordered(drawing, "nearest"), "svg"
    check_formats([format])
    file = io.BytesIO()
    FORMATS[format].write(drawing, file)
    return file.getvalue()


def _check_size(file: io.BytesIO, name: str) -> None:
    """Refuse by what the header says; what has none is left to the decoder, which says so."""
    try:
        with Image.open(file, formats=READABLE) as image:
            width, height = image.size
    except Exception:  # the decoder knows the words
        return
    finally:
        file.seek(0)
    if width * height > MAX_PIXELS:
        raise DoodError(
            f"{name} is too large for the studio: {width} x {height} pixels;"
            f" scale it down to at most {MAX_PIXELS // 10**6} million, or use dood draw"
        )
