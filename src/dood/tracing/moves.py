"""From one run to the next: what the two have to do with each other, as numbers for the networks."""

import numpy as np
from numpy.typing import NDArray

from dood.tracing.pieces import Runs

__all__ = ["Rivals", "relations", "straightest"]

Array = NDArray[np.float64]


class Rivals:
    """At every end the straightest two ways on: what is lost if a pair of ends is joined.

    For run a ending at a node and run b leaving it, the rivals of the pair are the best cosine of a with any other
    run that leaves
    the node, and of b with any other run that arrives.
    """

    def __init__(self, runs: Runs) -> None:
        count = runs.count
        self.best, self.second = np.full(count, -1.0), np.full(count, -1.0)
        self.which = np.full(count, -1)
        self.degree = np.zeros(count)
        a, b = straightest(runs)
        cosine = (runs.arrive[a, 1] * runs.leave[b, 1]).sum(1)
        order = np.lexsort([-cosine, a])
        a, b, cosine = a[order], b[order], cosine[order]
        first = np.ones(len(a), bool)
        first[1:] = a[1:] != a[:-1]
        self.best[a[first]], self.which[a[first]] = cosine[first], b[first]
        second = ~first
        second[1:] &= first[:-1]
        self.second[a[second]] = cosine[second]
        np.add.at(self.degree, a, 1)

    def of(self, a: NDArray, b: NDArray) -> Array:
        """[..., 3]: the rival of a, the rival of b, ways on at the node; a run reversed is the other of its two."""
        mine = np.where(self.which[a] == b, self.second[a], self.best[a])
        theirs = np.where(self.which[b ^ 1] == a ^ 1, self.second[b ^ 1], self.best[b ^ 1])
        return np.stack([mine, theirs, self.degree[a] / 4], -1)


def straightest(runs: Runs) -> tuple[NDArray, NDArray]:
    """All pairs of runs (a, b), of different pieces, where a arrives at the node that b leaves."""
    arriving = np.flatnonzero(runs.node[:, 1] >= 0)
    arriving = arriving[np.argsort(runs.node[arriving, 1], kind="stable")]
    _, first, count = np.unique(runs.node[arriving, 1], return_index=True, return_counts=True)
    pairs = [
        (np.repeat(at, len(at)), np.tile(at ^ 1, len(at)))
        for at in (arriving[f : f + c] for f, c in zip(first, count, strict=True))
    ]
    if not pairs:
        return np.zeros(0, int), np.zeros(0, int)
    a, b = (np.concatenate(side) for side in zip(*pairs, strict=True))
    other = a >> 1 != b >> 1
    return a[other], b[other]


def relations(runs: Runs, rivals: Rivals, other: NDArray[np.intp], run: NDArray[np.intp]) -> Array:
    """Features [..., f] of going on with `run` after, or in sight of, `other` (indices of one shape)."""
    gap = runs.start[run] - runs.end[other]
    far = np.linalg.norm(gap, axis=-1)
    toward = gap / np.maximum(far, 1e-9)[..., None]
    arrive, leave = runs.arrive[other], runs.leave[run]
    cosine = (arrive * leave).sum(-1)
    sine = arrive[..., 0] * leave[..., 1] - arrive[..., 1] * leave[..., 0]
    same = other >> 1 == run >> 1
    node = [(runs.node[other, i] == runs.node[run, j]) & (runs.node[other, i] >= 0) for i in (0, 1) for j in (0, 1)]
    joined = (node[2] & ~same)[..., None]
    low, high = runs.body.min(1), runs.body.max(1)
    table = _distances(runs)
    touch = [table[run, other], table[other, run]]
    close = np.stack([touch[0][..., 0], touch[0][..., -1], touch[1][..., 0], touch[1][..., -1], touch[0].min(-1)], -1)
    middle = runs.body.mean(1)
    parts = [
        np.arcsinh(4 * gap),
        np.arcsinh(4 * (runs.end[run] - runs.end[other])),
        np.arcsinh(4 * (runs.start[run] - runs.start[other])),
        np.arcsinh(4 * (middle[run] - middle[other])),
        np.log(far[..., None] * runs.size + 0.3) / 2,
        cosine,
        sine,
        np.stack([(toward * arrive[..., 1, :]).sum(-1), (toward * leave[..., 1, :]).sum(-1)], -1)
        * (far > 1 / runs.size)[..., None],
        np.stack([*node, same, same & (other == run)], -1),
        joined * np.concatenate([rivals.of(other, run), cosine], -1),
        np.log(close * runs.size + 0.3) / 2,
        np.clip(4 * (low[run] - high[other]), -1, 1),
        np.clip(4 * (low[other] - high[run]), -1, 1),
        np.clip(8 * (low[run] - low[other]), -1, 1),
        np.clip(8 * (high[run] - high[other]), -1, 1),
        (np.log(runs.length[run] + 0.5) - np.log(runs.length[other] + 0.5))[..., None] / 3,
        np.log(runs.length[other] + 0.5)[..., None] / 3,
        runs.end[other] - runs.start[other],
    ]
    return np.concatenate(parts, -1)


def _distances(runs: Runs) -> Array:
    """[r, r, 3]: how far the start, the middle and the end of one run are from the body of another.

    The two runs of a piece have one body, so pieces are measured, a quarter of the pairs.
    """
    body = runs.body[::2]
    at = body[:, None, [0, 3, 4, 7], None]
    first, last = body[None, :, None, :-1], body[None, :, None, 1:]
    step = last - first
    along = ((at - first) * step).sum(-1) / np.maximum((step * step).sum(-1), 1e-12)
    foot = first + np.clip(along, 0, 1)[..., None] * step
    apart = np.sqrt(((at - foot) ** 2).sum(-1).min(-1))
    both = np.stack([apart[..., [0, 1, 3]], apart[..., [3, 2, 0]]], 1)
    return np.repeat(both.reshape(runs.count, len(body), 3), 2, axis=1)
