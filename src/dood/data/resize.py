"""Resizing of many images at once."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dood.errors import DoodError

__all__ = ["images_at"]


def images_at(images: NDArray[np.uint8], resolution: int) -> NDArray[np.uint8]:
    """Resize every image of [n, h, w] to `resolution` x `resolution` with Pillow's bilinear filter.

    The filter is widened where the image is reduced (antialiasing). Divide by 255 for ink in [0, 1].

    Raises:
        DoodError: the resolution is below 1.
    """
    if resolution < 1:
        raise DoodError(f"resolution {resolution}: at least 1 pixel is needed")
    if images.shape[1:] == (resolution, resolution):
        return images
    resized = np.empty((len(images), resolution, resolution), np.uint8)
    for image, place in zip(images, resized, strict=True):
        place[:] = np.asarray(Image.fromarray(image).resize((resolution, resolution), Image.Resampling.BILINEAR))
    return resized
