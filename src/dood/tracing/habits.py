"""What a pen rather does at a joint, besides what the walker learned: log odds of staying down.

It goes straight on rather than back. And in a drawing, unlike in writing, it is lifted rather than go along a line once
more, or turn sharply: the walker, which learned from more writing than drawings, joins too much of them.
"""

import numpy as np
from numpy.typing import NDArray

from dood.tracing.parts import bodies_of, boxes_of
from dood.tracing.pieces import Pieces, Runs

__all__ = ["Habits"]

STRAIGHT = 2.0
"""Log odds by which a pen that stays down rather goes straight on than back."""

DRAWING = 16
"""Pieces that hang together, times how square they are (their box's shorter side over its longer): of more than so
many it is rather a drawing than a word, of twice as many surely. This and what follows was chosen on training drawings
of five pen sets."""

AGAIN = 2.0
"""Log odds that a drawing's pen loses by going along a line once more."""

TURN = 4.0
"""Log odds that it loses by turning, for each unit of the cosine below 0.5."""

SPUR = 0.8
"""Pens: a shorter piece with a free end is what thinning makes of a sharp corner; nothing is lost there."""


class Habits:
    """Of a pen on the pieces of one drawing.

    Arguments:
        runs: the measures of these pieces.
    """

    def __init__(self, pieces: Pieces, runs: Runs) -> None:
        self.runs = runs
        self.drawn = np.repeat(_drawn(pieces), 2)
        first, last = runs.node.T
        self.spur = (runs.length < SPUR) & ((first < 0) != (last < 0))
        self.corner = np.isin(last, last[self.spur & (last >= 0)])

    def odds(self, last: NDArray[np.intp], passed: NDArray[np.bool_], may: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Log odds [b, r] of staying down, from the run before to each run next.

        Arguments:
            last: [b], the run before.
            passed: [b, r], whether a run's piece was gone along already.
            may: [b, r], whether it may follow.
        """
        cosine = (self.runs.arrive[last][:, None] * self.runs.leave[None]).sum(-1).mean(-1)
        fresh = may & ~passed
        straightest = np.max(np.where(fresh, cosine, -1.0), axis=1, keepdims=True)
        straight = np.where(fresh, STRAIGHT * np.minimum(cosine - straightest, 0.0), 0.0)
        turn = TURN * np.maximum(0.5 - cosine, 0.0) * ~self.corner[last][:, None]
        return straight - self.drawn * ~self.spur * (AGAIN * passed + turn)


def _drawn(pieces: Pieces) -> NDArray[np.float64]:
    """How surely [p] each piece is of a drawing, from 0 to 1."""
    body = bodies_of(pieces)
    low, high = boxes_of(pieces, body)
    sides = high - low + 1
    crowd = np.bincount(body) * sides.min(1) / sides.max(1)
    return np.clip(crowd / DRAWING - 1, 0, 1)[body]
