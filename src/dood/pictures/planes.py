"""A loaded image as planes of bounded size: grey, colours, and what is transparent filled."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dood.errors import DoodError
from dood.pictures.transparency import filled

__all__ = ["KEPT_SIDE", "Plane", "reduce_image"]

KEPT_SIDE = 3000
"""Larger pictures are averaged over blocks of whole pixels until the longest side is at most this."""

STRIP_PIXELS = 4_000_000
ORIENTATION = 0x0112
TURNS = {
    2: (True, False, False),
    3: (True, True, False),
    4: (False, True, False),
    5: (False, False, True),
    6: (False, True, True),
    7: (True, True, True),
    8: (True, False, True),
}
"""EXIF orientation to (flip x, flip y, then transpose)."""

FULL_SCALES = (1.0, 255.0, 4095.0, 65535.0)

OUTLIERS = 1e-3
"""Float pictures whose middle 99.8 % of values span less than this share of their range hold wild values."""


@dataclass(frozen=True)
class Plane:
    """A decoded image.

    Attributes:
        values: float32 [h, w] in [0, 1], 1 is white; transparent parts filled so that the drawing stays visible.
        width: of the image as seen, in pixels.
        height: of the image as seen, in pixels.
        block: image pixels along the side of one value. The last row and column may hang over the image's edge.
        colours: uint8 [h, w, 3], or None if all is grey.
        bare: whether these are strokes on nothing: the values are then their opacity, not what the colours look like.
        note: what the user should know about how the file was read; empty mostly.
    """

    values: NDArray[np.float32]
    width: int
    height: int
    block: int
    colours: NDArray[np.uint8] | None = None
    bare: bool = False
    note: str = ""


def reduce_image(image: Image.Image, name: str, draft: int = 1, note: str = "") -> Plane:
    """The planes of a loaded image, turned as its EXIF tag says.

    Arguments:
        name: for messages.
        draft: image pixels along the side of one decoded pixel.

    Raises:
        DoodError: values that are not finite, or a few so large that nothing else is left.
    """
    flip_x, flip_y, transpose = TURNS.get(image.getexif().get(ORIENTATION, 1), (False, False, False))
    factor = -(-max(image.size) // KEPT_SIDE)
    columns, rows = _blocks(image.width, factor, flip_x), _blocks(image.height, factor, flip_y)
    values, colours, bare = _planes(image, columns, rows, name)
    width, height = image.width * draft, image.height * draft
    if transpose:
        width, height = height, width
    values = _turned(values, flip_x, flip_y, transpose)
    colours = None if colours is None else _turned(colours, flip_x, flip_y, transpose)
    return Plane(values, width, height, factor * draft, colours, bare, note)


def _turned(plane: NDArray, flip_x: bool, flip_y: bool, transpose: bool) -> NDArray:
    if plane is None:
        return None
    plane = plane[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
    return np.ascontiguousarray(plane.swapaxes(0, 1) if transpose else plane)


def _blocks(length: int, factor: int, from_end: bool) -> NDArray[np.intp]:
    """Where blocks of `factor` pixels start; an incomplete one comes last, or first if they are laid `from_end`."""
    first = -(-length // factor) * factor - length if from_end else 0
    return np.maximum(np.arange(-first, length, factor), 0)


@dataclass(frozen=True)
class _Strip:
    """Some rows of an image: grey [h, w] (0 to 255, or what deeper modes hold), colours, opacity in [0, 1]."""

    grey: NDArray
    colours: NDArray[np.uint8] | None
    opacity: NDArray[np.float32] | None


def _planes(
    image: Image.Image, columns: NDArray[np.intp], rows: NDArray[np.intp], name: str
) -> tuple[NDArray[np.float32], NDArray[np.uint8] | None, bool]:
    """Values, colours, and whether they are strokes on nothing: block means, strip by strip.

    Only the decoded image itself is ever held whole.
    """
    visible, grey, alpha, colours = np.zeros(256), [], [], []
    for strip, inner in _strips(image, rows):
        if strip.opacity is not None:
            visible += np.bincount(strip.grey.ravel(), strip.opacity.ravel(), 256)
            alpha.append(_block_means(strip.opacity, inner, columns))
        grey.append(_block_means(_times(strip.grey, strip.opacity), inner, columns))
        colours.append(_colour_means(strip, inner, columns))
    values = np.concatenate(grey)
    if not _is_8bit(image):
        return _unit_range(values, name), None, False
    values *= np.float32(1 / 255)
    shades = _joined(colours, grey)
    if not alpha:
        return values, shades, False
    return filled(values, np.concatenate(alpha), visible, shades)


def _strips(image: Image.Image, rows: NDArray[np.intp]) -> Iterator[tuple[_Strip, NDArray[np.intp]]]:
    """Strips of whole blocks, and where the blocks start in each."""
    ends = np.append(rows[1:], image.height)
    per_strip = max(1, int(STRIP_PIXELS / (image.width * (image.height / len(rows)))))
    for start in range(0, len(rows), per_strip):
        top, bottom = rows[start], ends[min(start + per_strip, len(rows)) - 1]
        strip = image.crop((0, int(top), image.width, int(bottom)))
        yield _strip(strip), rows[start : start + per_strip] - top


def _strip(strip: Image.Image) -> _Strip:
    if not _is_8bit(strip):
        return _Strip(np.asarray(strip), None, None)
    if strip.has_transparency_data:
        strip = strip.convert("RGBA")
        pair = np.asarray(strip.convert("LA"))
        return _Strip(pair[..., 0], _shades(np.asarray(strip)), pair[..., 1] * np.float32(1 / 255))
    if strip.mode in ("1", "L"):
        return _Strip(np.asarray(strip.convert("L")), None, None)
    strip = strip.convert("RGB")
    return _Strip(np.asarray(strip.convert("L")), _shades(np.asarray(strip)), None)


def _is_8bit(image: Image.Image) -> bool:
    return not image.mode.startswith(("I", "F"))


def _shades(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Colours [h, w, 3] of pixels [h, w, 3 or 4], None if all of them are grey."""
    red, green, blue = (pixels[..., channel] for channel in range(3))
    return None if np.array_equal(red, green) and np.array_equal(green, blue) else pixels[..., :3]


