"""A few steps of least squares, each image apart: strokes moved to where they draw what the image shows.

Levenberg-Marquardt (Marquardt, 1963). Ten steps come closer than hundreds of gradient descent: strokes that overlap
hold one another in place, and only the matrix of second derivatives knows how.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dood.engines.engine import Array, Engine, Latents

__all__ = ["least_squares"]

OFFSET = 0.01
"""Of the differences that the derivatives are taken by: with less, rounding grows."""
START, EASE, STIFFEN = 0.01, 0.2, 3.0
"""The damping, and its factors: each step tries both and takes the better."""
HOLD = 0.1
"""What a change of a number by 1 costs, in squared errors of a black pixel: of 0.001 to 0.1, chosen on training images
of KMNIST, Omniglot and Quick, Draw!."""
FARTHEST = 1.0
"""A number changes by at most so much in a step."""


class _State(NamedTuple):
    """The strokes [b, t, d], the ink [b, t, h, w] of each, the sum of squared errors [b], and the damping [b]."""

    stroke: Array
    ink: Array
    cost: Array
    damping: Array


def least_squares(engine: Engine, images: Array, latents: Latents, steps: int) -> Latents:
    """Return strokes with the least squared error of the canvas that so many steps find.

    A step solves (J' J + HOLD + damping diag J' J) s = J' r for each image, with the residuals r of its pixels and
    their derivatives J by the numbers of all its strokes. Layouts stay, and strokes that do not count.

    Arguments:
        images: [b, h, h], ink in [0, 1].
    """
    problem = _Problem(engine, images, latents)
    state = problem.at(latents.stroke, np.full(len(images), START, np.float32))
    for _ in range(steps):
        state = problem.step(state)
    return latents._replace(stroke=state.stroke)


@dataclass(frozen=True)
class _Problem:
    engine: Engine
    images: Array
    latents: Latents

    def at(self, stroke: Array, damping: Array) -> _State:
        ink = self.ink(stroke)
        cost = np.square(self.engine.composite(ink.sum(1)) - self.images).sum((1, 2))
        return _State(stroke, ink, cost, damping)

    def ink(self, stroke: Array) -> Array:
        return self.engine.ink(self.latents._replace(stroke=stroke)) * self.latents.mask[..., None, None]

    def step(self, state: _State) -> _State:
        """The better of two steps, with less and with more damping; where both are worse, none, and more damping."""
        slope = self.derivatives(state)
        residual = (self.images - self.engine.composite(state.ink.sum(1))).reshape(len(slope), -1, 1)
        matrix, goal = slope @ slope.transpose(0, 2, 1), slope @ residual
        diagonal, ones = np.einsum("bii->bi", matrix), np.eye(matrix.shape[-1], dtype=np.float32)
        tries = []
        for damping in (state.damping * EASE, state.damping * STIFFEN):
            added = HOLD + damping[:, None] * diagonal
            change = np.linalg.solve(matrix + added[:, None] * ones, goal).clip(-FARTHEST, FARTHEST)
            moved = state.stroke + self.latents.mask[..., None] * change.reshape(state.stroke.shape)
            tries.append(self.at(moved.astype(np.float32), damping))
        return _better(state._replace(damping=state.damping * STIFFEN**2), _better(*tries))

    def derivatives(self, state: _State) -> Array:
        """Derivatives [b, t d, h h] of the canvas by the numbers of each stroke, which change its ink alone."""
        batch, strokes, numbers = state.stroke.shape
        total = state.ink.sum(1)
        darkening = (self.engine.composite(total + OFFSET) - self.engine.composite(total - OFFSET)) / (2 * OFFSET)
        slope = np.empty((batch, strokes, numbers, *total.shape[1:]), np.float32)
        for number in range(numbers):
            moved = state.stroke.copy()
            moved[..., number] += OFFSET
            slope[:, :, number] = (self.ink(moved) - state.ink) / OFFSET * darkening[:, None]
        return slope.reshape(batch, strokes * numbers, -1)


def _better(one: _State, other: _State) -> _State:
    """Image by image, the other where it costs less."""
    less = other.cost < one.cost
    parts = zip(one, other, strict=True)
    return _State(*(np.where(less.reshape(-1, *[1] * (a.ndim - 1)), b, a) for a, b in parts))
