"""Dreams: drawings composed of several training drawings, so that a narrow source teaches recognition more.

Each part is a training image under a random similarity; their ink is united by the maximum. No image but the source's
is seen. A digit made small has a thin pen, one made large is cropped by the canvas.
"""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from dood.training.augmentation import moved

__all__ = ["NUMBERS", "PARTS", "compose", "counts_of"]

PARTS = 3
"""Most training drawings in a dream; 1, 2, ... are equally likely."""

NUMBERS = 4
"""Random numbers in [0, 1) that a part takes: shift x and y, size and angle."""

SCALE = (0.4, 1.6)
"""Least and greatest size of a part, relative to the training drawing; log-uniform."""

SHIFT = 0.7
"""Greatest shift of a part along an axis, in half canvases."""

ANGLE = 0.6
"""Greatest rotation of a part either way, in radians."""


def compose(
    parts: Float[Tensor, "b k h w"], numbers: Float[Tensor, "b k 4"], counts: Int[Tensor, " b"]
) -> Float[Tensor, "b h w"]:
    """The union of the first `counts` parts of each drawing, each part under a similarity of its own.

    Arguments:
        parts: ink in [0, 1].
        numbers: uniform in [0, 1); 1/2 for both shifts and the angle leaves a part where it is.
        counts: from 1 to k.
    """
    shift = SHIFT * (2 * numbers[..., :2] - 1)
    least, greatest = map(math.log, SCALE)
    size = least + (greatest - least) * numbers[..., 2]
    angle = ANGLE * (2 * numbers[..., 3] - 1)
    ink = moved(parts.flatten(0, 1), shift.flatten(0, 1), size.flatten(), angle.flatten()).unflatten(0, parts.shape[:2])
    used = torch.arange(parts.shape[1], device=parts.device) < counts.unsqueeze(-1)
    return (ink * used[..., None, None]).amax(1)


def counts_of(numbers: Float[Tensor, " b"]) -> Int[Tensor, " b"]:
    """Numbers of parts, 1 to PARTS, from uniform numbers in [0, 1)."""
    return (numbers * PARTS).long() + 1
