"""Pieces of line that a pen may run along, each in either direction, and what can be measured on them.

A piece is a branch of a skeleton, or a whole stroke; its two ends lie at nodes, which pieces share, or are free. A
*run* is a piece in a direction: run 2 i goes along piece i as it is given, run 2 i + 1 against it. All measures are in
widths of the pen, or in sizes of the drawing, so nothing depends on the picture's resolution.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.tracing.graph import Graph

__all__ = ["Pieces", "Runs", "measure", "pieces_of"]

Array = NDArray[np.float64]
SAMPLES = 8
"""Points, evenly spaced, that stand for a piece's body."""
REACH = (0.5, 2.0, 6.0)
"""Pens from an end: a tangent is the chord between the first two (near) or the last two (far)."""


class Pieces(NamedTuple):
    """Lines and where they meet.

    Attributes:
        lines: [n, 2] each, (x, y) in pixels, y down; one point is a dot.
        nodes: [p, 2] int, the node at the first and at the last point of each line; -1 where the end is free.
        pen: the pen's width in pixels.
    """

    lines: list[Array]
    nodes: NDArray[np.intp]
    pen: float

    def chosen(self, which: NDArray[np.intp]) -> "Pieces":
        """Some of the pieces, by their indices."""
        return Pieces([self.lines[i] for i in which], self.nodes[which], self.pen)


class Runs(NamedTuple):
    """Measures of the 2 p runs of p pieces, by row; see `measure`.

    Attributes:
        start, end: [r, 2], pixels over the drawing's size, from the middle of its box.
        leave, arrive: [r, 2, 2] unit tangents at start and end, along the run: near and far.
        node: [r, 2] of start and end, -1 free.
        body: [r, 8, 2] evenly spaced points.
        length: [r], in pens.
        own: [r, f] features of a run by itself, those of the whole drawing included.
        size: of the drawing, in pens.
    """

    start: Array
    end: Array
    leave: Array
    arrive: Array
    node: NDArray[np.intp]
    body: Array
    length: Array
    own: Array
    size: float

    @property
    def count(self) -> int:
        return len(self.start)


def pieces_of(graph: Graph) -> Pieces:
    """The branches of a graph; a branch of one point, all but swallowed by its nodes, reaches to their centres."""
    lines = [graph.branch(i) for i in range(len(graph.closed))]
    for i, line in enumerate(lines):
        if len(line) == 1 and (graph.nodes[i] >= 0).any():
            first, last = (graph.places[n : n + 1] if n >= 0 else line[:0] for n in graph.nodes[i])
            lines[i] = np.concatenate([first, line, last])
        elif graph.closed[i]:
            lines[i] = _from_the_top(line)
    return Pieces(lines, graph.nodes, graph.pen)


def _from_the_top(ring: Array) -> Array:
    """The same ring, begun where a hand would: high, and more to the left than to the right."""
    ring = ring[:-1] if (ring[0] == ring[-1]).all() and len(ring) > 1 else ring
    start = int((ring @ (0.5, 1.0)).argmin())
    return np.concatenate([ring[start:], ring[: start + 1]])


def measure(pieces: Pieces) -> Runs:
    """Measures of all runs. The drawing's size is the shorter side of its box, but at least an eighth of the longer."""
    points = np.concatenate(pieces.lines)
    low, high = points.min(0), points.max(0)
    size = max(float((high - low).min()), float((high - low).max()) / 8, 2 * pieces.pen)
    scaled = [(line - (low + high) / 2) / size for line in pieces.lines]
    pen = pieces.pen / size
    along = _Along(scaled)
    body = along.at(np.linspace(0, 1, SAMPLES) * along.length[:, None])
    ends = [_tangents(along, pen, backward) for backward in (False, True)]
    body = _both(body, body[:, ::-1])
    leave, arrive = _both(ends[0], ends[1]), _both(-ends[1], -ends[0])
    node = _both(pieces.nodes, pieces.nodes[:, ::-1])
    length = np.repeat(along.length, 2)
    box = (high - low) / size
    parts = _own(body, leave, arrive, node, length, box, pen)
    return Runs(body[:, 0], body[:, -1], leave, arrive, node, body, length / pen, parts, 1 / pen)


