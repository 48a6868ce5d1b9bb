"""Completions of a part of a drawing (paper 3.2, Figure 8).

The paper goes on with the prior, stroke by stroke, and so does a prior here that can. A prior of whole drawings cannot:
what is inferred of an unfinished drawing is not how a whole one begins. Then whole drawings are sampled, the one is
taken that contains the part best (approximate Bayesian computation), and what the part has of it already is left out.
"""

from itertools import islice
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from dood.drawing import bernstein
from dood.engines.engine import Array, Curves, Engine, Latents, joined

__all__ = ["additions", "completions", "remainder", "section"]

TRIED = 128
"""Whole drawings that are sampled for each completion."""
SAMPLES = 24
"""Points of a curve that distances are taken between."""
NEAR, LEAST_RADIUS = 2.0, 0.05
"""A curve is the part's where it is nearer to it than so many radii of the part's pen, and that pen is taken to be at
least so thick, in half canvases."""
LEAST_SHARE = 1 / 6
"""A smaller share of a stroke is not added."""
SHORT = 0.003
"""What half a canvas of a whole drawing's way costs it, in squared half canvases of the part's distance: the more a
drawing has, the more parts lie in it, and the less it means that this one does (Tenenbaum and Griffiths, 2001)."""
BROAD = 0.75
"""The pen of a part is one that so much of its way is no broader than: where a part was cut off, thin slivers are
left."""


class Chance(TypedDict):
    """How strokes are sampled, as for `Engine.sample`."""

    temperature: float
    seed: int


def completions(
    engine: Engine, given: Latents, count: int, *, strokes: int | None = None, **chance: Unpack[Chance]
) -> Curves:
    """Return the strokes that complete a drawing, in `count` ways, without those given.

    Arguments:
        given: a batch of one. Without strokes that count, drawings from the prior are returned.
        strokes: most strokes that are added; as many as a drawing had in training by default.
    """
    most = engine.config.strokes if strokes is None else strokes
    if not given.strokes.any():
        return engine.curves(engine.sample(count, most, **chance))
    followed = engine.follow(given, count, most, **chance)
    if followed is not None:
        return engine.curves(followed)
    added = additions(engine, given, count, **chance)
    return added._replace(mask=added.mask & (added.mask.cumsum(-1) <= most))


def additions(engine: Engine, given: Latents, count: int, **chance: Unpack[Chance]) -> Curves:
    """Return what whole drawings that contain a part have besides it, in `count` ways.

    Each is the best of 128 drawings that the prior proposes, by how far the part is from lying in it, and by how short
    it is (`SHORT`).

    Arguments:
        given: the part, a batch of one with at least one stroke.
    """
    ink = engine.ink(given) * given.mask[..., None, None]
    picture, part = engine.composite(ink.sum(1))[0].clip(max=1), engine.curves(given)
    known, taken = _points(part), []
    for tried in islice(engine.propose(picture, TRIED, engine.config.strokes, **chance), count):
        taken.append(tried.rows(np.array([_cost(engine.curves(tried), known).argmin()])))
    return remainder(engine.curves(joined(taken)), part)


def remainder(wholes: Curves, part: Curves) -> Curves:
    """Return whole drawings without what runs along the strokes of a part, drawn with the part's pen (`BROAD`).

    Of each stroke the longest stretch away from the part is left, and joined to the part where it was cut.

    Arguments:
        part: a batch of one, with at least one stroke.
    """
    curves, known = _curves(wholes), _points(part)
    gap = np.sqrt(_squares(curves, known).min(-1))
    begin, end = _longest_run(gap > NEAR * max(_radii(part).mean(), LEAST_RADIUS))
    mask = wholes.mask & (end - begin >= LEAST_SHARE * SAMPLES)
    first, last = np.maximum(begin - 1, 0), np.minimum(end, SAMPLES - 1)
    points = section(wholes.points, first / (SAMPLES - 1), last / (SAMPLES - 1))
    for at, cut in ((0, begin > 0), (-1, end < SAMPLES)):
        nearest = known[_squares(points[..., at, :], known).argmin(-1)]
        points[..., at, :] = np.where(cut[..., None], nearest, points[..., at, :])
    return Curves(points, np.full((*mask.shape, wholes.radius.shape[-1]), _pen(part), np.float32), mask)


def section(
    points: NDArray[np.floating], start: NDArray[np.floating], end: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Return the control points of Bezier curves between two of their parameters, of the same degree (by blossoming).

    Arguments:
        points: [..., p, 2].
        start, end: [...], in [0, 1].
    """
    degree = points.shape[-2] - 1
    corners = []
    for ends in range(degree + 1):
        hull = points
        for step in range(degree):
            at = (end if step < ends else start)[..., None, None]
            hull = hull[..., :-1, :] * (1 - at) + hull[..., 1:, :] * at
        corners.append(hull)
    return np.concatenate(corners, -2).astype(points.dtype)


def _pen(part: Curves) -> float:
    """The radius that `BROAD` of the part's way is no broader than."""
    radii, lengths = _radii(part), _ways(_curves(part)[part.mask])
    order = radii.argsort()
    reached = lengths[order].cumsum()
    return float(radii[order][np.searchsorted(reached, BROAD * reached[-1])])


def _radii(part: Curves) -> Array:
    """Of the strokes that count, [n]."""
    return part.radius[part.mask].mean(1)


def _cost(wholes: Curves, known: Array) -> Array:
    """Of each drawing [b]: the mean squared distance of the part's points from it, and `SHORT` times its way."""
    curves = _curves(wholes)
    squares = np.where(wholes.mask[..., None, None], _squares(curves, known), np.inf)
    return squares.min((1, 2)).mean(-1) + SHORT * (_ways(curves) * wholes.mask).sum(1)


def _ways(curves: Array) -> Array:
    """Lengths of curves [..., s, 2]."""
    return np.linalg.norm(np.diff(curves, axis=-2), axis=-1).sum(-1)


def _squares(points: Array, known: Array) -> Array:
    """Squared distances [..., n] of points [..., 2] from all of the part's [n, 2]."""
    return np.square(points[..., 0, None] - known[:, 0]) + np.square(points[..., 1, None] - known[:, 1])


def _points(part: Curves) -> Array:
    return _curves(part)[part.mask].reshape(-1, 2)


def _curves(curves: Curves) -> Array:
    """Points along curves, [b, t, s, 2]."""
    basis = bernstein(curves.points.shape[-2], np.linspace(0, 1, SAMPLES))
    return basis.astype(np.float32) @ curves.points


def _longest_run(flags: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the longest stretch of true flags [..., s] begins, and the index after its end."""
    run = longest = end = np.zeros(flags.shape[:-1], np.int64)
    for i in range(flags.shape[-1]):
        run = (run + 1) * flags[..., i]
        end = np.where(run > longest, i + 1, end)
        longest = np.maximum(run, longest)
    return end - longest, end