def _times(values: NDArray, opacity: NDArray[np.float32] | None) -> NDArray:
    return values if opacity is None else values * opacity


def _colour_means(strip: _Strip, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.uint8] | None:
    """Block means of colours, of each pixel as much as can be seen of it."""
    if strip.colours is None:
        return None
    height, width = strip.grey.shape
    if len(rows) == height and len(columns) == width:
        return strip.colours
    seen = None if strip.opacity is None else np.maximum(_block_means(strip.opacity, rows, columns), 1e-6)
    means = [_block_means(_times(strip.colours[..., c], strip.opacity), rows, columns) for c in range(3)]
    stacked = np.stack(means if seen is None else [mean / seen for mean in means], -1)
    return np.rint(np.clip(stacked, 0, 255)).astype(np.uint8)


def _joined(colours: list[NDArray[np.uint8] | None], grey: list[NDArray[np.float32]]) -> NDArray[np.uint8] | None:
    """Strips of colours as one plane, strips that are all grey among them; None if all are."""
    if all(part is None for part in colours):
        return None
    shown = [
        np.repeat(shade[..., None], 3, 2).astype(np.uint8) if part is None else part
        for part, shade in zip(colours, grey, strict=True)
    ]
    return np.concatenate(shown) if len(shown) > 1 else shown[0]


def _block_means(values: NDArray, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float32]:
    height, width = values.shape
    if len(rows) == height and len(columns) == width:
        return values.astype(np.float32)
    sums = np.add.reduceat(np.add.reduceat(values, rows, axis=0, dtype=np.float32), columns, axis=1)
    areas = np.diff(rows, append=height)[:, None] * np.diff(columns, append=width)
    return (sums / areas).astype(np.float32)


def _unit_range(values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """Bring 12-bit, 16-bit, 32-bit and float grey values to [0, 1], by the first full scale that holds them."""
    if not np.isfinite(values).all():
        bad = values[~np.isfinite(values)][0]
        raise DoodError(f"{name} holds values that are not finite ({bad}): save it with finite ones")
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= FULL_SCALES[-1]:
        return values / np.float32(next(scale for scale in FULL_SCALES if high <= scale))
    few = min(0.5, max(0.001, 2 / values.size))  # of a small picture, two pixels
    usual = np.quantile(values, (few, 1 - few))
    if usual[1] - usual[0] < OUTLIERS * (high - low):
        raise DoodError(
            f"{name} holds values from {low:.3g} to {high:.3g}, nearly all from {usual[0]:.3g} to {usual[1]:.3g}: "
            "save it with values from 0 to 1"
        )
    return (values - np.float32(low)) / np.float32(max(high - low, 1e-30))
