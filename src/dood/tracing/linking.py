"""From a graph to strokes: by rules of thumb, or as people draw: the walker's way through each part of it."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.tracing.chains import Path, paths_of, reversed_path
from dood.tracing.graph import Graph
from dood.tracing.joints import Ends, Pairs, link, turning
from dood.tracing.order import READING
from dood.tracing.parts import PART, parts_of
from dood.tracing.pieces import Pieces, pieces_of
from dood.tracing.walker import Walker, load_walker
from dood.tracing.walking import BEAM, walk

__all__ = ["AS_LEARNED", "BY_HAND", "Linker", "walked"]


class Linker(NamedTuple):
    """A way to make strokes of a graph.

    Attributes:
        paths: of a graph, given whether a stroke may go on where lines meet.
        ordered: whether they come in the order and direction of a hand.
    """

    paths: Callable[[Graph, bool], list[Path]]
    ordered: bool


TURNING = 0.8
"""Cosine of the angle from which a pen turns at a joint rather than goes on."""

WHOLE = 2 * PART
"""Most pieces that are walked over as one; where more hang together, joints are by the hand rule."""


MANY = 10_000
"""Most strokes that the walker puts in order: more are no drawing of a hand, and would take minutes."""

STIPPLE = 300
"""So many dots at least, half of all pieces or more, are stipple ..."""

SPECK, DOTS_ROW = 1.5, 8.0
"""... where a dot is a piece of at most the first many pens in length, that meets nothing; rows of them are the second
many pens high."""


def walked(graph: Graph, walker: Walker, *, beam: int = BEAM) -> list[Path]:
    """The strokes of a graph in the order and direction of a hand.

    Arguments:
        graph: of the ink, in work pixels.
        walker: the network.
        beam: walks kept at every step.
    """
    if not len(graph.closed):
        return []
    pieces = pieces_of(graph)
    widths = _widths(graph, pieces)
    stipple = _stipple(pieces)
    parts = _parts_but(pieces, stipple)
    if max((len(part) for part in parts), default=0) > WHOLE:
        return _ordered(paths_of(graph, link(graph)), graph.pen, walker)
    paths: list[Path] = []
    for part in parts:
        mine = Pieces([pieces.lines[i] for i in part], pieces.nodes[part], pieces.pen)
        width = BEAM if len(part) <= PART // 2 else max(1, BEAM // 2)
        strokes: list[list[int]] = []
        for step in walk(mine, walker, beam=min(beam, width)):
            if step.down:
                strokes[-1].append(step.run)
            else:
                strokes.append([step.run])
        paths += [_path(stroke, part, pieces, widths, graph.radii) for stroke in strokes]
    return paths + [Path(pieces.lines[i], widths[i], False) for i in stipple.tolist()]


def _stipple(pieces: Pieces) -> NDArray[np.intp]:
    """Indices of the dots of a drawing that is shaded with them, row by row: no walk tells in which order they came."""
    counts = np.array([len(line) for line in pieces.lines])
    middles = np.array([line[len(line) // 2] for line in pieces.lines])
    lone = (pieces.nodes < 0).all(1) & (counts <= SPECK * pieces.pen)
    if lone.sum() < max(STIPPLE, len(counts) / 2):
        return np.zeros(0, np.intp)
    dots = np.flatnonzero(lone)
    return dots[np.lexsort([middles[dots, 0], middles[dots, 1] // (DOTS_ROW * pieces.pen)])]


def _parts_but(pieces: Pieces, without: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The parts of a drawing, as indices of its pieces, but for some."""
    if not len(without):
        return parts_of(pieces)
    rest = np.setdiff1d(np.arange(len(pieces.lines)), without)
    if not len(rest):
        return []
    return [rest[part] for part in parts_of(Pieces([pieces.lines[i] for i in rest], pieces.nodes[rest], pieces.pen))]


def _widths(graph: Graph, pieces: Pieces) -> list[NDArray[np.float64]]:
    """Widths at the points of the pieces: those of the graph's points, one for all where a piece has others."""
    own = [graph.widths[graph.starts[i] : graph.starts[i + 1]] for i in range(len(graph.closed))]
    return [
        w if len(w) == len(line) and not ring else np.full(len(line), np.median(w))
        for w, line, ring in zip(own, pieces.lines, graph.closed.tolist(), strict=True)
    ]


