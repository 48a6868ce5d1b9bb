"""Joints: which ends of branches one stroke passes through at a node.

A scorer gives every pair of ends at a node the log odds that a pen went from one to the other. The pairs taken are the
likeliest, each end once; a *doubled* branch (a stem that the pen went down and up again, or a stretch that two strokes
share) twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.tracing.graph import FREE, Graph

__all__ = ["Ends", "Links", "Pairs", "Scorer", "ends_of", "link", "pairs_of", "turning"]

NEAR, FAR = 1.0, 3.0
"""Pen widths over which the direction of an end is taken, in its own right and against bends."""

TURN = 50.0
"""Degrees that a pen turns at most at a joint, by the hand rule."""

RETRACED = 5.0
"""Most pen widths of a dead end that the hand rule takes for a stem retraced."""

MOST = 12
"""Ends at a node that are looked at; at a blot with more, those that are widest."""


class Ends(NamedTuple):
    """The ends of branches that lie at nodes, [e] each.

    Attributes:
        branch, side: whose end it is; 0 the first point, 1 the last.
        node: where it lies.
        tip: [e, 2], the end's point, where it leaves the node's disc.
        away: [e, 2], unit vector from the node, over NEAR pen widths.
        far: [e, 2], the same over FAR pen widths.
        width: of the ink there.
    """

    branch: NDArray[np.intp]
    side: NDArray[np.intp]
    node: NDArray[np.intp]
    tip: NDArray[np.float64]
    away: NDArray[np.float64]
    far: NDArray[np.float64]
    width: NDArray[np.float64]


class Pairs(NamedTuple):
    """Pairs of ends at one node, as indices [p] into `Ends`; `one` < `other`."""

    one: NDArray[np.intp]
    other: NDArray[np.intp]


Scorer = Callable[[Graph, Ends, Pairs], NDArray[np.float64]]
"""Log odds [p] that one stroke goes through each pair of ends."""


@dataclass(frozen=True)
class Links:
    """How the passes of branches hang together.

    Attributes:
        passes: int [b], how often the pen goes along each branch: 1 or 2.
        joined: what follows an end, as {(branch, pass, side): (branch, pass, side)}, both ways.
    """

    passes: NDArray[np.intp]
    joined: dict[tuple[int, int, int], tuple[int, int, int]]


def ends_of(graph: Graph) -> Ends:
    """All ends of branches at nodes."""
    branch, side = np.nonzero(graph.nodes >= 0)
    tip = graph.starts[branch + side] - side
    step = 1 - 2 * side
    return Ends(
        branch,
        side,
        graph.nodes[branch, side],
        graph.points[tip],
        _away(graph, branch, side, tip, step, NEAR),
        _away(graph, branch, side, tip, step, FAR),
        graph.widths[tip],
    )


def _away(
    graph: Graph,
    branch: NDArray[np.intp],
    side: NDArray[np.intp],
    tip: NDArray[np.intp],
    step: NDArray[np.intp],
    reach: float,
) -> NDArray[np.float64]:
    """Unit vectors from the tips to the points `reach` pen widths along, or as far as half of the branch goes."""
    sizes = np.diff(graph.starts)[branch]
    pixels = np.minimum(np.maximum(2, round(reach * graph.pen)), np.maximum(sizes - 1, 0))
    ways = graph.points[tip + step * pixels] - graph.points[tip]
    short = pixels < 2
    ways[short] += graph.points[tip[short]] - graph.places[graph.nodes[branch[short], side[short]]]
    return ways / np.maximum(np.hypot(*ways.T), 1e-9)[:, None]


def pairs_of(ends: Ends) -> Pairs:
    """All pairs of ends of different branches' ends at the same node."""
    order = np.lexsort([-ends.width, ends.node])
    node = ends.node[order]
    first = np.flatnonzero(np.diff(node, prepend=-1))
    rank = np.arange(len(node)) - np.repeat(first, np.diff(np.append(first, len(node))))
    order, node = order[rank < MOST], node[rank < MOST]
    pairs = [np.zeros((0, 2), int)]
    for apart in range(1, min(MOST, len(node))):
        same = np.flatnonzero(node[apart:] == node[:-apart])
        pairs.append(np.stack([order[same], order[same + apart]], 1))
    both = np.sort(np.concatenate(pairs), 1)
    return Pairs(both[:, 0], both[:, 1])


