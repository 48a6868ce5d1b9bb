"""A large drawing in parts, each small enough to be seen whole: what hangs together stays together, row by row."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from dood.tracing.pieces import Pieces

__all__ = ["PART", "bodies_of", "boxes_of", "parts_of"]

PART = 96
"""Most pieces in a part, unless more hang together."""
ROW = 24
"""A row of more pieces than this begins a part of its own."""


def parts_of(pieces: Pieces, most: int = PART) -> list[NDArray[np.intp]]:
    """Indices of the pieces of each part, parts in reading order; one part if there are no more than `most` pieces."""
    if len(pieces.lines) <= most:
        return [np.arange(len(pieces.lines))]
    body = bodies_of(pieces)
    low, high = boxes_of(pieces, body)
    size = np.bincount(body)
    parts: list[list[int]] = []
    for row in _rows(low, high):
        row = row[np.argsort(low[row, 0], kind="stable")]
        for cut in _filled(size[row], low[row, 0], high[row, 0], most):
            total = size[row[cut]].sum()
            if parts and size[parts[-1]].sum() + total <= min(most, 2 * ROW) and total <= ROW:
                parts[-1] += row[cut].tolist()
            else:
                parts.append(row[cut].tolist())
    number = np.empty(len(size), int)
    for k, part in enumerate(parts):
        number[part] = k
    order = np.argsort(number[body], kind="stable")
    return np.split(order, np.cumsum(np.bincount(number[body]))[:-1])


def bodies_of(pieces: Pieces) -> NDArray[np.intp]:
    """Which body [p] each piece belongs to: those that share nodes are one."""
    count = len(pieces.lines)
    piece, side = np.nonzero(pieces.nodes >= 0)
    node = pieces.nodes[piece, side] + count
    total = int(max(count, node.max(initial=0) + 1))
    links = coo_array((np.ones(len(piece)), (piece, node)), shape=(total, total))
    return np.unique(connected_components(links, directed=False)[1][:count], return_inverse=True)[1]


def boxes_of(pieces: Pieces, body: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least and greatest x and y [b, 2] of each body."""
    points = np.concatenate(pieces.lines)
    whose = np.repeat(body, [len(line) for line in pieces.lines])
    low, high = np.full((body.max() + 1, 2), np.inf), np.full((body.max() + 1, 2), -np.inf)
    np.minimum.at(low, whose, points)
    np.maximum.at(high, whose, points)
    return low, high


def _rows(low: NDArray[np.float64], high: NDArray[np.float64]) -> list[NDArray[np.intp]]:
    """Bodies in rows, as lines of writing, from the top: the tall ones make the rows, the small ones join them."""
    height, middle = (high - low)[:, 1], (low + high)[:, 1] / 2
    typical = np.median(height[height >= np.median(height)])
    tall = np.flatnonzero(height >= 0.5 * typical)
    tall = tall[np.argsort(middle[tall], kind="stable")]
    new = np.diff(middle[tall], prepend=-np.inf) > 0.5 * typical
    row = np.cumsum(new) - 1
    centre = np.bincount(row, middle[tall]) / np.bincount(row)
    which = np.searchsorted((centre[1:] + centre[:-1]) / 2, middle)
    which[tall] = row
    order = np.argsort(which, kind="stable")
    return np.split(order, np.cumsum(np.bincount(which, minlength=len(centre)))[:-1])


def _filled(
    size: NDArray[np.intp], left: NDArray[np.float64], right: NDArray[np.float64], most: int
) -> list[NDArray[np.intp]]:
    """A row in stretches of at most `most` pieces, cut at the widest gap in the last half of what fits."""
    cuts, begin = [0], 0
    gap = left[1:] - np.maximum.accumulate(right)[:-1]
    while size[begin:].sum() > most:
        fits = max(int(np.searchsorted(np.cumsum(size[begin:]), most, side="right")), 1)
        last = min(begin + fits, len(size) - 1)
        first = min(begin + max(fits // 2, 1), last)
        if last <= begin:
            break
        begin = first + int(gap[first - 1 : last].argmax())
        cuts.append(begin)
    return np.split(np.arange(len(size)), cuts[1:])
