"""Chains of cubic Bezier pieces through lines of points, all lines at once: as few pieces as keep near the points.

Each piece is a least-squares fit with given directions at its ends (Schneider, 1990); one that strays is cut in two.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.tracing.cubics import Chain, cubic_basis, sampled
from dood.tracing.smoothing import Lines

__all__ = ["fit", "simplified"]

TANGENT = 3
"""Points over which the direction at a cut is taken."""


class _Pieces(NamedTuple):
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    leave: NDArray[np.float64]
    arrive: NDArray[np.float64]

    def rows(self, which: NDArray[np.bool_]) -> "_Pieces":
        return _Pieces(self.first[which], self.last[which], self.leave[which], self.arrive[which])


def _together(parts: list[_Pieces]) -> _Pieces:
    first, last = (np.concatenate([part[i] for part in parts]).astype(np.intp) for i in (0, 1))
    leave, arrive = (np.concatenate([part[i] for part in parts]).astype(np.float64) for i in (2, 3))
    return _Pieces(first, last, leave, arrive)


def fit(lines: Lines, corners: NDArray[np.bool_], tolerance: float) -> list[Chain]:
    """A chain for each line.

    Arguments:
        corners: bool [n], points at which the direction may jump.
        tolerance: greatest distance of a point from its piece.
    """
    pieces, controls = _fitted(lines, corners, tolerance)
    order = np.argsort(pieces.first, kind="stable")
    first, last, controls = pieces.first[order], pieces.last[order], controls[order]
    owner = lines.owner
    cuts = np.searchsorted(owner[first], np.arange(len(lines.closed) + 1))
    chains = []
    for i in range(len(lines.closed)):
        own = slice(cuts[i], cuts[i + 1])
        points = np.concatenate([controls[own][:, :3].reshape(-1, 2), controls[own][-1:, 3]])
        ends = np.append(first[own], last[own][-1])
        chains.append(Chain(points, lines.widths[ends], corners[ends], bool(lines.closed[i])))
    return chains


def simplified(chains: list[Chain], tolerance: float) -> list[Chain]:
    """The chains in as few pieces as keep near them; dots and outlines of fills as they are.

    Arguments:
        tolerance: greatest distance of a chain's points from its new pieces.
    """
    drawn = [i for i, chain in enumerate(chains) if len(chain.points) > 1 and not chain.fill]
    if not drawn:
        return chains
    parts = [sampled(chains[i]) for i in drawn]
    starts = np.append(0, np.cumsum([len(points) for points, _, _ in parts]))
    corners = np.zeros(starts[-1], bool)
    for i, start, (_, _, ends) in zip(drawn, starts[:-1], parts, strict=True):
        corners[start + ends] = chains[i].corners
    points, widths = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    closed = np.array([chains[i].closed for i in drawn])
    fewer = fit(Lines(points, widths, starts, closed), corners, tolerance)
    result = list(chains)
    for i, chain in zip(drawn, fewer, strict=True):
        result[i] = chain
    return result


def _fitted(lines: Lines, corners: NDArray[np.bool_], tolerance: float) -> tuple[_Pieces, NDArray[np.float64]]:
    """Cut and fit, level by level, until every piece keeps near its points; one of two points does."""
    todo = _whole(lines, corners)
    done: list[tuple[_Pieces, NDArray[np.float64]]] = []
    while len(todo.first):
        controls, error, worst = _solve(lines.points, todo)
        good = (error <= tolerance) | (todo.last - todo.first < 2)
        done.append((todo.rows(good), controls[good]))
        todo = _cut(lines.points, todo.rows(~good), worst[~good])
    return _together([pieces for pieces, _ in done]), np.concatenate([controls for _, controls in done])


def _whole(lines: Lines, corners: NDArray[np.bool_]) -> _Pieces:
    """The stretches between corners, as one piece each."""
    cut = corners.copy()
    cut[lines.starts[:-1]] = cut[lines.starts[1:] - 1] = True
    at, owner = np.flatnonzero(cut), lines.owner
    same = owner[at[:-1]] == owner[at[1:]]
    first, last = at[:-1][same], at[1:][same]
    reach = np.minimum(TANGENT, last - first)
    leave = _unit(lines.points[first + reach] - lines.points[first])
    arrive = _unit(lines.points[last] - lines.points[last - reach])
    _close(lines, corners, first, last, leave, arrive)
    return _Pieces(first, last, leave, arrive)


def _close(
    lines: Lines,
    corners: NDArray[np.bool_],
    first: NDArray[np.intp],
    last: NDArray[np.intp],
    leave: NDArray[np.float64],
    arrive: NDArray[np.float64],
) -> None:
    """A closed line leaves its first point in the direction in which it comes to it, unless there is a corner."""
    begins = {int(point): i for i, point in enumerate(first)}
    finishes = {int(point): i for i, point in enumerate(last)}
    for i in np.flatnonzero(lines.closed).tolist():
        one, other = begins[int(lines.starts[i])], finishes[int(lines.starts[i + 1]) - 1]
        way = leave[one] + arrive[other]
        if not corners[lines.starts[i]] and np.hypot(*way) > 0.5:
            leave[one] = arrive[other] = _unit(way)


def _cut(points: NDArray[np.float64], pieces: _Pieces, worst: NDArray[np.intp]) -> _Pieces:
    """Both halves of each piece, cut where it strays most, but not close to an end."""
    first, last, leave, arrive = pieces
    quarter = np.maximum(1, (last - first) // 4)
    at = np.clip(worst, first + quarter, last - quarter)
    reach = np.minimum(TANGENT, np.minimum(at - first, last - at))
    way = _unit(points[at + reach] - points[at - reach])
    return _together([_Pieces(first, at, leave, way), _Pieces(at, last, way, arrive)])


def _solve(
    points: NDArray[np.float64], pieces: _Pieces
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Control points [p, 4, 2], greatest distances [p] and where they are [p]; the parameter is refined once."""
    first, last, _, _ = pieces
    counts = last - first + 1
    starts = np.append(0, np.cumsum(counts))[:-1]
    which = np.repeat(np.arange(len(first)), counts)
    index = np.arange(counts.sum()) - starts[which] + first[which]
    own = points[index]
    u = (index - first[which]) / (counts - 1)[which]
    for _ in range(2):
        controls = _least_squares(points, pieces, own, u, which, starts)
        u = _nearer(controls[which], own, u)
    controls = _least_squares(points, pieces, own, u, which, starts)
    strayed = np.hypot(*(_at(controls[which], u) - own).T)
    error = np.maximum.reduceat(strayed, starts)
    hit = np.flatnonzero(strayed == error[which])
    worst = np.zeros(len(first), int)
    worst[which[hit]] = index[hit]
    return controls, error, worst


