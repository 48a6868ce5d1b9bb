"""How far two parses of one drawing agree, and parses of different drawings of one character (Lake et al., 2015).

A parse says of any two points of the ink whether one stroke drew them, and which was drawn first. Two parses agree on
the pair if they say the same of both. What chance would give is taken off (Cohen's kappa), so that the figure compares
between characters of one stroke and of ten.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from dood.evaluation.pen_measures import even

__all__ = ["Agreement", "Parsed", "agreement", "ink_points", "parsed"]

Line = NDArray[np.float64]

POINTS = 100
"""Of a drawing's ink, that pairs are made of."""


class Parsed(NamedTuple):
    """What a parse says of points: which stroke drew each, and when, by the length of ink drawn before.

    Attributes:
        stroke: [n]
        time: [n]
    """

    stroke: NDArray[np.intp]
    time: NDArray[np.float64]


class Agreement(NamedTuple):
    """Figures of two parses over all pairs of points; 1 is the same, 0 what chance would give.

    Attributes:
        parse: kappa of both together: the same stroke or not, and which point first.
        grouping: kappa of whether a pair is of one stroke, which is the adjusted Rand index; 1 if both have one stroke.
        order: share of the pairs of different strokes, in both parses, whose order is the same, over chance: twice it
            less 1; NaN if there are none.
        direction: the same of the pairs that are of one stroke in both.
    """

    parse: float
    grouping: float
    order: float
    direction: float


def ink_points(ink: NDArray[np.bool_]) -> Line:
    """At most 100 points (x, y) of ink [h, w], evenly spaced along its pixels' order, in the picture's frame."""
    y, x = np.nonzero(ink)
    chosen = np.linspace(0, len(x) - 1, min(POINTS, len(x))).round().astype(int)
    return np.stack([x, y], 1)[chosen].astype(float) + 0.5


def parsed(lines: Sequence[Line], points: Line) -> Parsed:
    """Return what strokes, as polylines in the frame of the points, say of them: the nearest line's word counts."""
    dense = [even(line) for line in lines]
    nearest = KDTree(np.concatenate(dense)).query(points)[1]
    stroke = np.repeat(np.arange(len(dense)), [len(line) for line in dense])
    return Parsed(stroke[nearest], np.asarray(nearest, float))


def agreement(one: Parsed, other: Parsed) -> Agreement:
    """Compare what two parses say of the same points."""
    i, j = np.triu_indices(len(one.stroke), 1)
    pairs = [(parse.stroke[i] == parse.stroke[j], np.sign(parse.time[j] - parse.time[i])) for parse in (one, other)]
    told = (pairs[0][1] != 0) & (pairs[1][1] != 0)
    if not told.any():
        return Agreement(*[float("nan")] * 4)
    (same, first), (as_same, as_first) = ((group[told], order[told]) for group, order in pairs)
    both, neither, alike = same & as_same, ~same & ~as_same, first == as_first
    # Which point of a pair is named first is of no account: by chance half of the orders are alike.
    chance = _chance(same, as_same)
    return Agreement(
        parse=_over(float(((same == as_same) & alike).mean()), chance / 2),
        grouping=_over(float((same == as_same).mean()), chance),
        order=_over(float(alike[neither].mean()), 0.5) if neither.any() else float("nan"),
        direction=_over(float(alike[both].mean()), 0.5) if both.any() else float("nan"),
    )


def _chance(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """How often two flags would be alike if they had nothing to do with one another."""
    return float(one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean()))


def _over(found: float, chance: float) -> float:
    """Agreement over chance, 1 being all of it; 1 where chance leaves nothing to find."""
    return 1.0 if chance == 1 else (found - chance) / (1 - chance)
