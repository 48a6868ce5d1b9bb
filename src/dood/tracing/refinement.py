"""Strokes moved until the outline of their pen is that of the ink.

At a point c(u) of a stroke the pen, w(u) wide, inks a disc. Where p is on the outline of the ink, and c(u) the point of
all strokes that is nearest to it,

    e(p) = |p - c(u)| - w(u) / 2

is how far the pen fails to reach p. Gauss and Newton's method makes the sum of e(p)^2 small over the control points of
all strokes, and the widths at the ends of their pieces, at once: a least-squares registration of curves to points, with
weights 1 / (1 + (e / DOUBT)^2), since some of the outline may be no stroke's. Where there is no outline, as under
another stroke, the ties of `_add_ties` keep a stroke in shape; they are the stronger, the less a round pen explains the
outline, so a brush's stroke stays even where its ink is not.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from dood.tracing.banded import BandedSquares
from dood.tracing.cubics import Chain, cubic_basis

__all__ = ["refined", "slopes"]

ROUNDS = 4
"""Steps of Gauss and Newton; before each, outline and strokes are matched anew."""

SPACING = 0.5
"""Work pixels between the points of a stroke that the outline is matched with."""

DOUBT = 1.0
"""Work pixels by which a pen may miss the outline before it is doubted that the outline is the pen's."""

FARTHEST = 0.6
"""Widths of the pen there beyond which the outline is another's; and pen widths that a control point moves at most in a
step."""

STAY = 0.01
"""Weight of a squared pixel that a number has moved in all, if that of a squared pixel at the outline is 1."""

BEND = 1.0
"""Work pixels that the second difference of how far neighbouring control points have moved is taken to have as its
standard deviation, but at corners."""

LEAST_NOISE = 0.05
"""Work pixels by which a pen misses its outline at least."""

SMOOTH = 1e4
"""Weight of a joint without a corner: its two handles stay in line."""

STEADY = 30.0
"""Weight of a squared change of the width, from one end of a piece of one pixel to the other."""

EVEN = 1.3
"""A pen is steady where three fifths of its widths differ by no more than this factor."""

THINNEST = 0.3
"""Least width in work pixels."""

SIZE = 3
"""Numbers of a control point: x, y, and the pen's width if it is a piece's end."""

MOVED = (0, 1, 2, 3, 4, 6, 7, 9, 10, 11)
"""The numbers of a piece's four control points that say where the pen is: not the widths of the inner two."""


class _Strokes(NamedTuple):
    """All chains end to end.

    Attributes:
        values: float64 [n, 3], x, y and width of all control points; of inner ones the width means nothing.
        chain: int [n], the chain of each control point.
        first: int [m], the first control point of each piece.
        lengths: float64 [m], of the pieces' control polygons, before anything was moved.
        smooth: int [s], control points where two pieces meet without a corner.
        even: int [t], control points that are no ends and no corners.
        held: bool [n], control points that are not moved: of dots, and of outlines of fills.
    """

    values: NDArray[np.float64]
    chain: NDArray[np.intp]
    first: NDArray[np.intp]
    lengths: NDArray[np.float64]
    smooth: NDArray[np.intp]
    even: NDArray[np.intp]
    held: NDArray[np.bool_]


class _Match(NamedTuple):
    """Points of the outline and the places of strokes that should reach them, [p] each.

    Attributes:
        piece: int [p].
        share: float64 [p], the parameter u.
        normal: float64 [p, 2], unit vectors from c(u) to the outline.
        error: float64 [p], e.
        weight: float64 [p].
    """

    piece: NDArray[np.intp]
    share: NDArray[np.float64]
    normal: NDArray[np.float64]
    error: NDArray[np.float64]
    weight: NDArray[np.float64]


