"""Densities of strokes, of their number and of pixels.

Bounded latents (layout, pen) are squashed Gaussians: v = low + (high - low) sigmoid(u). All densities are of u, for
model and posterior alike. The Jacobian of the squash would be in both: ratios and bounds are the same without it.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple, cast

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.distributions import Categorical, Distribution, Independent, MixtureSameFamily, Normal

__all__ = [
    "Block",
    "Blocks",
    "Interval",
    "PixelLaplace",
    "PixelNormal",
    "blocks",
    "blocks_size",
    "gaussian",
    "mixture",
    "picked",
    "rsample",
    "sample",
    "select",
    "stop_time",
]

MIN_STD, MAX_STD = 1e-3, 10.0


class Interval(NamedTuple):
    """An open interval as the image of the real line: a sigmoid from `low` to `high`."""

    low: float
    high: float

    def squash(self, raw: Tensor) -> Tensor:
        """Return `low + (high - low) * sigmoid(raw)`."""
        return self.low + (self.high - self.low) * raw.sigmoid()

    def unsquash(self, value: float) -> float:
        """Return the raw number that squashes to `value`, or to the nearest number well inside the interval."""
        share = min(max((value - self.low) / (self.high - self.low), 1e-3), 1 - 1e-3)
        return math.log(share / (1 - share))

    def raw(self, values: Tensor) -> Tensor:
        """As `unsquash`, of many values. (That one is plain Python: models are built where tensors have no values.)"""
        return ((values - self.low) / (self.high - self.low)).clamp(1e-3, 1 - 1e-3).logit()


def _std(raw: Tensor) -> Tensor:
    # Clamped before the exponential: infinity, clamped after it, has no gradient but NaN.
    return raw.clamp(math.log(MIN_STD), math.log(MAX_STD)).exp()


def gaussian(parameters: Float[Tensor, "*batch two_d"]) -> Independent:
    """Return independent Gaussians over the last axis, from d means and then d log standard deviations."""
    mean, log_std = parameters.chunk(2, -1)
    return Independent(Normal(mean, _std(log_std), validate_args=False), 1, validate_args=False)


def mixture(parameters: Float[Tensor, "*batch m one_two_d"]) -> MixtureSameFamily:
    """Return a mixture over axis m of diagonal Gaussians, each from a logit, d means and d log standard deviations."""
    logits, rest = parameters[..., 0], parameters[..., 1:]
    return MixtureSameFamily(Categorical(logits=logits, validate_args=False), gaussian(rest), validate_args=False)


def rsample(density: Independent, noise: Float[Tensor, "*b d"] | None) -> Float[Tensor, "*b d"]:
    """Return the reparameterised sample mean + std * noise of a `gaussian`; without noise its mean."""
    base = density.base_dist
    return base.loc if noise is None else base.loc + base.scale * noise


def sample(density: MixtureSameFamily, generator: torch.Generator | None, temperature: float = 1.0) -> Tensor:
    """Return a sample of a `mixture`, with the Gaussians' deviations times the temperature. It has no gradient."""
    place = {"device": density.mean.device, "dtype": density.mean.dtype}
    pick = torch.rand(density.batch_shape, generator=generator, **place)
    noise = torch.randn((*density.batch_shape, *density.event_shape), generator=generator, **place)
    return select(density, pick, temperature * noise)


def picked(weights: Float[Tensor, "*b m"], pick: Float[Tensor, "*b"]) -> Int[Tensor, "*b"]:
    """Return the number of the component whose share of the cumulated weights a number in [0, 1) lies in."""
    return (weights.cumsum(-1)[..., :-1] <= pick.unsqueeze(-1)).sum(-1)


def select(
    density: MixtureSameFamily, pick: Float[Tensor, "*b"], noise: Float[Tensor, "*b d"]
) -> Float[Tensor, "*b d"]:
    """Return the sample of a `mixture` that random numbers choose.

    Arguments:
        pick: in [0, 1), chooses the component (`picked`).
        noise: standard normal, in the component's deviations from its mean.
    """
    index = picked(density.mixture_distribution.probs, pick)[..., None, None]
    base = cast(Independent, density.component_distribution).base_dist
    loc, scale = (
        x.gather(-2, index.expand(*index.shape[:-1], x.shape[-1])).squeeze(-2) for x in (base.loc, base.scale)
    )
    return loc + scale * noise


