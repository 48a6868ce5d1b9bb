"""Lines that continue one another, made one: a person draws in fewer strokes than a model of short ones."""

from collections.abc import Sequence
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["even", "join_lines"]

Line = NDArray[np.float64]

STEP = 0.5
"""Pixels between the points of a line once it is made even."""
GAP = 8.0
"""Lines whose ends come this near (in pixels) may continue one another."""
OVERLAP = 6.0
"""So much of a line's end (in pixels, and no more than a third of it) may lie beside or beyond the other line."""
WASTE = 0.15
"""How much nearer ends must come for each point of overlap that is cut away, in pixels."""
BEND, CORNER = 0.2, -0.9
"""Least cosine between the directions of the pen before and after; where no third line is near, the pen may turn a
corner."""
CORNER_GAP = 10.0
"""Ends that come this near (in pixels), and do not go on smoothly, may be a corner."""
TANGENT = 20
"""Points that a direction is taken from."""


class Joint(NamedTuple):
    """Two lines that may be one: their places in the list, the line that they make, and how far it is from smooth."""

    one: int
    other: int
    line: Line
    cost: float


def join_lines(lines: Sequence[Line]) -> list[Line]:
    """Join polylines [n, 2] end to end, the best match first, until no two ends match.

    A match is good if the ends are near and the pen need not turn.
    """
    joined = [even(np.asarray(line, dtype=float), STEP) for line in lines]
    while joints := list(_joints(joined)):
        best = min(joints, key=lambda joint: joint.cost)
        rest = [line for i, line in enumerate(joined) if i not in (best.one, best.other)]
        joined = [*rest, best.line]
    return joined


def even(line: Line, step: float) -> Line:
    """The same polyline with points at equal distances of about `step`, both ends included."""
    if len(line) == 1:
        return line
    along = np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    places = np.linspace(0, along[-1], max(2, int(along[-1] / step) + 1))
    return np.stack([np.interp(places, along, line[:, axis]) for axis in (0, 1)], 1)


def _joints(lines: Sequence[Line]) -> list[Joint]:
    joints = []
    for (i, one), (j, other) in combinations(enumerate(lines), 2):
        others = [line for k, line in enumerate(lines) if k not in (i, j)]
        for first, second in product((one, one[::-1]), (other, other[::-1])):
            found = _continued(first, second, others)
            if found is not None:
                joints.append(Joint(i, j, *found))
    return joints


def _continued(first: Line, second: Line, others: Sequence[Line]) -> tuple[Line, float] | None:
    """The line that goes along `first` and then `second`, and its cost; None where the pen would not go on so."""
    until, since = _meeting(first, second)
    gap = float(np.linalg.norm(first[until] - second[since]))
    if gap > GAP:
        return None
    cosine = float(_direction(first[: until + 1]) @ -_direction(second[since:][::-1]))
    if cosine < CORNER:
        return None
    if cosine < BEND and not _is_corner(first[-1], second[0], others):
        return None
    return np.concatenate([first[: until + 1], second[since:]]), gap / GAP + 1 - cosine


def _is_corner(end: Line, start: Line, others: Sequence[Line]) -> bool:
    """Whether two lines end at one place, and no third line comes near it."""
    place = (end + start) / 2
    alone = all(np.linalg.norm(line - place, axis=1).min() > GAP for line in others)
    return alone and bool(np.linalg.norm(end - start) <= CORNER_GAP)


def _meeting(first: Line, second: Line) -> tuple[int, int]:
    """Where to leave `first` near its end, and to enter `second` near its start."""
    ends, starts = (max(1, min(int(OVERLAP / STEP), len(line) // 3)) for line in (first, second))
    tail, head = first[-ends:], second[:starts]
    cut = np.arange(ends)[::-1, None] + np.arange(starts)
    distance = np.linalg.norm(tail[:, None] - head, axis=-1) + WASTE * cut
    i, j = np.unravel_index(distance.argmin(), distance.shape)
    return len(first) - ends + int(i), int(j)


def _direction(line: Line) -> Line:
    """Unit vector in which the pen arrives at the end of the line; zero for a dot."""
    step = line[-1] - line[-min(len(line), TANGENT + 1)]
    length = np.hypot(*step)
    return step / length if length > 0 else step
