"""Lines made steadier or less steady, their corners rounder or sharper, their ends nearer to other lines."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from dood.concepts.strands import CORNER, FINE, WOBBLE, Strands, corner_zone, detail, gaps, strands_of
from dood.concepts.style import STILL, Features
from dood.drawing import Drawing, Stroke
from dood.tracing.smoothing import Lines, corners_of
from dood.tracing.splines import fit

__all__ = ["reshaped"]

Array = NDArray[np.float64]
SHARPEST = 1.6
"""Most by which corners are sharpened: more would make thorns of them."""
TREMOR = 0.4
"""Deviation of the smoothing of added wobble along its line, in pens."""
SEEN = 0.52
"""Share of the deviation of such wobble that the smoothing takes away by which wobble is measured."""
YIELDS = 3.0
"""Pens from an end that is moved within which its line goes along."""
STRAYS = 0.08
"""Pens by which curves may stray from the lines, as in tracing."""
LITTLE = 0.05
"""Pens that no point needs to be moved by."""


def reshaped(drawing: Drawing, own: Features, change: Features, *, seed: int = 0) -> Drawing:
    """The drawing with wobble, sharpness and gaps changed; strokes that hardly change stay as they are.

    Arguments:
        own: features of the drawing.
        change: what is added to them; the others are not looked at.
        seed: of added wobble.
    """
    strands = strands_of(drawing)
    if not len(strands.lines.closed):
        return drawing
    lines, sharper = strands.lines, min(float(np.exp(change.sharpness)), SHARPEST)
    ways = _rougher(strands, own, change, sharper, np.random.default_rng(seed)) + _ends_moved(strands, own, change)
    far = np.hypot(*ways.T)
    changed = set(lines.owner[far > LITTLE * FINE].tolist())
    if not changed:
        return drawing
    corners = corners_of(lines, FINE) & (sharper > 0.7)
    chains = fit(lines._replace(points=lines.points + ways), corners, STRAYS * FINE)
    strokes = list(drawing.strokes)
    for i in changed:
        strokes[strands.which[i]] = _refitted(strokes[strands.which[i]], chains[i].points * strands.unit)
    return replace(drawing, strokes=tuple(strokes))


def _refitted(stroke: Stroke, points: Array) -> Stroke:
    """The stroke by other cubic pieces, its pen as wide as it was along it."""
    pieces = (len(points) - 1) // 3
    widths = stroke.width_at(pieces + 1) if len(stroke.widths) > 1 else stroke.widths
    if stroke.closed:
        points[-1] = points[0]
    return Stroke(points, widths, pieces=pieces, closed=stroke.closed, colour=stroke.colour, fill=stroke.fill)


def _rougher(
    strands: Strands, own: Features, change: Features, sharper: float, generator: np.random.Generator
) -> Array:
    """Ways [n, 2] of all points, in units, by which what is not smooth in their lines is more or less."""
    before, after = 0.0, 0.0
    if change.wobble:
        before, after = (max(np.exp(each) - STILL, 0.0) for each in (own.wobble, own.wobble + change.wobble))
    steadier = min(1.0, after / before) if before else 1.0
    corners = gaussian_filter1d(corner_zone(strands).astype(float), FINE / 2)[:, None]
    ways = corners * (sharper - 1) * detail(strands, CORNER)
    ways += (1 - corners) * (steadier - 1) * detail(strands, WOBBLE)
    if after > before:
        ways += FINE * (after**2 - before**2) ** 0.5 * _tremor(strands.lines, generator)
    return ways


def _tremor(lines: Lines, generator: np.random.Generator) -> Array:
    """Wobble [n, 2] that is measured as about 1, none at the ends of lines."""
    noise = np.zeros_like(lines.points)
    for first, last in zip(lines.starts[:-1], lines.starts[1:], strict=True):
        count = int(last - first)
        wave = gaussian_filter1d(generator.normal(size=(count, 2)), TREMOR * FINE, axis=0)
        fade = np.minimum(1.0, np.minimum(np.arange(count), np.arange(count)[::-1]) / FINE)
        noise[first:last] = fade[:, None] * wave
    # What smoothing leaves of white noise has a deviation of (2 sqrt(pi) s) ** -0.5 along each axis.
    return noise * (2 * np.pi**0.5 * TREMOR * FINE) ** 0.5 / 2**0.5 / SEEN


def _ends_moved(strands: Strands, own: Features, change: Features) -> Array:
    """Ways [n, 2] of all points, in units, by which ends that nearly meet a line come nearer to it or go from it.

    What meets still does: whether lines meet is what is drawn, not how.
    """
    lines, moved = strands.lines, np.zeros_like(strands.lines.points)
    if not change.gap or not own.gap > 0:
        return moved
    nearer = min(-change.gap / own.gap, 1.0)
    for each in gaps(strands):
        span = slice(int(lines.starts[each.line]), int(lines.starts[each.line + 1]))
        # From the end that is moved, inwards.
        inwards = slice(None, None, -1 if each.last else 1)
        reach = YIELDS * FINE / 2
        along = np.arange(span.stop - span.start) / reach
        way = each.way * np.clip(nearer * each.far, -reach / 2, each.far)
        moved[span] += (np.exp(-np.square(along))[:, None] * way)[inwards]
    return moved
