"""Whether strokes go through the places where lines meet as a person's pen did."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from dood.data.pensets import Drawn
from dood.evaluation.pen_pictures import ink_of
from dood.evaluation.tidy import junctions_of

__all__ = ["junctions_right"]

Line = NDArray[np.float64]

RADIUS = 1.5
"""Pen widths, and two pixels more: the disc around a junction."""

SLACK = 1.0
"""Pen widths, and a pixel more, by which the ends of two passes through it may differ."""


def junctions_right(lines: Sequence[Line], drawn: Drawn, pen: float = 1.0) -> float:
    """The share of the ink's junctions that lines in pixels of the canvas pass as the person's strokes do.

    A pass is a stretch of a stroke from where it enters a disc about the junction to where it leaves it, near its
    middle. A junction is right if there are as many passes as the person's, and they can be paired such that the ends
    of each pair, in either direction, are within about a pen's width of one another. Strokes that end inside do not
    pass; where the person's all do, some line must reach the disc all the same. NaN where the ink has no junction.

    Arguments:
        pen: width of the picture's pen, as a multiple of the set's own.
    """
    width = drawn.width * pen
    ink = ink_of(drawn.strokes, [width] * len(drawn.strokes), drawn.size) > 0.5
    places = junctions_of(ink)
    if not len(places):
        return float("nan")
    radius = RADIUS * width + 2
    true, mine = ([_dense(line) for line in each if len(line) > 1] for each in (drawn.strokes, lines))
    slack = SLACK * width + 1
    right = [
        _is_reached(mine, place, radius) and _alike(_passes(true, place, radius), _passes(mine, place, radius), slack)
        for place in places
    ]
    return float(np.mean(right))


def _is_reached(lines: Sequence[Line], place: Line, radius: float) -> bool:
    """Whether any line comes near: where the person's strokes all end, no pass is right, but not nothing."""
    return any((np.hypot(*(line - place).T) < radius).any() for line in lines)


def _dense(line: Line) -> Line:
    """The line with points at most half a pixel apart."""
    counts = np.maximum(np.ceil(2 * np.hypot(*np.diff(line, axis=0).T)), 1).astype(int)
    at = np.concatenate([[0.0], np.repeat(np.arange(len(counts)), counts) + _within(counts)])
    return np.stack([np.interp(at, np.arange(len(line)), line[:, axis]) for axis in (0, 1)], 1)


def _within(counts: NDArray[np.intp]) -> Line:
    """1/count, 2/count, ..., 1 for each count."""
    first = np.repeat(np.cumsum(counts) - counts, counts)
    return (np.arange(counts.sum()) - first + 1) / np.repeat(counts, counts)


def _passes(lines: Sequence[Line], place: Line, radius: float) -> Line:
    """[n, 2, 2], where lines enter and leave the disc."""
    found = []
    for line in lines:
        if (line.max(0) < place - radius).any() or (line.min(0) > place + radius).any():
            continue
        gap = np.hypot(*(line - place).T)
        inside = np.concatenate([[False], gap < radius, [False]]).astype(int)
        begins, ends = np.flatnonzero(np.diff(inside) == 1), np.flatnonzero(np.diff(inside) == -1) - 1
        closed = bool((line[0] == line[-1]).all())
        if closed and len(begins) > 1 and begins[0] == 0 and ends[-1] == len(line) - 1:
            begins, ends = np.append(begins[1:-1], begins[-1]), np.append(ends[1:-1], ends[0])
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            through = closed and begin > end
            near = min(gap[begin:].min(), gap[: end + 1].min()) if through else gap[begin : end + 1].min()
            if near < radius / 2 and (through or (begin > 0 and end < len(line) - 1)):
                found.append(line[[begin, end]])
    return np.array(found).reshape(-1, 2, 2)


def _alike(true: Line, mine: Line, slack: float) -> bool:
    """Whether two sets of passes can be paired."""
    if len(true) != len(mine):
        return False
    gaps = [np.hypot(*np.moveaxis(true[:, None] - ways, -1, 0)).max(-1) for ways in (mine, mine[:, ::-1])]
    cost = np.minimum(*gaps) > slack
    return not cost[linear_sum_assignment(cost)].any()
