"""Augmentation: training images shifted, turned, scaled and with another pen, so that a small set teaches more."""

import math

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

__all__ = ["NUMBERS", "augment", "moved"]

NUMBERS = 5
"""Random numbers that an image takes: shift x and y, size, angle and pen."""

SHIFT = 0.1
"""In half canvases."""
SIZE = 0.2
"""Logarithm of the scale."""
ANGLE = 0.2
"""In radians."""
PEN = 0.7
"""Change of the pen's radius in pixels."""
KEPT = 0.5
"""Share of its ink that a drawing keeps when its pen gets thinner: lines of a pixel's width would vanish."""


def augment(images: Float[Tensor, "b h w"], noise: Float[Tensor, "b 5"], strength: float = 1.0) -> Tensor:
    """Return each image after a random similarity, and with a pen of another width.

    Arguments:
        images: ink in [0, 1].
        noise: standard normal numbers; zeros leave an image as it is.
        strength: factor on all of the standard deviations.

    Returns:
        [b, h, w], ink in [0, 1]; what comes to lie outside is cut off.
    """
    noise = strength * noise.clamp(-2, 2)
    placed = moved(images, SHIFT * noise[:, :2], SIZE * noise[:, 2], ANGLE * noise[:, 3])
    return _with_pen(placed, PEN * noise[:, 4, None, None])


def moved(
    images: Float[Tensor, "b h w"], shift: Float[Tensor, "b 2"], size: Float[Tensor, " b"], angle: Float[Tensor, " b"]
) -> Float[Tensor, "b h w"]:
    """Each image under a similarity; the inverse map takes each place to where its ink comes from.

    Arguments:
        shift: in half canvases.
        size: logarithm of the scale.
        angle: in radians.
    """
    scale = torch.exp(-size)
    cos, sin = scale * angle.cos(), scale * angle.sin()
    back = torch.stack([cos, sin, -sin, cos], -1).unflatten(-1, (2, 2))
    offset = -back @ shift.unsqueeze(-1)
    grid = functional.affine_grid(
        torch.cat([back, offset], -1), [len(images), 1, *images.shape[1:]], align_corners=False
    )
    return functional.grid_sample(images.unsqueeze(1), grid, align_corners=False).squeeze(1)


def _with_pen(images: Tensor, change: Tensor) -> Tensor:
    """The radius changed by `change` [b, 1, 1] pixels: the share of a whole pixel that it is, pixel by pixel."""
    for pixel in range(math.ceil(2 * PEN)):
        share = (change.abs() - pixel).clamp(0, 1)
        wider, thinner = _widest(images), -_widest(-images)
        ink, left = (each.sum((1, 2), keepdim=True) for each in (images, thinner))
        spared = (1 - KEPT) * ink / (ink - left).clamp(min=1e-6)
        images = torch.where(
            change > 0, torch.lerp(images, wider, share), torch.lerp(images, thinner, share.minimum(spared))
        )
    return images


def _widest(images: Tensor) -> Tensor:
    """The largest of each pixel and its four neighbours: a disk of one pixel's radius."""
    across = functional.max_pool2d(images.unsqueeze(1), (1, 3), 1, (0, 1))
    along = functional.max_pool2d(images.unsqueeze(1), (3, 1), 1, (1, 0))
    return torch.maximum(across, along).squeeze(1)