def turning(graph: Graph, ends: Ends, pairs: Pairs) -> NDArray[np.float64]:
    """The hand rule: log odds fall with the angle by which the pen would turn, and are even at TURN."""
    angle = turn(ends, pairs)
    return (TURN - angle) / 10.0


def turn(ends: Ends, pairs: Pairs) -> NDArray[np.float64]:
    """Degrees by which a pen turns on its way from one end of each pair to the other."""
    near = (ends.away[pairs.one] * ends.away[pairs.other]).sum(1)
    far = (ends.far[pairs.one] * ends.far[pairs.other]).sum(1)
    across = ends.tip[pairs.other] - ends.tip[pairs.one]
    gap = np.maximum(np.hypot(*across.T), 1e-9)[:, None]
    bend = -(ends.away[pairs.one] * across / gap).sum(1), (ends.away[pairs.other] * across / gap).sum(1)
    angles = np.degrees(np.arccos(np.clip(np.stack([-near, -far, *bend]), -1, 1)))
    wide = (gap[:, 0] > 2).astype(float)
    return (angles[0] + 0.5 * angles[1] + 0.3 * wide * (angles[2] + angles[3])) / (1.5 + 0.6 * wide)


def link(graph: Graph, scorer: Scorer = turning, *, retrace: bool = True) -> Links:
    """Join the ends of branches into strokes: the likeliest pairs first, as long as their odds are above even."""
    ends = ends_of(graph)
    pairs = pairs_of(ends)
    odds = scorer(graph, ends, pairs)
    doubled = _doubled(graph, ends, pairs) if retrace else np.zeros(len(ends.branch), bool)
    return _taken(graph, ends, pairs, odds, doubled)


def _doubled(graph: Graph, ends: Ends, pairs: Pairs) -> NDArray[np.bool_]:
    """Ends [e] of branches that the pen may have passed twice: two others run on in it, and not in each other.

    A dead end must be short, or it is a stroke that another one begins at.
    """
    angle = turn(ends, pairs)
    smooth = angle < TURN
    count = np.zeros(len(ends.branch), int)
    np.add.at(count, pairs.one[smooth], 1)
    np.add.at(count, pairs.other[smooth], 1)
    degree = np.bincount(ends.node, minlength=len(graph.places))[ends.node]
    mouth = (degree == 3) & (count == 2)
    flat = 2 * ends.branch + ends.side
    is_mouth = np.zeros(2 * len(graph.closed), bool)
    is_mouth[flat] = mouth
    dead = graph.nodes[ends.branch, 1 - ends.side] == FREE
    short = graph.lengths[ends.branch] < RETRACED * graph.pen
    return mouth & np.where(dead, short, is_mouth[2 * ends.branch + 1 - ends.side])


def _taken(graph: Graph, ends: Ends, pairs: Pairs, odds: NDArray[np.float64], doubled: NDArray[np.bool_]) -> Links:
    """The best pairs, greedily; a pass of a doubled branch is begun when its first is taken."""
    room = np.where(doubled, 2, 1).tolist()
    passes = np.ones(len(graph.closed), int)
    chosen: list[tuple[int, int]] = []
    one, other = pairs.one.tolist(), pairs.other.tolist()
    for p in np.argsort(-odds, kind="stable")[: (odds > 0).sum()].tolist():
        if room[one[p]] and room[other[p]]:
            room[one[p]] -= 1
            room[other[p]] -= 1
            chosen.append((one[p], other[p]))
    used: dict[int, int] = {}
    joined: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    branch, side = ends.branch.tolist(), ends.side.tolist()
    for a, b in chosen:
        at = []
        for end in (a, b):
            time = used.get(end, 0)
            used[end] = time + 1
            passes[branch[end]] = max(passes[branch[end]], time + 1)
            at.append((branch[end], time, side[end]))
        joined[at[0]], joined[at[1]] = at[1], at[0]
    _turn_back(graph, passes, joined)
    return Links(passes, joined)


def _turn_back(graph: Graph, passes: NDArray[np.intp], joined: dict) -> None:
    """At the free end of a branch that is passed twice, the pen turns."""
    for b in np.flatnonzero((passes == 2) & (graph.nodes == FREE).any(1)).tolist():
        free = 0 if graph.nodes[b, 0] == FREE else 1
        joined[b, 0, free], joined[b, 1, free] = (b, 1, free), (b, 0, free)