def _least_squares(
    points: NDArray[np.float64],
    pieces: _Pieces,
    own: NDArray[np.float64],
    u: NDArray[np.float64],
    which: NDArray[np.intp],
    starts: NDArray[np.intp],
) -> NDArray[np.float64]:
    """How far the inner control points lie along the given directions."""
    begin, end = points[pieces.first], points[pieces.last]
    b = cubic_basis(u)
    leave, arrive = pieces.leave[which] * b[:, 1:2], -pieces.arrive[which] * b[:, 2:3]
    rest = own - begin[which] * (b[:, :1] + b[:, 1:2]) - end[which] * (b[:, 2:3] + b[:, 3:])
    sums = np.stack(
        [
            (leave * leave).sum(1),
            (leave * arrive).sum(1),
            (arrive * arrive).sum(1),
            (leave * rest).sum(1),
            (arrive * rest).sum(1),
        ],
        1,
    )
    aa, ab, bb, ar, br = np.add.reduceat(sums, starts).T
    chord = np.hypot(*(end - begin).T)
    length = np.maximum(chord, 1e-9)
    determinant = aa * bb - ab * ab
    sound = np.abs(determinant) > 1e-9 * np.maximum(aa * bb, 1e-12)
    safe = np.where(sound, determinant, 1.0)
    out, back = np.where(sound, ar * bb - br * ab, 0) / safe, np.where(sound, aa * br - ab * ar, 0) / safe
    span = np.maximum(length, (pieces.last - pieces.first) * 0.5)
    bad = ~((out > 1e-3 * span) & (back > 1e-3 * span) & (out < 3 * span) & (back < 3 * span))
    out, back = np.where(bad, length / 3, out), np.where(bad, length / 3, back)
    return np.stack([begin, begin + out[:, None] * pieces.leave, end - back[:, None] * pieces.arrive, end], 1)


def _nearer(controls: NDArray[np.float64], own: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """One Newton step of each parameter towards the nearest point of the curve."""
    away = _at(controls, u) - own
    d = 3 * np.diff(controls, axis=1)
    dd = 2 * np.diff(d, axis=1)
    v = u[:, None]
    slope = d[:, 0] * (1 - v) ** 2 + 2 * d[:, 1] * v * (1 - v) + d[:, 2] * v * v
    bend = dd[:, 0] * (1 - v) + dd[:, 1] * v
    top, bottom = (away * slope).sum(1), (slope * slope + away * bend).sum(1)
    moved = u - np.where(bottom > 1e-9, top / np.maximum(bottom, 1e-9), 0)
    inside = (u > 0) & (u < 1)
    return np.where(inside, np.clip(moved, 0, 1), u)


def _at(controls: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
    return (controls * cubic_basis(u)[:, :, None]).sum(1)


def _unit(ways: NDArray[np.float64]) -> NDArray[np.float64]:
    return ways / np.maximum(np.hypot(*ways.T), 1e-9)[..., None]
