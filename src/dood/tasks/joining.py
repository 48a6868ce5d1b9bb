"""Lines that continue one another, made one: a person draws in fewer strokes than a model of short ones."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["join_lines"]

Line = NDArray[np.float64]
GAP, COSINE = 8.0, 0.2
"""Ends this near (in pixels), whose directions agree at least so far, continue one another."""
TANGENT = 8
"""Points of a line's end that its direction is taken from."""


def join_lines(lines: Sequence[Line]) -> list[Line]:
    """Join polylines [n, 2] end to end, the best match first, until no two ends match.

    A match is good if the ends are near and the pen need not turn.
    """
    joined = [np.asarray(line, dtype=float) for line in lines]
    while (pair := _best_pair(joined)) is not None:
        first, second = pair[:2]
        one = joined[first] if pair[2] else joined[first][::-1]
        other = joined[second][::-1] if pair[3] else joined[second]
        rest = [line for i, line in enumerate(joined) if i not in (first, second)]
        joined = [*rest, np.concatenate([one, other])]
    return joined


def _best_pair(lines: Sequence[Line]) -> tuple[int, int, int, int] | None:
    """Two lines and which end of each (1 is the last point), or None."""
    ends = np.array([(line[0], line[-1]) for line in lines]).reshape(-1, 2)
    outward = np.array([(_direction(line[::-1]), _direction(line)) for line in lines]).reshape(-1, 2)
    gap = np.linalg.norm(ends[:, None] - ends[None], axis=-1)
    cosine = -outward @ outward.T
    line = np.arange(len(ends)) // 2
    possible = (line[:, None] < line[None]) & (gap <= GAP) & (cosine >= COSINE)
    if not possible.any():
        return None
    cost = np.where(possible, gap / GAP + 1 - cosine, np.inf)
    one, other = np.unravel_index(cost.argmin(), cost.shape)
    return int(line[one]), int(line[other]), int(one % 2), int(other % 2)


def _direction(line: Line) -> Line:
    """Unit vector in which the pen arrives at the end of the line; zero for a dot."""
    step = line[-1] - line[-min(len(line), TANGENT + 1)]
    length = np.hypot(*step)
    return step / length if length > 0 else step
