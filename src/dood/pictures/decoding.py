"""Image files to one grey plane of bounded size."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from dood.errors import DoodError

__all__ = ["KEPT_SIDE", "MAX_PIXELS", "MAX_SIDE", "Grey", "decode", "reduce_image"]

KEPT_SIDE = 2048
"""Larger pictures are averaged over blocks of whole pixels until the longest side is at most this."""

MAX_PIXELS = 500_000_000
MAX_SIDE = 100_000

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
"""Only these decoders are tried: some others start external programs."""

STRIP_PIXELS = 8_000_000
OPAQUE = 1 - 0.5 / 255
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
_PILLOW = threading.RLock()


@dataclass(frozen=True)
class Grey:
    """A decoded image.

    Attributes:
        values: float32 [h, w] in [0, 1], 1 is white; transparent parts filled so that the drawing stays visible.
        width: of the image as seen, in pixels.
        height: of the image as seen, in pixels.
        block: image pixels along the side of one value. The last row and column may hang over the image's edge.
        note: what the user should know about how the file was read; empty mostly.
    """

    values: NDArray[np.float32]
    width: int
    height: int
    block: int
    note: str = ""


@dataclass(frozen=True)
class _Planes:
    """Block means: of the grey value times alpha, and of alpha, with a histogram of visible grey values [256]."""

    grey: NDArray[np.float32]
    alpha: NDArray[np.float32] | None
    visible: NDArray[np.float64]


def decode(file: BufferedIOBase, name: str) -> Grey:
    """Read an image; `name` is for messages.

    Raises:
        DoodError: no image, of an unknown format, damaged, or too large.
    """
    try:
        with _quiet_pillow(), Image.open(cast(IO[bytes], file), formats=FORMATS) as image:
            _check_size(image, name)
            draft = _draft(image)
            image.load()
            return reduce_image(image, draft)
    except DoodError:
        raise
    except UnidentifiedImageError as error:
        raise DoodError(f"{name} is no image that can be read: give a {', '.join(FORMATS)} file") from error
    except MemoryError as error:
        raise DoodError(f"{name} does not fit into memory: save it smaller") from error
    except Exception as error:  # damaged files make the decoders raise nearly anything
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DoodError(f"{name} is damaged or cut short ({reason}): save it again") from error


def reduce_image(image: Image.Image, draft: int = 1) -> Grey:
    """Grey plane of a loaded image, turned as its EXIF tag says.

    Args:
        draft: image pixels along the side of one decoded pixel.
    """
    flip_x, flip_y, transpose = TURNS.get(image.getexif().get(ORIENTATION, 1), (False, False, False))
    factor = -(-max(image.size) // KEPT_SIDE)
    values = _composite(_planes(image, _blocks(image.width, factor, flip_x), _blocks(image.height, factor, flip_y)))
    values = values[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
    width, height = image.width * draft, image.height * draft
    if transpose:
        values, width, height = values.T, height, width
    return Grey(np.ascontiguousarray(values), width, height, factor * draft, _note(image))


@contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Pillow without its size guard (ours is stricter in memory, laxer in pixels) and without warnings.

    Both are settings of the whole process, hence the lock.
    """
    with _PILLOW, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        guard, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = guard


