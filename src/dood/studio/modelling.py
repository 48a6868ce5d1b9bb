"""What the models make of a person's strokes: how they might go on, the same again, new drawings, and which it is.

Which it is needs torch, which is loaded with the first of such questions; the others do not.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.checkpoints.finding import shipped
from dood.concepts.redrawn import redrawn
from dood.data.pensets import Drawn
from dood.drawing import Drawing, Stroke
from dood.errors import TORCH, DoodError, lacks_torch
from dood.evaluation.pen_pictures import picture_of_paths
from dood.pictures import Picture
from dood.studio.comparison import drawn_from
from dood.tasks.complete import complete
from dood.tasks.exemplars import SPREADS
from dood.tasks.generate import generate

__all__ = ["Answer", "answered", "checked_model", "continued", "invented", "models", "needing_torch", "once_more"]

NEEDS_TORCH = f"comparing drawings by a model, and looking inside, need torch: {TORCH}"
SCORING = "two-way"

BROAD, FINE = 0.046, 0.025
"""Widths of the pen, in sides of the paper, with which a model is shown a drawing: broad where its canvas is the whole
paper, as finer lines fade at its resolution; finer where that is fitted to the ink, as small parts run together."""

GHOSTS, AGAIN, MOST, MOST_CLASSES = 8, 9, 60, 12


def models(load: bool = False) -> dict[str, Any]:
    """The `names` of the models that are here, the general one first, and a line if they `lack` torch.

    Arguments:
        load: torch, so that the first drawing does not wait for it.
    """
    lack = "" if find_spec("torch") else NEEDS_TORCH
    if load and not lack:
        import_module("dood.tasks.reading")
    return {"names": sorted(shipped(), key=lambda name: (name != "all", name)), "lack": lack}


def continued(text: str) -> list[list[Stroke]]:
    """Strokes that might follow a person's, in GHOSTS ways.

    Arguments:
        text: JSON as for `dood.studio.comparison.compared`, with "model", "temperature" and "seed".
    """
    drawn, asked = drawn_from(text), _asked(text)
    shown, thinner = _shown(drawn, BROAD)
    made = complete(shown, frame="image", polarity="dark", count=GHOSTS, **asked)
    given = len(made.given.strokes)
    return [[_thin(stroke, thinner) for stroke in drawing.strokes[given:]] for drawing in made.drawings]


def once_more(text: str) -> list[Drawing]:
    """AGAIN drawings of the same thing, by other hands; the strokes are known, so no model has to find them.

    Arguments:
        text: JSON as for `dood.studio.comparison.compared`, with "temperature" and "seed".
    """
    drawn, how = drawn_from(text), _chances(_object(text))
    strokes = (Stroke(line, drawn.width, pieces=max(1, len(line) - 1)) for line in drawn.strokes)
    return redrawn(Drawing(*drawn.size, tuple(strokes)), SPREADS, AGAIN, **how)


def invented(text: str) -> list[Drawing]:
    """Drawings of a model; `text` is JSON of "model", "temperature", "seed" and "count"."""
    count = _number(_object(text), "count", 1, MOST)
    return generate(count=int(count), **_asked(text))


class Answer(NamedTuple):
    """Attributes are as those of `dood.tasks.oneshot.Answer`, the classes in the order of their examples."""

    probabilities: list[float]
    known: float
    none: bool


def answered(text: str) -> Answer:
    """Which class the last of some drawings is of, given one example of each.

    Arguments:
        text: JSON of {"model", "drawings"}, each of these as for `dood.studio.comparison.compared`.
    """
    plain = _object(text)
    drawings = plain.get("drawings")
    if not isinstance(drawings, list) or not 3 <= len(drawings) <= MOST_CLASSES + 1:
        raise DoodError(f"give two examples or more, {MOST_CLASSES} at most, and the drawing that is asked about")
    *examples, query = (_picture(drawn_from(json.dumps(each))) for each in drawings)
    with needing_torch():
        from dood.checkpoints import checkpoint
        from dood.concepts.certainty import CERTAINTIES, class_probabilities, known_probability
        from dood.concepts.matching import blank_scores
        from dood.tasks.oneshot import class_scores
        from dood.tasks.reading import rasters_of
    model, certainty = checkpoint.load(checked_model(plain.get("model"))), CERTAINTIES[SCORING, True]
    scores = class_scores(model, examples, [query], scoring=SCORING)
    known = known_probability(scores, blank_scores(rasters_of(model, [query])), certainty).item()
    return Answer(class_probabilities(scores, certainty)[0].tolist(), known, known < certainty.none_below)


@contextmanager
def needing_torch() -> Iterator[None]:
    """Where torch may be loaded."""
    try:
        yield
    except ImportError as error:
        if lacks_torch(error):
            raise DoodError(NEEDS_TORCH) from error
        raise


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
    return {"model": checked_model(plain.get("model"))} | _chances(plain)


def _chances(plain: dict[str, Any]) -> dict[str, Any]:
    temperature, seed = _number(plain, "temperature", 0, 2), _number(plain, "seed", 0, 2**31 - 1)
    return {"temperature": temperature, "seed": int(seed)}


def checked_model(name: Any) -> str:
    """The name of a shipped model: a path is none.

    Raises:
        DoodError: there is no such model.
    """
    if name not in shipped():
        raise DoodError(f"there is no model {str(name)[:40]!r} here: use {', '.join(shipped())}")
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
