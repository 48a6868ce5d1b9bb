"""The differentiable renderer: control points and a pen to ink, ink to a canvas (delta R of the paper)."""

import math
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from dood.core.geometry import bernstein, pixel_centres

__all__ = ["HALF", "Pen", "composite", "render", "render_drawings"]

HALF = math.atanh(0.5)
"""Ink at which the canvas is half dark."""


class Pen(NamedTuple):
    """The pen of a stroke.

    Attributes:
        radius: [..., k], control values of a Bezier function along the stroke: half the pen's width, measured where the
            canvas is half dark, in half canvases. One value is a pen of constant width.
        hardness: [...], radius over the standard deviation of the pen's Gaussian profile: about 1 is a soft grey
            pencil, 3 a marker with a crisp edge.
    """

    radius: Tensor
    hardness: Tensor


def render(
    points: Float[Tensor, "*batch p 2"], pen: Pen, height: int, width: int, samples: int = 48
) -> Float[Tensor, "*batch {height} {width}"]:
    """Return the ink (before saturation, unbounded above) of each stroke on an empty canvas.

    The curve is a sum of isotropic Gaussians at its samples, each weighted by its share of the curve's length,
    so that ink is even along the stroke however the control points bunch. A Gaussian separates into its axes, so the
    sum is a matrix product: `ink = Gy^T diag(w) Gx`, with no [samples, height, width] intermediate.

    Arguments:
        points: Bezier control points on the canvas.
        pen: the stroke's pen, batched like `points`.
        samples: curve samples; their spacing should stay below about 2.5 standard deviations of the pen.
    """
    return _SumOfGaussians.apply(*_samples(points, pen, samples), height, width)


def render_drawings(
    points: Float[Tensor, "*batch t p 2"],
    pen: Pen,
    mask: Bool[Tensor, "*batch t"],
    height: int,
    width: int,
    samples: int = 48,
) -> Float[Tensor, "*batch {height} {width}"]:
    """Return the summed ink of the strokes of each drawing that count.

    It is the sum of what `render` returns, as one matrix product over the samples of all strokes: no stroke has an
    image of its own. Padding costs what strokes do.

    Arguments:
        mask: which of the t strokes count.
    """
    curve, precision, weight = _samples(points, pen, samples)
    weight = weight * mask.unsqueeze(-1)
    return _SumOfGaussians.apply(curve.flatten(-3, -2), precision.flatten(-2), weight.flatten(-2), height, width)


def _samples(points: Float[Tensor, "*batch p 2"], pen: Pen, samples: int) -> tuple[Tensor, Tensor, Tensor]:
    """Places [..., s, 2] of the samples of each stroke, their precisions [..., s] and weights [..., s]."""
    tables = (bernstein(n, samples, points.device, points.dtype).T for n in (points.shape[-2], pen.radius.shape[-1]))
    along, across = tables
    curve = (points.mT @ along).mT
    precision = pen.hardness.unsqueeze(-1) / (pen.radius @ across)
    gain = HALF * torch.exp(0.5 * pen.hardness.square())
    return curve, precision, gain.unsqueeze(-1) * _sample_weight(curve, precision)


def composite(ink: Float[Tensor, "*batch h w"]) -> Float[Tensor, "*batch h w"]:
    """Return the canvas tanh(ink), in [0, 1), from the summed ink of its strokes.

    Computed as 2 sigmoid(2 ink) - 1, which takes a sixth of the time.
    """
    return 2 * torch.sigmoid(2 * ink) - 1


def _sample_weight(
    curve: Float[Tensor, "*batch s 2"], precision: Float[Tensor, "*batch s"]
) -> Float[Tensor, "*batch s"]:
    """Return the weight of each sample: the middle line of a long straight stroke, or a single dot, has ink 1.

    A sample has half of the length of both neighbouring segments. The constant keeps a stroke of no length visible.
    """
    segment = (curve[..., 1:, :] - curve[..., :-1, :]).square().sum(-1).add(1e-12).sqrt()
    zero = torch.zeros_like(segment[..., :1])
    length = 0.5 * (torch.cat([segment, zero], -1) + torch.cat([zero, segment], -1))
    return length * precision / math.sqrt(2 * math.pi) + 1 / curve.shape[-2]


class _SumOfGaussians(torch.autograd.Function):
    """`sum_s weight_s exp(-|precision_s (curve_s - pixel)|^2 / 2)` on the pixel grid, as a matrix product.

    Written by hand since the general machinery keeps and walks through a dozen [samples, pixels] arrays per axis.
    """

    @staticmethod
    def forward(ctx, curve: Tensor, precision: Tensor, weight: Tensor, height: int, width: int) -> Tensor:  # noqa: ANN001
        x, along_x = _axis_profile(curve[..., 0], precision, width)
        y, along_y = _axis_profile(curve[..., 1], precision, height)
        ctx.save_for_backward(precision, weight, x, along_x, y, along_y)
        return (along_y * weight.unsqueeze(-1)).mT @ along_x

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN001
        precision, weight, x, along_x, y, along_y = ctx.saved_tensors
        back_x = along_y @ grad
        grad_weight = torch.linalg.vecdot(back_x, along_x)
        grad_x, grad_px = _axis_gradient(back_x * along_x, x)
        grad_y, grad_py = _axis_gradient((along_x @ grad.mT) * along_y, y)
        curve = torch.stack([grad_x, grad_y], -1) * (weight * precision).unsqueeze(-1)
        return curve, (grad_px + grad_py) * weight / precision, grad_weight, None, None


def _axis_profile(centre: Tensor, precision: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Standardised distances [..., s, size] of samples from pixels along one axis, and the Gaussian of them.

    The exponent is bounded since exponentials that underflow, and products of them, take ten times as long. Powers of
    two take a third of the time of those of e.
    """
    distance = (centre.unsqueeze(-1) - pixel_centres(size, centre.device, centre.dtype)).mul_(precision.unsqueeze(-1))
    return distance, distance.square().mul_(-0.5 / math.log(2)).clamp_(min=-40 / math.log(2)).exp2_()


def _axis_gradient(product: Tensor, distance: Tensor) -> tuple[Tensor, Tensor]:
    """Sums over pixels that the gradients to the samples' centres and precisions consist of."""
    product = product.mul_(distance)
    return -product.sum(-1), -torch.linalg.vecdot(product, distance)
