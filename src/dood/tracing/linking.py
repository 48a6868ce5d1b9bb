"""From a graph to strokes: by rules of thumb, or as people draw, by the walker's way through each part of it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.tracing.chains import Path, Run, blots_of, path_of, paths_of, reversed_path
from dood.tracing.graph import FREE, Graph
from dood.tracing.joints import Ends, Pairs, link, turning
from dood.tracing.parts import PART, parts_of
from dood.tracing.pieces import Pieces, pieces_of
from dood.tracing.walker import Walker, load_walker
from dood.tracing.walking import BEAM, walk

__all__ = ["Linked", "Linker", "as_learned", "by_hand"]


class Linked(NamedTuple):
    """Strokes of a graph.

    Attributes:
        paths: one for each.
        ordered: whether they come in the order and direction of a hand.
    """

    paths: list[Path]
    ordered: bool


Linker = Callable[[Graph, bool], Linked]
"""A way to make strokes of a graph, given whether a stroke may go on where lines meet."""

WHOLE = 2 * PART
"""Most pieces that are walked over as one; where more hang together, joints are by the hand rule."""

MANY = 10_000
"""Most strokes that the walker puts in order: more are no drawing of a hand, and would take minutes."""

STIPPLE = 300
"""So many dots at least, half of all pieces or more, are stipple ..."""

SPECK, DOTS_ROW = 1.5, 8.0
"""... where a dot is a piece of at most the first many pens in length, that meets nothing; rows of them are the second
many pens high."""


def by_hand(graph: Graph, join: bool) -> Linked:
    """Strokes go on where they turn least; the baseline."""
    return Linked(paths_of(graph, link(graph, turning if join else _apart, retrace=join)), ordered=False)


def as_learned(graph: Graph, join: bool) -> Linked:
    """Strokes as the bundled walker has learned them of people.

    It only orders and directs those made by hand where they may not go on at joints, or where too much hangs together.
    """
    if not len(graph.closed):
        return by_hand(graph, join)
    pieces, walker = pieces_of(graph), load_walker()
    stipple = _stipple(pieces)
    parts = _parts_but(pieces, stipple)
    if not join or max((len(part) for part in parts), default=0) > WHOLE:
        return _ordered(by_hand(graph, join).paths, graph.pen, walker)
    runs = _runs(graph, pieces)
    strokes = [_path(graph, stroke, runs) for part in parts for stroke in _walked(pieces, part, walker)]
    dots = blots_of(graph)
    if len(stipple):
        dots += [path_of(graph, [runs[2 * i]], [FREE, FREE], False) for i in stipple.tolist()]
        dots = _by_rows(dots, graph.pen)
    return Linked(strokes + dots, ordered=True)


def _walked(pieces: Pieces, part: NDArray[np.intp], walker: Walker) -> list[list[int]]:
    """The strokes of one part, each a list of runs of all pieces."""
    mine = pieces.chosen(part)
    strokes: list[list[int]] = []
    for step in walk(mine, walker, beam=BEAM if len(part) <= PART // 2 else BEAM // 2):
        if not step.down:
            strokes.append([])
        strokes[-1].append(2 * int(part[step.run >> 1]) + (step.run & 1))
    return strokes


def _stipple(pieces: Pieces) -> NDArray[np.intp]:
    """Indices of the dots of a drawing that is shaded with them: no walk tells in which order they came."""
    counts = np.array([len(line) for line in pieces.lines])
    lone = (pieces.nodes < 0).all(1) & (counts <= SPECK * pieces.pen)
    if lone.sum() < max(STIPPLE, len(counts) / 2):
        return np.zeros(0, np.intp)
    return np.flatnonzero(lone)


def _by_rows(dots: list[Path], pen: float) -> list[Path]:
    x, y = np.array([dot.points[len(dot.points) // 2] for dot in dots]).T
    return [dots[i] for i in np.lexsort([x, y // (DOTS_ROW * pen)])]


def _parts_but(pieces: Pieces, without: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The parts of a drawing, as indices of its pieces, but for some."""
    rest = np.setdiff1d(np.arange(len(pieces.lines)), without)
    if not len(rest):
        return []
    return [rest[part] for part in parts_of(pieces.chosen(rest))]


def _runs(graph: Graph, pieces: Pieces) -> list[Run]:
    """The runs of all pieces; one width for all points where a piece has others than its branch."""
    runs: list[Run] = []
    for i, line in enumerate(pieces.lines):
        widths = graph.widths[graph.starts[i] : graph.starts[i + 1]]
        if len(widths) != len(line) or graph.closed[i]:
            widths = np.full(len(line), np.median(widths))
        runs += [(line, widths), (line[::-1], widths[::-1])]
    return runs


def _path(graph: Graph, stroke: list[int], runs: list[Run]) -> Path:
    begin, finish = stroke[0], stroke[-1]
    nodes = [int(graph.nodes[run >> 1, run & 1]) for run in stroke]
    nodes.append(int(graph.nodes[finish >> 1, ~finish & 1]))
    ring = len(stroke) == 1 and bool(graph.closed[begin >> 1])
    once = len({run >> 1 for run in stroke}) == len(stroke)
    closed = ring or (nodes[0] == nodes[-1] != FREE and once and sum(len(runs[run][0]) for run in stroke) > 3)
    return path_of(graph, [runs[run] for run in stroke], nodes, closed)


def _ordered(paths: list[Path], pen: float, walker: Walker) -> Linked:
    """Whole strokes, made otherwise, in the walker's order and direction, unless there are very many."""
    if len(paths) > MANY:
        return Linked(paths, ordered=False)
    pieces = Pieces([path.points for path in paths], np.full((len(paths), 2), FREE), pen)
    ordered: list[Path] = []
    for part in parts_of(pieces):
        for step in walk(pieces.chosen(part), walker, beam=1, join=False, retrace=False):
            path = paths[part[step.run >> 1]]
            ordered.append(reversed_path(path) if step.run & 1 else path)
    return Linked(ordered, ordered=True)


def _apart(graph: Graph, ends: Ends, pairs: Pairs) -> NDArray[np.float64]:
    """Log odds of strokes that end wherever lines meet, but for where there are only two."""
    degree = np.bincount(ends.node, minlength=len(graph.places))[ends.node[pairs.one]]
    return np.where(degree == 2, turning(graph, ends, pairs), -1.0)