class Block(NamedTuple):
    """`count` groups of `width` numbers each; every group has a mixture of its own."""

    count: int
    width: int


class Blocks:
    """A density of vectors [..., d] whose blocks, end to end, are independent.

    Attributes:
        parts: for each block a mixture with batch shape [..., count] and event shape [width].
    """

    def __init__(self, parts: list[MixtureSameFamily]) -> None:
        self.parts = parts

    def log_prob(self, value: Float[Tensor, "*batch d"]) -> Float[Tensor, "*batch"]:
        """Return the log density of the whole vector, the sum over blocks and groups."""
        sizes = [part.batch_shape[-1] * part.event_shape[-1] for part in self.parts]
        pieces = zip(self.parts, value.split(sizes, -1), strict=True)
        densities = [part.log_prob(piece.unflatten(-1, (part.batch_shape[-1], -1))).sum(-1) for part, piece in pieces]
        return sum(densities[1:], densities[0])

    def sample(self, generator: torch.Generator | None, temperature: float = 1.0) -> Float[Tensor, "*batch d"]:
        """Return a sample; the temperature is that of `sample`."""
        return torch.cat([sample(part, generator, temperature).flatten(-2) for part in self.parts], -1)


def blocks_size(shapes: Sequence[Block], mixtures: int) -> int:
    """Return how many parameters `blocks` takes."""
    return sum(block.count * mixtures * (1 + 2 * block.width) for block in shapes)


def blocks(parameters: Float[Tensor, "*batch n"], shapes: Sequence[Block], mixtures: int) -> Blocks:
    """Return mixtures for blocks of numbers, from parameters block after block, each laid out as for `mixture`."""
    pieces = parameters.split([blocks_size([block], mixtures) for block in shapes], -1)
    pairs = zip(pieces, shapes, strict=True)
    return Blocks([mixture(piece.unflatten(-1, (block.count, mixtures, -1))) for piece, block in pairs])


def stop_time(continue_logits: Float[Tensor, "*batch t"]) -> Categorical:
    """Return the distribution of the number n = 0..t of strokes, when step i goes on with probability sigmoid(logit_i).

    P(n) = (1 - p_{n+1}) p_1 ... p_n for n < t, and P(t) = p_1 ... p_t, as nothing is left to decide (eq. 4).
    """
    go = torch.nn.functional.logsigmoid(continue_logits)
    stop = torch.nn.functional.logsigmoid(-continue_logits)
    zero = torch.zeros_like(go[..., :1])
    reached = torch.cat([zero, go.cumsum(-1)], -1)
    return Categorical(logits=reached + torch.cat([stop, zero], -1), validate_args=False)


class _Pixels(Distribution):
    """Images of independent pixels around `loc` [..., h, w], with one `scale` [h, w] for all of them.

    Equal to `Independent(Laplace(loc, scale), 2)` in an eighth of its time: as all images share the scales, the sum
    over pixels is a product with the vector of precisions.
    """

    def __init__(self, loc: Float[Tensor, "*batch h w"], scale: Float[Tensor, "h w"]) -> None:
        self.loc, self.scale = loc, scale
        super().__init__(loc.shape[:-2], loc.shape[-2:], validate_args=False)

    @property
    def mean(self) -> Tensor:
        return self.loc


class PixelLaplace(_Pixels):
    """Laplace pixels (eq. 5)."""

    def log_prob(self, value: Float[Tensor, "*#batch h w"]) -> Float[Tensor, "*#batch"]:
        difference = value - self.loc
        # In place where nothing is learned: a copy of so many canvases takes longer than all else here.
        distance = difference.abs() if difference.requires_grad else difference.abs_()
        return -(distance.flatten(-2) @ (1 / self.scale).flatten()) - (2 * self.scale).log().sum()


class PixelNormal(_Pixels):
    """Gaussian pixels."""

    def log_prob(self, value: Float[Tensor, "*#batch h w"]) -> Float[Tensor, "*#batch"]:
        distance = (value - self.loc).square().flatten(-2)
        return -(distance @ (0.5 / self.scale.square()).flatten()) - (math.sqrt(2 * math.pi) * self.scale).log().sum()
