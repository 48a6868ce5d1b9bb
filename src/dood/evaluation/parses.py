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
from dood.evaluation.registration import carried

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
    return np.stack([x, y], 1)[chosen] + 0.5


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
    (same, first), (as_same, as_first) = ((group[told], order[told]) for group, order in pairs)
    both, neither, alike = same & as_same, ~same & ~as_same, first == as_first
    return Agreement(
        parse=_kappa(2 * same + (first > 0), 2 * as_same + (as_first > 0)),
        grouping=_kappa(same.astype(int), as_same.astype(int)),
        order=2 * float(alike[neither].mean()) - 1 if neither.any() else float("nan"),
        direction=2 * float(alike[both].mean()) - 1 if both.any() else float("nan"),
    )


def _kappa(one: NDArray[np.intp], other: NDArray[np.intp]) -> float:
    """Cohen's kappa of two labellings; 1 where both have a single label, the same."""
    if not len(one):
        return float("nan")
    count = 1 + max(one.max(), other.max())
    shares = [np.bincount(each, minlength=count) / len(each) for each in (one, other)]
    chance, found = float(shares[0] @ shares[1]), float((one == other).mean())
    return 1.0 if chance == 1 else (found - chance) / (1 - chance)
