"""A few steps of least squares for each image: the recognition model's strokes, moved to where they explain it best.

Levenberg-Marquardt (Marquardt, 1963), which far from the training images gains in ten steps what gradient ascent
(`dood.inference.variational.fit`) gains in hundreds: strokes that overlap hold one another in place, and only the
matrix of second derivatives knows how.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from dood.core.distributions import PixelLaplace
from dood.errors import DoodError
from dood.inference.variational import MAX_LOG_STD, MIN_LOG_STD, Posterior
from dood.models.dood import DooD
from dood.models.latents import LAYOUT, Latents

__all__ = ["levenberg_marquardt"]

OFFSET = 0.003
"""Of the central differences that the derivatives are taken by."""
EVEN = 0.4
"""An error smaller than this counts as its square, a larger one by its size (Huber's): of 0.05 to 1, chosen on held-out
training images of KMNIST, with the model of MNIST."""
START, EASE, STIFFEN = 0.01, 0.2, 3.0
"""The damping, and its factors: each step tries both and takes the better."""
PRIOR = 1.0
"""Precision of each number before an image is seen."""
FARTHEST = 1.0
"""A number changes by at most so much in a step."""


class _State(NamedTuple):
    """The means [b, t, d], the summed ink [b, h, w] that they draw, its cost [b] in nats, and the damping [b]."""

    mean: Tensor
    ink: Tensor
    cost: Tensor
    damping: Tensor


@torch.no_grad()
def levenberg_marquardt(model: DooD, images: Float[Tensor, "b h w"], start: Posterior, steps: int) -> Posterior:
    """Return the posterior with strokes at the least cost that so many steps find, each image apart.

    The cost is -log p(x | canvas of the most probable number of strokes); the numbers are those of the strokes in their
    frames. A step solves (J' W J + PRIOR + damping) s = J' W r, with residuals r of pixels, their derivatives J by the
    numbers, and W the likelihood's precisions. Deviations are those of the Laplace approximation, 1 / sqrt(J' W J +
    PRIOR) of each number, as fits independent Gaussians; strokes beyond that number stay as they are.

    Arguments:
        start: of the same images.
        steps: none changes the deviations alone.

    Raises:
        DoodError: the likelihood has no scale.
    """
    counted = torch.arange(start.mean.shape[1], device=images.device) < start.stop.logits.argmax(-1, keepdim=True)
    problem = _Problem(model, images, counted)
    state = problem.at(start.mean.clone(), torch.full(images.shape[:1], START, device=images.device))
    for _ in range(steps):
        state = problem.step(state)
    deviations = problem.curvature(state).add(PRIOR).rsqrt().log().clamp(MIN_LOG_STD, MAX_LOG_STD)
    return start._replace(mean=state.mean, log_std=torch.where(counted.unsqueeze(-1), deviations, start.log_std))


class _Problem:
    """Images, and which strokes [b, t] count."""

    def __init__(self, model: DooD, images: Float[Tensor, "b h w"], counted: Bool[Tensor, "b t"]) -> None:
        self.model, self.images, self.counted = model, images, counted

    def at(self, mean: Float[Tensor, "b t d"], damping: Float[Tensor, " b"]) -> _State:
        ink = self.inks(mean).sum(1)
        cost = -self.model.likelihood(self.model.composite(ink)).log_prob(self.images)
        return _State(mean, ink, cost, damping)

    def inks(self, mean: Float[Tensor, "b t d"]) -> Float[Tensor, "b t h w"]:
        return self.model.render(Latents.from_flat(mean), *self.images.shape[-2:]) * self.counted[..., None, None]

    def step(self, state: _State) -> _State:
        """The better of two steps, with less and with more damping; where both are worse, none, and more damping."""
        strokes, width = state.mean.shape[1:]
        slope = self.derivatives(state, range(LAYOUT, width)).flatten(1, 2)  # [b, t n, p]
        residual = (self.images - self.model.composite(state.ink)).flatten(1)
        weighed = slope * self.precision(state).unsqueeze(1)
        matrix, goal = weighed @ slope.mT, weighed @ residual.unsqueeze(-1)
        tries = []
        for damping in (state.damping * EASE, state.damping * STIFFEN):
            added = PRIOR + damping.unsqueeze(-1) * matrix.diagonal(dim1=1, dim2=2)
            change = torch.linalg.solve(matrix + torch.diag_embed(added), goal).clamp(-FARTHEST, FARTHEST)
            mean = state.mean.clone()
            mean[..., LAYOUT:] += change.view(-1, strokes, width - LAYOUT) * self.counted.unsqueeze(-1)
            tries.append(self.at(mean, damping))
        return _better(state._replace(damping=state.damping * STIFFEN**2), _better(*tries))

    def derivatives(self, state: _State, numbers: range) -> Float[Tensor, "b t n p"]:
        """Of the canvas's pixels by some of each stroke's numbers, which change the ink of that stroke alone."""
        found = []
        for number in numbers:
            more, less = state.mean.clone(), state.mean.clone()
            more[..., number] += OFFSET
            less[..., number] -= OFFSET
            found.append((self.inks(more) - self.inks(less)) / (2 * OFFSET))
        composite = self.model.composite
        darkening = (composite(state.ink + OFFSET) - composite(state.ink - OFFSET)) / (2 * OFFSET)
        return (torch.stack(found, 2) * darkening[:, None, None]).flatten(-2)

    def precision(self, state: _State) -> Float[Tensor, "b p"]:
        """Of a Gaussian that falls off at each pixel as the likelihood does."""
        canvas = self.model.composite(state.ink)
        likelihood = self.model.likelihood(canvas)
        scale = getattr(likelihood, "scale", None)
        if scale is None:
            raise DoodError(f"{type(likelihood).__name__} has no scale: least squares needs one; leave them out")
        if isinstance(likelihood, PixelLaplace):
            return (1 / (scale * (self.images - canvas).abs().clamp(min=EVEN))).flatten(1)
        return (1 / scale.square()).expand_as(canvas).flatten(1)

    def curvature(self, state: _State) -> Float[Tensor, "b t d"]:
        """The diagonal of J' W J, for all numbers."""
        slope = self.derivatives(state, range(state.mean.shape[-1]))
        return torch.einsum("btnp,bp->btn", slope.square(), self.precision(state))


def _better(one: _State, other: _State) -> _State:
    """Image by image, the other where it costs less."""
    less = other.cost < one.cost
    parts = zip(one, other, strict=True)
    return _State(*(torch.where(less.view(-1, *[1] * (a.ndim - 1)), b, a) for a, b in parts))
