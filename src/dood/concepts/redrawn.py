"""The same drawing again, by another hand, whatever its size and however many strokes it has.

What `dood.concepts.copies` does for the few strokes on a model's canvas, for strokes in a picture's pixels: a smooth
deformation, a shift of each stroke, an affine map of the whole, another pen. The deformation is a sum of waves in
place of an exact Gaussian process, whose cost would grow with the cube of the number of control points.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dood.concepts.copies import affine
from dood.concepts.spreads import WHOLE, Spreads
from dood.drawing import Drawing, Stroke

__all__ = ["redrawn"]

Array = NDArray[np.float64]
WAVES = 256
"""Random Fourier features of the deformation (Rahimi and Recht, 2007)."""
MEETING = 0.25
"""Strokes that meet still do: each one's own shift has a deviation of at most so much of its pen's width."""


def redrawn(
    drawing: Drawing, spreads: Spreads, count: int, *, temperature: float = 1.0, seed: int = 0
) -> list[Drawing]:
    """Return `count` drawings of the same thing: the same strokes in the same order, another hand's.

    Half a canvas, the unit of the spreads, is half of the longer side of what is drawn. `spreads.point` is left out: it
    would roughen strokes that are smooth.

    Arguments:
        temperature: factor of all deviations; with 0 nothing differs.
        seed: of the hands; the first drawings are the same whatever the count.
    """
    if not drawing.strokes:
        return [drawing] * count
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    unit = float(max((high - low).max() / 2, 1.0))
    hands = (
        _Hand(spreads, temperature, np.random.default_rng((seed, i)), (low + high) / 2, unit) for i in range(count)
    )
    return [replace(drawing, strokes=tuple(map(hand, drawing.strokes))) for hand in hands]


class _Hand:
    """What one hand does with every stroke, about the middle [2] of a drawing, in units of so many pixels."""

    def __init__(
        self, spreads: Spreads, temperature: float, generator: np.random.Generator, middle: Array, unit: float
    ) -> None:
        self.generator, self.middle, self.unit = generator, middle, unit
        self.own, self.meeting = temperature * spreads.stroke, temperature * MEETING
        whole = temperature * generator.normal(size=WHOLE)
        self.map = affine(whole[None], spreads)[0]
        self.shift, self.pen = spreads.shift * whole[:2], float(np.exp(spreads.pen * whole[6]))
        self.waves = generator.normal(size=(2, WAVES)) / spreads.reach
        self.phases = generator.uniform(0, 2 * np.pi, WAVES)
        self.heights = temperature * spreads.bend * (2 / WAVES) ** 0.5 * generator.normal(size=(WAVES, 2))

    def __call__(self, stroke: Stroke) -> Stroke:
        places = (stroke.points - self.middle) / self.unit
        bent = places + np.cos(places @ self.waves + self.phases) @ self.heights
        bent += min(self.own, self.meeting * stroke.width / self.unit) * self.generator.normal(size=2)
        points = (bent @ self.map.T + self.shift) * self.unit + self.middle
        if stroke.closed:
            points[-1] = points[0]
        more = {"pieces": stroke.pieces, "closed": stroke.closed, "colour": stroke.colour, "fill": stroke.fill}
        return Stroke(points, stroke.widths * self.pen, **more)
