"""How a picture lies on the canvas of a model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from dood.errors import DoodError
from dood.pictures.picture import Picture

__all__ = ["FILL", "FRAMES", "MINIMAL_PEN", "Placement", "check_frame", "normalise"]

FRAMES = ("auto", "ink", "image", "room")

FILL = 20 / 28
"""The longest side of the ink's box as a part of the canvas side: MNIST's."""

MINIMAL_PEN = 1.5
"""In canvas pixels. Thinner pens are widened: averaged over canvas pixels they would fade."""

FRAMED_SIDE = 128
"""Square pictures up to this size are taken to be framed already, as images of data sets are."""

TRIM = 2e-4
"""Part of the ink that may lie outside the ink's box at each side: specks of dust."""

LITTLE = 0.35
"""Ink whose box is shorter than this share of the picture's longer side is not framed by the picture."""

SUBPIXELS = 4
"""Pens are widened on a grid of about this many cells per canvas pixel."""


@dataclass(frozen=True)
class Placement:
    """Similarity from the canvas to the user's pixels.

    Attributes:
        scale: user pixels per canvas unit (half the canvas side).
        shift: x and y, in user pixels, of the canvas centre.
        pen: widths on the canvas times this are true: below 1 where a thin pen was widened.
    """

    scale: float
    shift: tuple[float, float]
    pen: float = 1.0

    def to_pixels(self, points: ArrayLike) -> NDArray[np.float64]:
        """User pixels [..., 2] of canvas points [..., 2]."""
        return np.asarray(points, np.float64) * self.scale + self.shift

    def to_canvas(self, points: ArrayLike) -> NDArray[np.float64]:
        """Canvas points [..., 2] of user pixels [..., 2]."""
        return (np.asarray(points, np.float64) - self.shift) / self.scale

    def length_to_pixels(self, length: Any) -> Any:
        """User pixels of lengths on the canvas."""
        return length * self.scale

    def length_to_canvas(self, length: Any) -> Any:
        """Lengths on the canvas of user pixels."""
        return length / self.scale

    def width_to_pixels(self, width: Any) -> Any:
        """User pixels of pen widths on the canvas, thin pens made thin again."""
        return width * (self.scale * self.pen)


def normalise(
    picture: Picture, resolution: int = 50, *, frame: str = "auto", fill: float = FILL
) -> tuple[NDArray[np.float32], Placement]:
    """Lay a picture on a canvas as the training data are.

    Args:
        resolution: R, canvas pixels along a side.
        frame: "image" maps the whole picture, centred on a square, to the canvas, pixels as they are. "ink" makes the
            longest side of the ink's box `fill` of the canvas side and puts the centre of mass at the centre, or as
            near as lets the box stay inside; thin pens are widened to MINIMAL_PEN and faint ones darkened.
            "auto" is "image" for square pictures of at most FRAMED_SIDE pixels, as those of data sets, and else "ink".
            "room" is for what is to be drawn on: the whole picture, or, where the ink takes little of it, as "ink";
            pens are widened as there.

    Returns:
        Ink float32 [R, R] in [0, 1], and where it lies in the picture.

    Raises:
        DoodError: unknown frame; resolution or fill out of range.
    """
    _check(resolution, frame, fill)
    if frame == "auto":
        frame = "image" if picture.width == picture.height <= FRAMED_SIDE else "ink"
    if frame == "image":
        placement = _whole(picture)
        return _resample(picture.ink, _window(placement, float(picture.block)), resolution), placement
    placement = _around_ink(picture, resolution, fill) if frame == "ink" or not _is_framed(picture) else _whole(picture)
    pen = _pen_width(picture.ink) * picture.block
    target = max(pen, MINIMAL_PEN * 2 * placement.scale / resolution)
    canvas = _shrink_thin(picture, placement, resolution, (target - pen) / picture.block)
    return _darken(canvas), Placement(placement.scale, placement.shift, pen / target)


def check_frame(frame: str) -> None:
    """Refuse a name that is not in `FRAMES`.

    Raises:
        DoodError: names it.
    """
    if frame not in FRAMES:
        raise DoodError(f"frame {frame!r} is unknown: use {', '.join(FRAMES)}")


def _check(resolution: int, frame: str, fill: float) -> None:
    check_frame(frame)
    if not 2 <= resolution <= 4096:
        raise DoodError(f"resolution {resolution} is out of range: use 2 to 4096 pixels")
    if not 0 < fill <= 1:
        raise DoodError(f"fill {fill} is out of range: use more than 0, at most 1")


def _around_ink(picture: Picture, resolution: int, fill: float) -> Placement:
    mass_x, mass_y = (picture.ink.sum(axis, dtype=np.float64) for axis in (0, 1))
    boxes = [_trimmed(mass) for mass in (mass_x, mass_y)]
    longest = max(end - start for start, end in boxes)
    scale = longest / fill / 2
    room = scale * max(fill, 1 - 2 / resolution)
    shift = []
    for mass, (start, end) in zip((mass_x, mass_y), boxes, strict=True):
        centre = float(mass @ (np.arange(len(mass)) + 0.5) / mass.sum())
        shift.append(float(np.clip(centre, end - room, start + room)) * picture.block)
    return Placement(scale * picture.block, (shift[0], shift[1]))


