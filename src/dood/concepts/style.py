"""How a hand draws, told from a few of its drawings, whatever they show: place, size, slant, pen, corners, gaps.

Nothing here knows what is drawn: a feature of a drawing is in part its hand's and in part what is drawn. How much of
which was measured once (`KINDS`), so that few drawings say much of the place on the page, and little of proportions.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.concepts.spreads import Spreads
from dood.concepts.strands import FINE, WOBBLE, Strands, corner_zone, detail, gaps, strands_of
from dood.drawing import Drawing

__all__ = ["FEATURES", "STILL", "Features", "Kind", "Style", "features", "shares", "spreads_of", "style_of"]

Array = NDArray[np.float64]


class Features(NamedTuple):
    """Of a drawing; NaN where it says nothing of one.

    Attributes:
        x, y: middle of the box of its strokes, as shares of the page's width and height.
        size: logarithm of the longer side of the box, as a share of the longer side of the page.
        aspect: logarithm of width over height.
        slant: by how much the lines go to the right for each step up, by least squares.
        pen: logarithm of its width, as a share of the longer side of the page.
        wobble: logarithm of the deviation of lines from smooth ones, away from corners, in pens.
        sharpness: the same at corners.
        gap: mean distance of ends from lines that they meet, which counts nothing, or nearly meet, in pens.
    """

    x: float
    y: float
    size: float
    aspect: float
    slant: float
    pen: float
    wobble: float
    sharpness: float
    gap: float


class Kind(NamedTuple):
    """What was measured of a feature.

    Attributes:
        deviation: of drawings of one alphabet.
        hand, chance: shares of its variance that are the hand's, and of two drawings of one thing by one hand; the rest
            is what is drawn.
    """

    deviation: float
    hand: float
    chance: float


FEATURES = Features._fields
KINDS: dict[str, Kind] = {
    "x": Kind(0.052, 0.23, 0.72),
    "y": Kind(0.053, 0.21, 0.67),
    "size": Kind(0.19, 0.15, 0.37),
    "aspect": Kind(0.45, 0.02, 0.17),
    "slant": Kind(0.15, 0.07, 0.45),
    "pen": Kind(0.06, 0.9, 0.05),
    "wobble": Kind(0.33, 0.05, 0.46),
    "sharpness": Kind(0.18, 0.02, 0.51),
    "gap": Kind(0.62, 0.02, 0.62),
}
"""From 12 characters each of 14 of Omniglot's background alphabets, by twenty drawers (from slant on, of 6). All
drew with one pen, so that the shares of the pen are a guess: most of it is the hand's."""
UPRIGHT = 0.15
"""Share of the squares of steps along lines that must be up or down, or they say nothing of slant."""
STILL = 0.01
"""Pens: no wobble is taken for less."""
FIRMLY, STRENGTH = ("x", "y", "size"), 1.4
"""How much further these go than where they differ least from the hand's, at most all the way: hands are told apart by
what is theirs, and what is half-way is nobody's. Of 1, 1.4 and 1.8 it told most drawers of background alphabets; for
the other features it made no difference."""
PRIOR = 4.0
"""Drawings whose worth it has that a hand varies as hands do."""
VARIES = {"size": "size", "aspect": "aspect", "shear": "slant"}
"""The spreads of a drawing as a whole, and the features that say how much a hand varies in them."""


class Style(NamedTuple):
    """Features of a hand, in the order of `FEATURES`.

    Attributes:
        means: [9], of its drawings; NaN where none says anything.
        deviations: [9], of its drawings among one another; NaN where fewer than two say anything.
        counts: [9], drawings that say something.
    """

    means: Array
    deviations: Array
    counts: NDArray[np.intp]


def style_of(drawings: Sequence[Drawing]) -> Style:
    """The style of the hand that drew these; drawings without strokes say nothing."""
    table = np.array([features(drawing) for drawing in drawings if drawing.strokes]).reshape(-1, len(FEATURES))
    there = np.isfinite(table)
    counts, filled = there.sum(0), np.where(there, table, 0.0)
    means = np.where(counts > 0, filled.sum(0) / np.maximum(counts, 1), np.nan)
    squares = np.square(np.where(there, table - means, 0.0)).sum(0)
    deviations = np.where(counts > 1, (squares / np.maximum(counts - 1, 1)) ** 0.5, np.nan)
    return Style(means, deviations, counts)


def shares(counts: NDArray[np.intp]) -> Array:
    """How far [9] a drawing's features should go to the means of a hand of which so many drawings are known.

    So that the expected square of what they then differ from the hand's own drawing of the same thing is least, where a
    feature is the sum of what is the hand's, the thing's and chance's, with shares s, t and e of the variance:
    k = (2 s + e) / (2 s + (t + e) (1 + 1 / n)). Some go further, by `STRENGTH`.
    """
    hand, chance = np.array([KINDS[name][1:] for name in FEATURES]).T
    n = np.maximum(counts, 1)
    nearest = (2 * hand + chance) / (2 * hand + (1 - hand) * (1 + 1 / n))
    further = np.array([STRENGTH if name in FIRMLY else 1.0 for name in FEATURES])
    return np.where(counts > 0, np.minimum(further * nearest, 1.0), 0.0)


def spreads_of(style: Style, usual: Spreads) -> Spreads:
    """How far drawings by the hand differ: more than usual, where those that are known vary more than a hand's do."""
    found = {}
    for name, feature in VARIES.items():
        i, kind = FEATURES.index(feature), KINDS[feature]
        known = max(int(style.counts[i]) - 1, 0)
        ratio = np.nan_to_num(style.deviations[i]) / (kind.deviation * (1 - kind.hand) ** 0.5)
        found[name] = getattr(usual, name) * float((PRIOR + known * ratio**2) / (PRIOR + known)) ** 0.5
    return usual._replace(**found)


def features(drawing: Drawing) -> Features:
    """The features of a drawing with strokes."""
    page = np.array([drawing.width, drawing.height], float)
    strands = strands_of(drawing)
    low, high = strands.drawn.min(0), strands.drawn.max(0)
    box = np.maximum(high - low, strands.pen)
    x, y = ((low + high) / 2 / page).tolist()
    ratios = box.max() / page.max(), box[0] / box[1], strands.pen / page.max()
    size, aspect, pen = (float(np.log(each)) for each in ratios)
    near = gaps(strands)
    gap = float(np.mean([each.far for each in near])) / FINE if near else np.nan
    return Features(x, y, size, aspect, _slant(strands), pen, *_roughness(strands), gap)


def _slant(strands: Strands) -> float:
    """Minus the sum of dx dy over that of dy squared: a shear adds what it is to that."""
    across, down = strands.steps.T
    squares = float(np.square(down).sum())
    if squares < UPRIGHT * float(np.square(strands.steps).sum()) or not squares:
        return np.nan
    return -float((across * down).sum()) / squares


def _roughness(strands: Strands) -> tuple[float, float]:
    """Logarithms of the deviation from smooth lines, in pens, away from corners and at them."""
    strayed, corners, found = np.square(detail(strands, WOBBLE) / FINE).sum(1), corner_zone(strands), []
    for which in (~corners, corners):
        enough = which.sum() > FINE
        found.append(float(np.log(np.sqrt(strayed[which].mean()) + STILL)) if enough else np.nan)
    return found[0], found[1]