def _both(forward: NDArray, backward: NDArray) -> NDArray:
    """Rows of the runs along and against the pieces, in turn."""
    return np.stack([forward, backward], 1).reshape(-1, *forward.shape[1:])


class _Along:
    """Points at given lengths along each of several lines, all at once: the lines end to end are one long one."""

    def __init__(self, lines: list[Array]) -> None:
        self.points = np.concatenate(lines)
        count = np.array([len(line) for line in lines])
        first = np.concatenate([[0], count.cumsum()[:-1]])
        step = np.hypot(*np.diff(self.points, axis=0).T)
        self.place = np.concatenate([[0.0], step.cumsum()])
        self.begin = self.place[first]
        self.length = self.place[first + count - 1] - self.begin

    def at(self, distance: Array) -> Array:
        """Points [n, k, 2] at `distance` [n, k] from the n lines' beginnings."""
        where = self.begin[:, None] + np.minimum(distance, self.length[:, None])
        return np.stack([np.interp(where, self.place, self.points[:, i]) for i in (0, 1)], -1)


def _tangents(along: _Along, pen: float, backward: bool) -> Array:
    """Unit vectors [p, 2, 2], near and far, into the pieces from one end; of short pieces the whole chord."""
    length = along.length[:, None]
    reach = np.minimum(np.array(REACH) * pen, length * np.array([0.1, 0.6, 1.0]))
    points = along.at(length - reach if backward else reach)
    chord = np.diff(points, axis=1)
    return chord / np.maximum(np.linalg.norm(chord, axis=-1, keepdims=True), 1e-9)


def _own(body: Array, leave: Array, arrive: Array, node: NDArray, length: Array, box: Array, pen: float) -> Array:
    chord = body[:, -1] - body[:, 0]
    span = np.linalg.norm(chord, axis=1)
    way = chord / np.maximum(span, 1e-9)[:, None]
    step = np.diff(body, axis=1)
    angle = np.arctan2(step[..., 1], step[..., 0])
    turn = ((np.diff(angle, axis=1) + np.pi) % (2 * np.pi) - np.pi) * (length > 2 * pen)[:, None]
    around = (body[:, :-1, 0] * body[:, 1:, 1] - body[:, :-1, 1] * body[:, 1:, 0]).sum(1) / 2
    closed = (span < 1.5 * pen) & (length > 4 * pen)
    runs = [
        *(np.clip(p / np.maximum(box, 1e-9), -1, 1) for p in (body[:, 0], body[:, -1], body.mean(1))),
        *(np.arcsinh(2 * p) for p in (body[:, 0], body[:, -1])),
        np.arcsinh(3 * chord),
        way,
        leave.reshape(-1, 4),
        arrive.reshape(-1, 4),
        np.stack([turn.sum(1), np.abs(turn).sum(1), turn[:, :3].sum(1), turn[:, 3:].sum(1)], 1) / np.pi,
        np.stack([around * 4, closed * np.sign(around), closed, length < 1.5 * pen], 1),
        np.stack([np.log(length / pen + 0.3) / 2, np.log(length + 0.03), span / np.maximum(length, 1e-9)], 1),
        node >= 0,
        np.ptp(body, axis=1),
    ]
    total = max(length.sum(), 1e-9)
    straight = (span * (length > 3 * pen)).sum() / max((length * (length > 3 * pen)).sum(), 1e-9)
    slant = ((way[:, 0] ** 2 - way[:, 1] ** 2) * length).sum() / total, ((way[:, 0] * way[:, 1]) * length).sum() / total
    whole = [
        np.log(len(body) / 2) / 3,
        -np.log(pen) / 3,
        np.log(max(box[0], 0.05) / max(box[1], 0.05)) / 2,
        np.log(total / 2 + 0.1),
        straight,
        *slant,
        (node >= 0).mean(),
        closed.mean(),
        np.log((length / pen).mean() + 0.5) / 3,
    ]
    return np.column_stack([*runs, np.broadcast_to(whole, (len(body), len(whole)))]).astype(np.float64)
