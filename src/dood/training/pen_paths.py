"""A person's pen path as a walk over the pieces found: which runs, in which order, where the pen was lifted."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from dood.tracing.pieces import Pieces

__all__ = ["Walk", "walk_of"]

Array = NDArray[np.float64]
COVER = 0.4
"""The share of a piece that the pen must have gone along for a run."""
PASSES = 3
"""A piece is passed at most as often, from the second time on without lifting the pen."""
BRIDGE = 6.0
"""Pens: a piece this short that leads from one run to the next was passed unseen."""


class Walk(NamedTuple):
    """Runs in order.

    Attributes:
        run: [t] indices of runs: 2 i along piece i, 2 i + 1 against it.
        down: [t] bool, whether the pen stayed down since the run before.
    """

    run: NDArray[np.intp]
    down: NDArray[np.bool_]


def walk_of(strokes: list[Array], pieces: Pieces) -> Walk:
    """The walk that the true strokes ([n, 2] each, in the order and direction of the pen, in the picture's pixels)
    make.

    Each point of a stroke belongs to the piece nearest to it; a piece along which enough of it goes steadily one way
    is a run."""
    points = np.concatenate(pieces.lines)
    piece = np.repeat(np.arange(len(pieces.lines)), [len(line) for line in pieces.lines])
    place = np.concatenate([_lengths(line) for line in pieces.lines])
    length = np.array([_lengths(line)[-1] for line in pieces.lines])
    tree = KDTree(points)
    runs: list[int] = []
    down: list[bool] = []
    for stroke in strokes:
        at, near = tree.query(_even(stroke, max(pieces.pen / 4, 0.5)), distance_upper_bound=pieces.pen + 2)
        near = np.asarray(near)[np.isfinite(at)]
        mine: list[int] = []
        for run in _runs(piece[near], place[near], length, pieces):
            between = _between(mine[-1], run, pieces, length) if mine else None
            new = [*(between or []), run]
            passed = [sum(r >> 1 == n >> 1 for r in runs) for n in new]
            if max(passed) >= PASSES or (passed[-1] and between is None):
                continue
            runs += new
            down += [between is not None] * len(new)
            mine.append(run)
    return Walk(np.array(runs, np.intp), np.array(down, bool))


def _between(last: int, run: int, pieces: Pieces, length: Array) -> list[int] | None:
    """Runs that lead from the end of one run to the start of another; None if there are none short enough."""
    end, start = pieces.nodes[last >> 1][1 - (last & 1)], pieces.nodes[run >> 1][run & 1]
    if last ^ 1 == run or end == start >= 0:
        return []
    if run == last or run >> 1 == last >> 1:
        return None
    if end < 0:  # the pen came back from a tip
        if pieces.nodes[last >> 1].max() < 0:
            return None
        rest = _between(last ^ 1, run, pieces, length)
        return None if rest is None else [last ^ 1, *rest]
    if start < 0:
        return [run ^ 1] if pieces.nodes[run >> 1][1 - (run & 1)] == end else None
    short = [
        2 * i + side
        for i, side in np.argwhere(pieces.nodes == end).tolist()
        if pieces.nodes[i, 1 - side] == start and length[i] < BRIDGE * pieces.pen
    ]
    return [min(short, key=lambda r: length[r >> 1])] if short else None


def _runs(piece: NDArray, place: Array, length: Array, pieces: Pieces) -> list[int]:
    """Runs of one stroke, from the piece and the place along it that each of its points is nearest to."""
    if not len(piece):
        return []
    found: list[int] = []
    slack = 1.5 * pieces.pen
    cuts = np.flatnonzero(np.diff(piece)) + 1
    for part in np.split(np.arange(len(piece)), cuts):
        i = piece[part[0]]
        total = length[i]
        if pieces.nodes[i].max() < 0 and _is_ring(pieces.lines[i]):
            around = np.diff(place[part])
            travel = (around - total * np.round(around / max(total, 1e-9))).sum()
            if abs(travel) >= COVER * total:
                found.append(int(2 * i + (travel < 0)))
            continue
        for places in _ways(place[part], slack):
            there = places[-1] - places[0]
            if len(pieces.lines[i]) == 1 or total < slack:
                far = total if len(part) > 1 else 0.0
                if far < 0.5 * total or (found and found[-1] >> 1 == i):
                    continue
                found.append(int(2 * i + (there < 0)))
            elif abs(there) >= COVER * total:
                run = int(2 * i + (there < 0))
                if not found or found[-1] != run:
                    found.append(run)
    return found


def _is_ring(line: Array) -> bool:
    return len(line) > 3 and bool((line[0] == line[-1]).all())


def _ways(place: Array, slack: float) -> list[Array]:
    """Stretches of a path along a line between its turning points; a way back shorter than `slack` is no turn."""
    begin, peak, sign = 0, 0, 0
    ways = []
    for k in range(1, len(place)):
        move = place[k] - place[peak]
        if sign == 0:
            if abs(place[k] - place[begin]) > slack:
                sign, peak = (1 if place[k] > place[begin] else -1), k
        elif move * sign >= 0:
            peak = k
        elif abs(move) > slack:
            ways.append(place[begin : peak + 1])
            begin, peak, sign = peak, k, -sign
    ways.append(place[begin : peak + 1] if sign else place[begin:])
    return ways


def _lengths(line: Array) -> Array:
    return np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()]) if len(line) > 1 else np.zeros(1)


def _even(line: Array, step: float) -> Array:
    along = _lengths(line)
    if along[-1] == 0:
        return line[:1]
    at = np.linspace(0, along[-1], max(2, int(along[-1] / step) + 1))
    return np.stack([np.interp(at, along, line[:, i]) for i in (0, 1)], 1)