def refined(chains: list[Chain], outline: NDArray[np.float64], pen: float) -> list[Chain]:
    """The same chains, of as many pieces and with the same corners, where their ink is.

    Arguments:
        outline: float64 [n, 2], points on the edge of the ink, in work pixels (`dood.tracing.outline`).
        pen: width of the pen in work pixels.
    """
    strokes = _gathered(chains)
    if strokes.held.all():
        return chains
    before, cuts = strokes.values, _cuts(chains)[1:-1]
    for _ in range(ROUNDS):
        step = np.clip(_step(strokes, _matched(strokes, outline, pen), before), -FARTHEST * pen, FARTHEST * pen)
        values = strokes.values + np.where(strokes.held[:, None], 0, step)
        values[:, 2] = np.maximum(values[:, 2], THINNEST)
        strokes = strokes._replace(values=values)
        for chain, own in zip(chains, np.split(strokes.values, cuts), strict=True):
            _steady(own)
            if chain.closed:
                _close(own, corner=bool(chain.corners[0]))
    return [
        chain._replace(points=own[:, :2], widths=own[::3, 2])
        for chain, own in zip(chains, np.split(strokes.values, cuts), strict=True)
    ]


def slopes(share: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Derivatives [p, 12] of e by x, y and width of the four control points of a piece; those of c(u)'s own movement
    along the stroke are nil, as it is the nearest.

    Arguments:
        share: [p], u; widths go evenly from one end to the other.
        normal: [p, 2], unit vectors from c(u) to the outline.
    """
    result = np.zeros((len(share), 4, SIZE))
    result[:, :, :2] = -cubic_basis(share)[:, :, None] * normal[:, None]
    result[:, 0, 2], result[:, 3, 2] = (share - 1) / 2, -share / 2
    return result.reshape(len(share), -1)


def _cuts(chains: list[Chain]) -> NDArray[np.intp]:
    """[c + 1]; chain i has the control points from the i-th to before the next."""
    return np.append(0, np.cumsum([len(chain.points) for chain in chains]))


def _gathered(chains: list[Chain]) -> _Strokes:
    starts = _cuts(chains)
    values = np.column_stack([np.concatenate([chain.points for chain in chains]), np.ones(starts[-1])])
    first, smooth, even = [], [], []
    for chain, start, end in zip(chains, starts[:-1], starts[1:], strict=True):
        joints = np.arange(start, end, 3)
        values[joints, 2] = chain.widths
        first.append(joints[:-1])
        smooth.append(joints[1:-1][~chain.corners[1:-1]])
        even.append(np.setdiff1d(np.arange(start + 1, end - 1), joints[chain.corners]))
    begin, counts = np.concatenate(first), np.diff(starts)
    sides = np.diff(values[begin[:, None] + np.arange(4), :2], axis=1)
    return _Strokes(
        values,
        np.repeat(np.arange(len(chains)), counts),
        begin,
        np.hypot(sides[..., 0], sides[..., 1]).sum(1),
        np.concatenate(smooth),
        np.concatenate(even),
        np.repeat([chain.fill or len(chain.points) == 1 for chain in chains], counts),
    )


def _matched(strokes: _Strokes, outline: NDArray[np.float64], pen: float) -> _Match:
    """Each point of the outline with the nearest place of a stroke, but for what is too far away, or a dot's."""
    counts = np.ceil(strokes.lengths / SPACING).astype(int) + 2
    piece = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(len(piece)) - np.repeat(np.append(0, np.cumsum(counts))[:-1], counts)) / (counts - 1)[piece]
    own = strokes.values[strokes.first[piece][:, None] + np.arange(4)]
    middle = np.einsum("nk,nkd->nd", cubic_basis(share), own[..., :2])
    width = (1 - share) * own[:, 0, 2] + share * own[:, 3, 2]
    dots = strokes.values[np.bincount(strokes.chain)[strokes.chain] == 1, :2]
    reach = float(width.max()) / 2 + pen
    distance, nearest = KDTree(np.concatenate([middle, dots])).query(outline, distance_upper_bound=reach)
    seen = np.flatnonzero((nearest < len(middle)) & (distance > 0))
    at = np.asarray(nearest)[seen]
    error = distance[seen] - width[at] / 2
    close = abs(error) < FARTHEST * np.maximum(pen, width[at])
    seen, at, error = seen[close], at[close], error[close]
    normal = (outline[seen] - middle[at]) / distance[seen, None]
    return _Match(piece[at], share[at], normal, error, 1 / (1 + (error / DOUBT) ** 2))