def _whole(picture: Picture) -> Placement:
    return Placement(max(picture.width, picture.height) / 2, (picture.width / 2, picture.height / 2))


def _is_framed(picture: Picture) -> bool:
    """Whether ink takes much of the picture along one axis."""
    boxes = [_trimmed(picture.ink.sum(axis, dtype=np.float64)) for axis in (0, 1)]
    return max(end - start for start, end in boxes) >= LITTLE * max(picture.ink.shape)


def _trimmed(mass: NDArray[np.float64]) -> tuple[float, float]:
    """Start and end of ink along one axis in values, but for TRIM of it at either side."""
    share = np.cumsum(mass) / mass.sum()
    start = int(np.searchsorted(share, TRIM, side="right"))
    end = int(np.searchsorted(share, 1 - TRIM)) + 1
    return float(start), float(max(end, start + 1))


def _pen_width(ink: NDArray[np.float32]) -> float:
    """Mean pen width in values: twice the area over the length of the outline (total variation)."""
    # The grain of chalk and paper is outline too, unless only what happens around half ink counts.
    padded = np.pad(np.clip(2 * ink - 0.5, 0, 1), 1)
    area = float(padded.sum(dtype=np.float64))
    if area == 0:
        return 1.0
    down, across = np.diff(padded, axis=0)[:, :-1], np.diff(padded, axis=1)[:-1]
    return 2 * area / float(np.hypot(down, across).sum(dtype=np.float64))


def _window(placement: Placement, block: float) -> tuple[float, float, float]:
    """Left, top and side of the canvas in grid cells of `block` user pixels."""
    x, y = placement.shift
    return (x - placement.scale) / block, (y - placement.scale) / block, 2 * placement.scale / block


def _shrink_thin(picture: Picture, placement: Placement, resolution: int, grow: float) -> NDArray[np.float32]:
    """Resample to the canvas with the pen made wider by `grow` values of ink.

    Block maxima do the coarse part, and keep thin lines dark; a disc does the rest on the small grid that they leave.
    """
    left, top, side = _window(placement, float(picture.block))
    pool = max(1, int(min(side / resolution / SUBPIXELS, grow + 1)))
    grow = max(0.0, (grow - (pool - 1)) / pool)
    reach = int(np.ceil(grow / 2))
    ink = _dilate(np.pad(_block_maxima(picture.ink, pool), reach), grow / 2)
    return _resample(ink, (left / pool + reach, top / pool + reach, side / pool), resolution)


def _block_maxima(ink: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    if size == 1:
        return ink
    height, width = (-(-side // size) for side in ink.shape)
    padded = np.zeros((height * size, width * size), np.float32)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    return padded.reshape(height, size, width, size).max(axis=(1, 3))


def _dilate(ink: NDArray[np.float32], radius: float) -> NDArray[np.float32]:
    """Ink moved by up to `radius` cells in all directions; a soft rim makes fractions count."""
    reach = int(np.ceil(radius))
    height, width = ink.shape
    source = np.pad(ink, reach)
    result = ink.copy()
    for y in range(-reach, reach + 1):
        for x in range(-reach, reach + 1):
            weight = min(1.0, radius + 1 - float(np.hypot(x, y)))
            if weight > 0:
                moved = source[reach + y : reach + y + height, reach + x : reach + x + width]
                np.maximum(result, moved * np.float32(weight), out=result)
    return result


def _resample(ink: NDArray[np.float32], window: tuple[float, float, float], resolution: int) -> NDArray[np.float32]:
    """Antialiased bilinear resampling of a square window, which may reach beyond the ink, to [R, R]."""
    left, top, side = window
    x, y, far_x, far_y = np.floor(left), np.floor(top), np.ceil(left + side), np.ceil(top + side)
    height, width = ink.shape
    before_x, before_y = max(0, int(-x)), max(0, int(-y))
    after_x, after_y = max(0, int(far_x) - width), max(0, int(far_y) - height)
    padded = np.pad(ink, ((before_y, after_y), (before_x, after_x)))
    box = (left + before_x, top + before_y, left + before_x + side, top + before_y + side)
    image = Image.fromarray(padded).resize((resolution, resolution), Image.Resampling.BILINEAR, box)
    return np.clip(np.asarray(image), 0, 1)


def _darken(canvas: NDArray[np.float32]) -> NDArray[np.float32]:
    """Stretch faint ink to 1; the darkest twentieth of what is inked says how faint."""
    inked = canvas[canvas > 0.1 * canvas.max()]
    top = float(np.quantile(inked, 0.95))
    return np.clip(canvas / top, 0, 1) if top < 1 else canvas
