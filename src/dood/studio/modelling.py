"""What the models make of a person's strokes: how they might go on, the same again, new drawings, and which it is.

Their packages are loaded with the first of it: the rest of the studio needs no torch.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dood.data.pensets import Drawn
from dood.drawing import Drawing, Stroke
from dood.errors import DoodError
from dood.evaluation.pen_pictures import picture_of_paths
from dood.pictures import Picture
from dood.studio.comparison import drawn_from

__all__ = ["answers", "continued", "invented", "models", "once_more"]

BROAD, FINE = 0.046, 0.025
"""Widths of the pen, in sides of the paper, with which a model is shown a drawing: broad where its canvas is the whole
paper, as finer lines fade at its resolution; finer where that is fitted to the ink, as small parts run together."""

GHOSTS, AGAIN, MOST, MOST_CLASSES = 8, 9, 60, 12


def models() -> list[str]:
    """The models that are here, those that draw characters of all kinds first. Loads what the other functions need.

    Raises:
        DoodError: a package is not installed.
    """
    _tasks()
    from dood.checkpoints import checkpoint

    return sorted(checkpoint.shipped(), key=lambda name: (name != "all", name))


def continued(text: str) -> list[list[Stroke]]:
    """Strokes that might follow a person's, in GHOSTS ways.

    Arguments:
        text: JSON as for `dood.studio.comparison.compared`, with "model", "temperature" and "seed".
    """
    drawn, asked = drawn_from(text), _asked(text)
    shown, thinner = _shown(drawn, BROAD)
    made = _tasks().complete(shown, frame="image", polarity="dark", count=GHOSTS, **asked)
    given = len(made.given.strokes)
    return [[_thin(stroke, thinner) for stroke in drawing.strokes[given:]] for drawing in made.drawings]


def once_more(text: str) -> list[Drawing]:
    """AGAIN drawings of the same thing; `text` is as for `continued`."""
    drawn, asked = drawn_from(text), _asked(text)
    shown, thinner = _shown(drawn, FINE)
    made = _tasks().exemplars(shown, polarity="dark", count=AGAIN, **asked)
    return [replace(each, strokes=tuple(_thin(stroke, thinner) for stroke in each.strokes)) for each in made.drawings]


def invented(text: str) -> list[Drawing]:
    """Drawings of a model; `text` is JSON of "model", "temperature", "seed" and "count"."""
    count = _number(_object(text), "count", 1, MOST)
    return _tasks().generate(count=int(count), **_asked(text))


def answers(text: str) -> list[float]:
    """How probable it is that the last of some drawings is of the class of each of the others, one example a class.

    Arguments:
        text: JSON of {"model", "drawings"}, each of these as for `dood.studio.comparison.compared`.
    """
    plain = _object(text)
    drawings = plain.get("drawings")
    if not isinstance(drawings, list) or not 3 <= len(drawings) <= MOST_CLASSES + 1:
        raise DoodError(f"give two examples or more, {MOST_CLASSES} at most, and the drawing that is asked about")
    *examples, query = (_picture(drawn_from(json.dumps(each))) for each in drawings)
    tasks = _tasks()
    scores = tasks.class_scores(tasks.load(_model(plain)), examples, [query], scoring="two-way")
    found = np.asarray(scores[0], np.float64)
    odds = np.exp(found - found.max()) if np.isfinite(found.max()) else np.ones(len(examples))
    return (odds / odds.sum()).tolist()


class _Tasks:
    """The functions of `dood.tasks` that models are used by."""

    def __init__(self) -> None:
        from dood.checkpoints import checkpoint
        from dood.tasks.complete import complete
        from dood.tasks.exemplars import exemplars
        from dood.tasks.generate import generate
        from dood.tasks.oneshot import class_scores

        self.load: Callable[..., Any] = checkpoint.load
        self.complete, self.exemplars, self.generate, self.class_scores = complete, exemplars, generate, class_scores


def _tasks() -> _Tasks:
    try:
        return _Tasks()
    except ImportError as error:
        raise DoodError(f"this needs {error.name}, which is not installed here: pip install {error.name}") from error


def _shown(drawn: Drawn, share: float) -> tuple[NDArray[np.uint8], float]:
    """A picture of strokes by a pen that models see well, and how much finer the person's is."""
    pen = max(drawn.width, share * max(drawn.size))
    return picture_of_paths(drawn._replace(width=pen)), drawn.width / pen


def _picture(drawn: Drawn) -> Picture:
    return Picture.from_array(_shown(drawn, FINE)[0], polarity="dark", name="your drawing", pens=1)


def _thin(stroke: Stroke, factor: float) -> Stroke:
    return Stroke(stroke.points, stroke.widths * factor, pieces=stroke.pieces, closed=stroke.closed)


def _asked(text: str) -> dict[str, Any]:
    plain = _object(text)
    temperature, seed = _number(plain, "temperature", 0, 2), _number(plain, "seed", 0, 2**31 - 1)
    return {"model": _model(plain), "temperature": temperature, "seed": int(seed)}


def _model(plain: dict[str, Any]) -> str:
    """A model by its name: a path is none."""
    name = plain.get("model")
    if name not in models():
        raise DoodError(f"there is no model {str(name)[:40]!r} here: use {', '.join(models())}")
    return str(name)


def _object(text: str) -> dict[str, Any]:
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DoodError("this is no JSON") from error
    if not isinstance(plain, dict):
        raise DoodError("this is no JSON object")
    return plain


def _number(plain: dict[str, Any], name: str, least: int, most: int) -> float:
    value = plain.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise DoodError(f"{name} (={str(value)[:40]}) must be a number from {least} to {most}")
    return float(value)