def _step(strokes: _Strokes, match: _Match, before: NDArray[np.float64]) -> NDArray[np.float64]:
    """What to add to the values [n, 3]."""
    squares = BandedSquares(strokes.values.size, 4 * SIZE)
    derivatives = slopes(match.share, match.normal)
    squares.add(SIZE * strokes.first[match.piece], MOVED, derivatives[:, MOVED], match.error, match.weight)
    _add_ties(squares, strokes, strokes.values - before, _noise(strokes, match))
    _add_smoothness(squares, strokes)
    begin, width = SIZE * strokes.first + 2, strokes.values[:, 2]
    change = width[strokes.first + 3] - width[strokes.first]
    squares.add(begin, (0, 3 * SIZE), (-1.0, 1.0), change, STEADY / np.maximum(strokes.lengths, 1))
    return squares.step().reshape(strokes.values.shape)


def _noise(strokes: _Strokes, match: _Match) -> NDArray[np.float64]:
    """Variance [n] of e along the chain of each control point; 1 where none of the outline is seen."""
    chain, count = strokes.chain[strokes.first[match.piece]], int(strokes.chain[-1]) + 1
    total, squared = (np.bincount(chain, v, count) for v in (match.weight, match.weight * match.error**2))
    variance = np.divide(squared, total, out=np.ones(count), where=total > 0)
    return variance[strokes.chain] + LEAST_NOISE**2


def _add_ties(
    squares: BandedSquares, strokes: _Strokes, moved: NDArray[np.float64], noise: NDArray[np.float64]
) -> None:
    """Control points stay near where they were, and move as their neighbours do."""
    squares.add(np.arange(moved.size), (0,), (1.0,), moved.ravel(), STAY)
    at = strokes.even
    for axis in (0, 1):
        bend = moved[at - 1, axis] - 2 * moved[at, axis] + moved[at + 1, axis]
        squares.add(SIZE * (at - 1) + axis, (0, SIZE, 2 * SIZE), (1.0, -2.0, 1.0), bend, noise[at] / BEND**2)


def _add_smoothness(squares: BandedSquares, strokes: _Strokes) -> None:
    """Handles of smooth joints: out - joint = ratio (joint - in), with the ratio that they have."""
    joint, places = strokes.smooth, strokes.values[:, :2]
    back, on = places[joint] - places[joint - 1], places[joint + 1] - places[joint]
    ratio = np.clip(np.hypot(*on.T) / np.maximum(np.hypot(*back.T), 1e-6), 0.05, 20)
    terms = np.stack([ratio, -1 - ratio, np.ones_like(ratio)], 1)
    for axis in (0, 1):
        bent = on[:, axis] - ratio * back[:, axis]
        squares.add(SIZE * (joint - 1) + axis, (0, SIZE, 2 * SIZE), terms, bent, SMOOTH)


def _steady(values: NDArray[np.float64]) -> None:
    """Give a chain's values [n, 3] one width, if its pen is steady."""
    low, middle, high = np.quantile(values[::3, 2], [0.2, 0.5, 0.8])
    if high < EVEN * low:
        values[::3, 2] = middle


def _close(values: NDArray[np.float64], *, corner: bool) -> None:
    """Let a chain's values [n, 3] end where they begin, and in that direction if there is no corner."""
    values[[0, -1]] = (values[0] + values[-1]) / 2
    at = values[0, :2]
    on, back = values[1, :2] - at, at - values[-2, :2]
    far, near = np.hypot(*on), np.hypot(*back)
    way = on / max(far, 1e-9) + back / max(near, 1e-9)
    if not corner and (size := np.hypot(*way)) > 0.5:
        values[1, :2], values[-2, :2] = at + far * way / size, at - near * way / size
