"""A person's strokes beside those that dood finds in their picture: the truth is known here."""

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dood.data.pensets import Drawn
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.evaluation.pen_measures import Found, score
from dood.evaluation.pen_pictures import picture_of_paths
from dood.pictures import Picture
from dood.tracing.drawings import drawing_of

__all__ = ["compared", "drawn_from"]

SHOWN = ("f1", "ari", "tau", "direction", "count")
"""Scores of `dood.evaluation.pen_measures.Scores` that the page tells."""

LARGEST, MOST_STROKES, MOST_POINTS = 2048, 2000, 200_000


def compared(text: str) -> tuple[Drawing, dict[str, float | None], str]:
    """The drawing found in the picture of a person's strokes, how well they agree, and a note where that is not known.

    Arguments:
        text: JSON of {"width", "height", "pen", "strokes": [[[x, y], ...], ...]} in pixels.

    Raises:
        DoodError: it is something else, or nothing can be found in the picture.
    """
    drawn = drawn_from(text)
    picture = Picture.from_array(picture_of_paths(drawn), polarity="dark", name="your drawing", pens=1)
    drawing = drawing_of(picture)
    found = Found([stroke.even(1.0) for stroke in drawing.strokes], [stroke.width for stroke in drawing.strokes])
    try:
        scores = score(found, drawn)._asdict()
    except DoodError as error:
        return drawing, {}, str(error)
    return drawing, {name: _figure(scores[name]) for name in SHOWN}, ""


def _figure(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 4)


def drawn_from(text: str) -> Drawn:
    """A person's strokes.

    Raises:
        DoodError: the text is not as for `compared`.
    """
    try:
        plain = json.loads(text)
        size = int(plain["width"]), int(plain["height"])
        pen = float(plain["pen"])
        strokes = [_line(line) for line in plain["strokes"]]
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise DoodError("this is no JSON of strokes: give width, height, pen and strokes of [x, y]") from error
    if not all(1 <= side <= LARGEST for side in size) or not 0.5 <= pen <= 100:
        raise DoodError(f"a canvas of {size} and a pen of {pen:g} are out of range: at most {LARGEST} a side, 100 wide")
    if not 1 <= len(strokes) <= MOST_STROKES or sum(map(len, strokes)) > MOST_POINTS:
        raise DoodError(f"there are {len(strokes)} strokes: draw at least one, and at most {MOST_STROKES}")
    return Drawn(strokes, size, pen)


def _line(values: Any) -> NDArray[np.float64]:
    line = np.array(values, np.float64)
    if line.ndim != 2 or line.shape[1] != 2 or not len(line) or not (np.abs(line) <= 2 * LARGEST).all():
        raise ValueError("no line")
    return line
