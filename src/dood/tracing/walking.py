"""The pen's way through a drawing: the likeliest walk over its pieces, by a beam.

A walk says all at once: which pieces one stroke goes along (joints), in which direction, which are gone along twice
(retraced stems, loops), and which stroke follows which. Its probability is a product over runs, each given the canvas
so far.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.tracing.habits import Habits
from dood.tracing.pieces import Pieces
from dood.tracing.state import allowed, progress
from dood.tracing.walker import View, Walker

__all__ = ["Step", "walk"]

BEAM = 8
"""Walks that are kept at every step."""
CHOICE = 0.6
"""How much it counts, once the pen is lifted, how sure it is where it goes on. At 1, strokes would run on only because
there are many places at which the next one might begin. Chosen on held-out drawings."""
CRUMB = 0.5
"""Pens: a shorter piece that hangs on one node may be left out."""


class Step(NamedTuple):
    """A run, and whether the pen stayed down since the one before."""

    run: int
    down: bool


@dataclass(frozen=True)
class _Walks:
    """Walks of one length, [b] each."""

    odds: NDArray[np.float64]
    seen: NDArray[np.float32]
    times: NDArray[np.float64]
    last: NDArray[np.intp]
    begun: NDArray[np.intp]
    steps: list[tuple[Step, ...]]

    def taken(self, rows: NDArray[np.intp]) -> "_Walks":
        pick = rows.tolist()
        return _Walks(
            self.odds[rows],
            self.seen[rows],
            self.times[rows],
            self.last[rows],
            self.begun[rows],
            [self.steps[r] for r in pick],
        )


def walk(pieces: Pieces, walker: Walker, *, beam: int = BEAM, join: bool = True, retrace: bool = True) -> list[Step]:
    """The likeliest walk that goes along every piece, but for crumbs at nodes.

    Arguments:
        pieces: of one drawing; the cost grows with the square of their number, so large drawings come in parts.
        walker: the network.
        beam: walks kept at every step; 1 is the greedy walk.
        join: whether a stroke may go on at a node.
        retrace: whether a piece may be gone along more than once.
    """
    view = View(walker, pieces)
    runs = view.runs
    habits = Habits(pieces, runs)
    first, last = runs.node[::2].T
    needed = (
        (runs.length[::2] > CRUMB) | (first != last) & (np.minimum(first, last) >= 0) | (np.maximum(first, last) < 0)
    )
    if not needed.any():
        needed[:] = True
    walks = _Walks(np.zeros(1), view.base[None], np.zeros((1, len(pieces.lines))), np.array([-1]), np.array([-1]), [()])
    best, found = -np.inf, ()
    for _ in range(3 * len(pieces.lines)):
        walks = _grown(view, habits, walks, beam, join, retrace)
        done = walks.times[:, needed].all(1)
        for row in np.flatnonzero(done & (walks.odds > best))[:1]:  # they come sorted
            best, found = walks.odds[row], walks.steps[row]
        walks = walks.taken(np.flatnonzero(~done & (walks.odds > best)))
        if not len(walks.odds):
            break
    return list(found)


def _grown(view: View, habits: Habits, walks: _Walks, beam: int, join: bool, retrace: bool) -> _Walks:
    """The best of all walks that are one run longer."""
    runs = view.runs
    state = progress(runs, walks.last, walks.times, walks.begun)
    scores = view.scores(walks.seen, walks.last, state).astype(float)
    may = allowed(runs, walks.last, walks.times, 3 if retrace else 1)
    may[..., 1] &= join
    scores[..., 1] += habits.odds(walks.last, np.repeat(walks.times > 0, 2, axis=1), may[..., 1])
    scores[~may] = -np.inf
    scores -= _log_sum(scores.reshape(len(scores), -1))[..., None]
    lift = _log_sum(scores[..., 0])
    with np.errstate(invalid="ignore"):
        scores[..., 0] = np.where(may[..., 0], lift + CHOICE * (scores[..., 0] - lift), -np.inf)
    total = (walks.odds[:, None, None] + scores).reshape(-1)
    best = np.argsort(-total, kind="stable")[:beam]
    best = best[np.isfinite(total[best])]
    row, run, down = best // (2 * runs.count), best // 2 % runs.count, best % 2 == 1
    walks = walks.taken(row)
    first = walks.times[np.arange(len(row)), run >> 1] == 0
    walks.times[np.arange(len(row)), run >> 1] += 1
    change = np.where(
        first[:, None, None], view.change[:, run].transpose(1, 0, 2), view.again[:, run].transpose(1, 0, 2)
    )
    steps = [(*s, Step(r, d)) for s, r, d in zip(walks.steps, run.tolist(), down.tolist(), strict=True)]
    return _Walks(total[best], walks.seen + change, walks.times, run, np.where(down, walks.begun, run), steps)


def _log_sum(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log of the sum of exp [b, 1] of odds [b, k]; -inf where all are. Plain: scipy's checks took a third of a walk."""
    most = odds.max(1, keepdims=True)
    most[~np.isfinite(most)] = 0.0
    with np.errstate(divide="ignore"):
        return most + np.log(np.exp(odds - most).sum(1, keepdims=True))
