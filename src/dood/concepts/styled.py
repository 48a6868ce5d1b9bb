"""A drawing in another hand's style: what is drawn stays, and how it is drawn comes near to how the hand draws."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dood.concepts.reshaped import reshaped
from dood.concepts.style import Features, Style, features, shares
from dood.drawing import Drawing, Stroke

__all__ = ["styled"]

Array = NDArray[np.float64]
LEAN = 0.6
"""Most by which a drawing is made to lean."""
SAMPLES = 16
"""Points to a piece, by which the box of a drawing is found."""


def styled(drawing: Drawing, style: Style, *, seed: int = 0) -> Drawing:
    """The drawing as the hand of that style would draw it, as far as its style is known.

    Features go towards the means of the hand by `dood.concepts.style.shares`: little, if few drawings are known or the
    feature says more of what is drawn. The strokes, their order, colours and fills stay; the page does too, and what is
    drawn stays on it.

    Arguments:
        seed: of the wobble of a hand that draws less steadily.
    """
    if not drawing.strokes:
        return drawing
    own = features(drawing)
    change = Features(*np.nan_to_num(shares(style.counts) * (style.means - np.array(own))).tolist())
    return _placed(reshaped(drawing, own, change, seed=seed), own, change)


def _placed(drawing: Drawing, own: Features, change: Features) -> Drawing:
    """Leaning, as large, as wide for its height and where the hand would have it on the page, by its pen."""
    page = np.array([drawing.width, drawing.height], float)
    pen = np.exp(own.pen) * page.max()
    drawn = np.concatenate([stroke.curve(SAMPLES * stroke.pieces) for stroke in drawing.strokes])
    middle, box = _box(drawn, pen)
    # y points down: what leans to the right goes right as it goes up.
    leaning = np.array([[1.0, -float(np.clip(change.slant, -LEAN, LEAN))], [0.0, 1.0]])
    wanted = _wanted(box, change, page)
    matrix = np.diag(wanted / _box(drawn @ leaning.T, pen)[1]) @ leaning
    place = middle + np.array([change.x, change.y]) * page
    place = np.clip(place, wanted / 2, page - wanted / 2)
    shift = place - _box(drawn @ matrix.T, pen)[0]
    factor = float(np.exp(change.pen))
    return replace(drawing, strokes=tuple(_mapped(stroke, matrix, shift, factor) for stroke in drawing.strokes))


def _box(points: Array, pen: float) -> tuple[Array, Array]:
    """Middle and size of the box of points, which is at least as large as the pen."""
    low, high = points.min(0), points.max(0)
    return (low + high) / 2, np.maximum(high - low, pen)


def _wanted(box: Array, change: Features, page: Array) -> Array:
    """Width and height that a box should have, at most the page's."""
    wide = box * np.exp(np.array([0.5, -0.5]) * change.aspect)
    wide *= box.max() / wide.max() * np.exp(change.size)
    return wide * min(1.0, float((page / wide).min()))


def _mapped(stroke: Stroke, matrix: Array, shift: Array, pen: float) -> Stroke:
    points = stroke.points @ matrix.T + shift
    if stroke.closed:
        points[-1] = points[0]
    more = {"pieces": stroke.pieces, "closed": stroke.closed, "colour": stroke.colour, "fill": stroke.fill}
    return Stroke(points, stroke.widths * pen, **more)
