"""A part in the place of another: mapped to where it meets others, and clear of what it does not meet."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from dood.concepts.anatomy import Anatomy, Part, contacts, moved

__all__ = ["SCALES", "Tie", "fitted", "is_clear"]

Array = NDArray[np.float64]
SCALES = 0.6, 1.6
"""Least and greatest factor by which a part is scaled along and across the way between two places that it meets."""
SKEW = 1.5
"""Most by which these two differ."""
TURN = math.radians(25)
"""Most by which a part is turned."""
NEAR = 2.0
"""Pen widths: parts that do not meet are further apart than this."""
MISSED = 0.4
"""Pen widths by which a part may miss the third place at which it should meet others."""
SMOOTH, CORNER = math.radians(20), math.radians(35)
"""Most that a pen turns where it goes on smoothly, and least that it does at a corner."""


class Tie(NamedTuple):
    """Where a part should meet one that is there.

    Attributes:
        at: after this share of its length.
        place: [2], on the other.
        way: [2], the other's direction there, if the two meet end to end and one pen goes on.
        smooth: whether it goes on without a corner.
    """

    at: float
    place: Array
    way: Array | None
    smooth: bool


def _turns_well(part: Part, tie: Tie) -> bool:
    """Whether one pen would go on from the one to the other: without a corner, or with one that can be seen."""
    if tie.way is None or len(part.line) == 1:
        return True
    angle = abs(_angle(part.way(tie.at), tie.way))
    return angle < SMOOTH if tie.smooth else angle > CORNER


def fitted(
    part: Part, place: Part, ties: Sequence[Tie], free: Array, pen: float, generator: np.random.Generator
) -> Part | None:
    """The part mapped to where it meets others; None where it does not fit.

    Arguments:
        place: the part whose place it takes.
        ties: where it should meet others.
        free: where its middle goes if it meets none.
        pen: width of the pen.
    """
    if len(part.line) == 1:
        return moved(part, np.eye(2), (ties[0].place if ties else free) - part.line[0])
    ratio = place.length / max(part.length, 1e-6)
    size = float(np.clip(ratio**0.5 * np.exp(0.08 * generator.normal()), *SCALES))
    if not ties:
        return moved(part, size * np.eye(2), free - size * (part.line.min(0) + part.line.max(0)) / 2)
    if len(ties) == 1:
        matrix = size * _turned(part, ties[0])
        made = moved(part, matrix, ties[0].place - matrix @ part.at(ties[0].at))
        return made if _turns_well(made, ties[0]) else None
    return _between(part, ties, size, pen)


def _between(part: Part, ties: Sequence[Tie], size: float, pen: float) -> Part | None:
    """The part mapped to where it meets others at two places, those furthest from one another, and perhaps at more."""
    pairs = [(one, other) for k, one in enumerate(ties) for other in ties[k + 1 :]]
    one, other = max(pairs, key=lambda pair: float(np.hypot(*(pair[0].place - pair[1].place))))
    own, wanted = part.at(other.at) - part.at(one.at), other.place - one.place
    if min(np.hypot(*own), np.hypot(*wanted)) < 2 * pen:
        return None
    matrix = _along(own, wanted, size)
    if matrix is None:
        return None
    made = moved(part, matrix, one.place - matrix @ part.at(one.at))
    off = max(float(np.hypot(*(made.at(tie.at) - tie.place))) for tie in ties)
    return made if off < MISSED * pen and all(_turns_well(made, tie) for tie in ties) else None


def _turned(part: Part, tie: Tie) -> Array:
    """The rotation by which the part goes on smoothly, where it should; at most by TURN."""
    if tie.way is None or not tie.smooth:
        return np.eye(2)
    return _rotation(float(np.clip(_angle(part.way(tie.at), tie.way), -TURN, TURN)))


def _angle(one: Array, other: Array) -> float:
    """By how much the first way must be turned to be the other, from -pi to pi."""
    return float(np.arctan2(one[0] * other[1] - one[1] * other[0], one @ other))


def _rotation(angle: float) -> Array:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _along(own: Array, wanted: Array, size: float) -> Array | None:
    """The map that takes one way to another: turned, scaled along it by as much as is needed, across it by `size`."""
    angle, along = _angle(own, wanted), float(np.hypot(*wanted) / np.hypot(*own))
    if abs(angle) > TURN or not SCALES[0] <= along <= SCALES[1]:
        return None
    across, way = float(np.clip(size, along / SKEW, along * SKEW)), own / np.hypot(*own)
    return _rotation(angle) @ (across * np.eye(2) + (along - across) * np.outer(way, way))


def is_clear(plan: Anatomy, i: int, part: Part, there: dict[int, Part]) -> bool:
    """Whether a part meets what is there only where it should, and comes no nearer otherwise than it may.

    Arguments:
        plan: what says where it should, for its part `i`.
        there: the other parts, by their places in the plan.
    """
    for j, other in there.items():
        meant = [each.to for each in plan.joints if (each.one, each.other) == (j, i)]
        meant += [each.at for each in plan.joints if (each.one, each.other) == (i, j)]
        if not meant and _boxes_apart(part, other) > NEAR * plan.pen:
            continue
        gap = _gap(part, other, meant, plan.pen)
        # In small writing they may not have kept apart in the plan either.
        if gap < NEAR * plan.pen and gap < _gap(plan.parts[i], plan.parts[j], meant, plan.pen):
            return False
        if len(contacts(part.line, other.line, plan.pen)) > len(meant):
            return False
    return True


def _boxes_apart(one: Part, other: Part) -> float:
    """The distance of the boxes of two parts along the axis on which it is larger; negative where they overlap."""
    return float(np.maximum(one.line.min(0) - other.line.max(0), other.line.min(0) - one.line.max(0)).max())


def _gap(one: Part, other: Part, meant: Sequence[float], pen: float) -> float:
    """How near a part comes to another, but for about where they meet."""
    near = cdist(one.line, other.line).min(1)
    for at in meant:
        near[np.hypot(*(one.line - one.at(at)).T) < 1.5 * NEAR * pen] = 1.0
    return float(near.min())