def _path(
    stroke: list[int],
    part: NDArray[np.intp],
    pieces: Pieces,
    widths: list[NDArray[np.float64]],
    radii: NDArray[np.float64],
) -> Path:
    cut = [(int(part[run >> 1]), -1 if run & 1 else 1) for run in stroke]
    points, width = _joined([(pieces.lines[i][::way], widths[i][::way]) for i, way in cut], pieces.pen)
    begin, end = _node(pieces, stroke[0], part, 0), _node(pieces, stroke[-1], part, 1)
    ring = len(stroke) == 1 and begin < 0 and len(points) > 2 and bool((points[0] == points[-1]).all())
    closed = ring or (begin == end >= 0 and len({run >> 1 for run in stroke}) == len(stroke) and len(points) > 3)
    if closed and not ring:
        points, width = np.concatenate([points, points[:1]]), np.append(width, width[0])
    first, last = (float(radii[node]) if node >= 0 else 0.0 for node in (begin, end))
    return Path(points, width, closed, (first, last))


def _joined(
    runs: list[tuple[NDArray[np.float64], NDArray[np.float64]]], pen: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Runs end to end; where the pen turns between two, by way of the point at which their directions meet."""
    points, widths = [runs[0][0]], [runs[0][1]]
    for (before, _), (after, width) in pairwise(runs):
        meeting = _meeting(before, after, pen)
        if meeting is not None:
            points.append(meeting[None])
            widths.append(width[:1])
        points.append(after)
        widths.append(width)
    return np.concatenate(points), np.concatenate(widths)


def _meeting(before: NDArray[np.float64], after: NDArray[np.float64], pen: float) -> NDArray[np.float64] | None:
    """Where two lines that end a joint apart would meet, if they turn there and meet between them."""
    reach = max(2, round(2 * pen))
    p, q = before[-1], after[0]
    ahead, back = p - before[-min(reach, len(before))], q - after[min(reach, len(after)) - 1]
    gap = float(np.hypot(*(q - p)))
    lengths = np.hypot(*ahead), np.hypot(*back)
    if gap < 0.5 * pen or min(lengths) < 1e-6:
        return None
    u, v = ahead / lengths[0], back / lengths[1]
    cross = float(u[0] * v[1] - u[1] * v[0])
    if float(u @ v) < -TURNING or abs(cross) < 1e-3:
        return None
    across = q - p
    along, beside = ((across[0] * w[1] - across[1] * w[0]) / cross for w in (v, u))
    meets = 0 < along < 2 * gap and 0 < beside < 2 * gap
    return p + along * u if meets else (p + q) / 2 + 0.5 * gap * (u + v) / max(float(np.hypot(*(u + v))), 1e-6)


def _node(pieces: Pieces, run: int, part: NDArray[np.intp], end: int) -> int:
    return int(pieces.nodes[part[run >> 1], (run & 1) ^ end])


def _ordered(paths: list[Path], pen: float, walker: Walker) -> list[Path]:
    """Whole strokes, made otherwise, in the walker's order and direction; very many by the hand rule of reading."""
    if len(paths) > MANY:
        turned = [reversed_path(path) if (path.points[-1] - path.points[0]) @ READING < 0 else path for path in paths]
        return sorted(turned, key=lambda path: float(path.points[0] @ READING))
    pieces = Pieces([path.points for path in paths], np.full((len(paths), 2), -1), pen)
    ordered: list[Path] = []
    for part in parts_of(pieces):
        mine = Pieces([pieces.lines[i] for i in part], pieces.nodes[part], pen)
        for step in walk(mine, walker, beam=1, join=False, retrace=False):
            path = paths[part[step.run >> 1]]
            ordered.append(reversed_path(path) if step.run & 1 else path)
    return ordered


def _by_turning(graph: Graph, join: bool) -> list[Path]:
    return paths_of(graph, link(graph, turning if join else _apart, retrace=join))


def _apart(graph: Graph, ends: Ends, pairs: Pairs) -> NDArray[np.float64]:
    """Log odds of strokes that end wherever lines meet, but for where there are only two."""
    degree = np.bincount(ends.node, minlength=len(graph.places))[ends.node[pairs.one]]
    return np.where(degree == 2, turning(graph, ends, pairs), -1.0)


def _by_walking(graph: Graph, join: bool) -> list[Path]:
    if join:
        return walked(graph, load_walker())
    return _ordered(_by_turning(graph, join), graph.pen, load_walker())


BY_HAND = Linker(_by_turning, ordered=False)
"""Strokes go on where they turn least; the baseline."""
AS_LEARNED = Linker(_by_walking, ordered=True)
"""As the bundled walker has learned it of people."""
