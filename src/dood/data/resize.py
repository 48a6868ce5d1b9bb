"""Resizing of many images at once, to the same bytes as Pillow's antialiased bilinear filter."""

import functools

import numpy as np
from jaxtyping import Float64, UInt8

from dood.errors import DoodError

__all__ = ["images_at", "triangle_matrix"]

FIXED_POINT = 1 << 22
"""Pillow rounds its weights to multiples of 1 / FIXED_POINT; sums of such weights times bytes are exact in float64."""

CHUNK = 1 << 20
"""Source pixels worked on at a time, so that the float64 copies stay small."""


def images_at(images: UInt8[np.ndarray, "n h w"], resolution: int) -> UInt8[np.ndarray, "n {resolution} {resolution}"]:
    """Resize every image to `resolution` x `resolution`.

    Of square images, byte for byte what `PIL.Image.resize((resolution, resolution), BILINEAR)` gives: the triangle
    filter, widened where the image is reduced (antialiasing), along x and then along y, each rounded to bytes. Oblong
    images may differ by 1, since Pillow's order of axes depends on its version. Divide by 255 for ink in [0, 1].

    Raises:
        DoodError: the resolution is below 1.
    """
    if resolution < 1:
        raise DoodError(f"resolution {resolution}: at least 1 pixel is needed")
    count, height, width = images.shape
    if (height, width) == (resolution, resolution):
        return images
    along_x, along_y = triangle_matrix(width, resolution).T, triangle_matrix(height, resolution)
    resized = np.empty((count, resolution, resolution), np.uint8)
    step = max(1, CHUNK // (height * width))
    for start in range(0, count, step):
        chunk = images[start : start + step].astype(np.float64)
        rows = _to_byte(chunk.reshape(-1, width) @ along_x).astype(np.float64)
        resized[start : start + step] = _to_byte(along_y @ rows.reshape(-1, height, resolution))
    return resized


@functools.lru_cache(maxsize=32)
def triangle_matrix(source: int, target: int) -> Float64[np.ndarray, "{target} {source}"]:
    """Weights of `source` pixels in each of `target` pixels along one axis; rows sum to 1 within Pillow's rounding."""
    step = source / target
    reach = max(step, 1.0)
    centres = (np.arange(target) + 0.5) * step
    offset = np.arange(source)[None] - centres[:, None] + 0.5
    weight = np.maximum(1 - np.abs(offset / reach), 0)
    weight /= weight.sum(1, keepdims=True)
    return np.floor(weight * FIXED_POINT + 0.5) / FIXED_POINT


def _to_byte(values: np.ndarray) -> np.ndarray:
    """Round half up, as Pillow does; values lie in [0, 255.5)."""
    return (values + 0.5).astype(np.uint8)