def _check_size(image: Image.Image, name: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        limit = f"{MAX_PIXELS // 10**6} million pixels and {MAX_SIDE} a side"
        raise DoodError(f"{name} is too large: {width} x {height} pixels; scale it down to at most {limit}")


def _draft(image: Image.Image) -> int:
    """Let the JPEG decoder shrink by a power of two that divides both sides, and skip colour; return the power."""
    if image.format not in ("JPEG", "MPO"):
        return 1
    needed = max(image.size) / KEPT_SIDE
    factor = max(f for f in (1, 2, 4, 8) if f <= max(1, needed) and not (image.width % f or image.height % f))
    width = image.width
    image.draft("L", (image.width // factor, image.height // factor))
    return width // image.width


def _note(image: Image.Image) -> str:
    # Phones write MPO: a photo with a preview or depth map beside it, which nobody means to draw.
    several = getattr(image, "is_animated", False) and image.format != "MPO"
    return "holds several frames or pages: the first is drawn" if several else ""


def _blocks(length: int, factor: int, from_end: bool) -> NDArray[np.intp]:
    """Where blocks of `factor` pixels start; an incomplete one comes last, or first if they are laid `from_end`."""
    first = -(-length // factor) * factor - length if from_end else 0
    return np.maximum(np.arange(-first, length, factor), 0)


def _planes(image: Image.Image, columns: NDArray[np.intp], rows: NDArray[np.intp]) -> _Planes:
    """Block means, strip by strip, so that only the decoded image itself is ever held whole."""
    ends = np.append(rows[1:], image.height)
    per_strip = max(1, int(STRIP_PIXELS / (image.width * (image.height / len(rows)))))
    grey, alpha, visible = [], [], np.zeros(256)
    for start in range(0, len(rows), per_strip):
        top, bottom = rows[start], ends[min(start + per_strip, len(rows)) - 1]
        strip = image.crop((0, int(top), image.width, int(bottom)))
        inner = rows[start : start + per_strip] - top
        values, opacity = _grey_alpha(strip)
        if opacity is not None:
            visible += np.bincount(values.ravel(), opacity.ravel(), 256)
            alpha.append(_block_means(opacity, inner, columns))
            values = values * opacity
        grey.append(_block_means(values, inner, columns))
    planes = np.concatenate(grey)
    if not alpha:
        return _Planes(planes * np.float32(1 / 255) if _is_8bit(image) else _unit_range(planes), None, visible)
    return _Planes(planes * np.float32(1 / 255), np.concatenate(alpha), visible)


def _is_8bit(image: Image.Image) -> bool:
    return not image.mode.startswith(("I", "F"))


def _grey_alpha(strip: Image.Image) -> tuple[NDArray, NDArray[np.float32] | None]:
    """Grey values [h, w] (0 to 255, or what the deeper modes hold), and alpha [h, w] in [0, 1] where there is any."""
    if not _is_8bit(strip):
        values = np.asarray(strip)
        return np.nan_to_num(values) if values.dtype.kind == "f" else values, None
    if strip.has_transparency_data:
        pair = np.asarray(strip.convert("RGBA").convert("LA"))
        return pair[..., 0], pair[..., 1] * np.float32(1 / 255)
    if strip.mode not in ("1", "L", "P", "RGB"):
        strip = strip.convert("RGB")
    return np.asarray(strip.convert("L")), None


def _block_means(values: NDArray, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float32]:
    height, width = values.shape
    if len(rows) == height and len(columns) == width:
        return values.astype(np.float32)
    sums = np.add.reduceat(np.add.reduceat(values, columns, axis=1, dtype=np.float64), rows, axis=0)
    areas = np.diff(rows, append=height)[:, None] * np.diff(columns, append=width)
    return (sums / areas).astype(np.float32)


def _unit_range(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring 12-bit, 16-bit, 32-bit and float grey values to [0, 1], by the first full scale that holds them."""
    low, high = float(values.min()), float(values.max())
    if low < 0 or high > FULL_SCALES[-1]:
        return (values - np.float32(low)) / np.float32(max(high - low, 1e-30))
    return values / np.float32(next(scale for scale in FULL_SCALES if high <= scale))


def _composite(planes: _Planes) -> NDArray[np.float32]:
    """Fill what is transparent.

    Strokes on nothing become black on white or white on black, whatever their colours: alpha is the ink. A picture that
    brings its paper along (it covers much and has contrast of its own) is laid on more of that paper.
    """
    grey, alpha = planes.grey, planes.alpha
    if alpha is None:
        return grey
    if alpha.min() >= OPAQUE or alpha.max() == 0:
        return grey
    if np.ptp(alpha) < 1 / 255:
        return (grey / alpha).astype(np.float32, copy=False)
    dark, middle, light = np.searchsorted(np.cumsum(planes.visible) / planes.visible.sum(), (0.02, 0.5, 0.98)) / 255
    if light - dark > 0.25 and alpha.mean() > 0.35:
        return (grey + (1 - alpha) * middle).astype(np.float32)
    return 1 - alpha if middle < 0.5 else alpha
