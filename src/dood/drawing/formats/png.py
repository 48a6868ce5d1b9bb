"""PNG: the strokes as an antialiased image."""

import math
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageOps
from PIL.PngImagePlugin import PngInfo

from dood.drawing import Drawing
from dood.drawing.formats.ink import Layers, chords_each, fitting_scale, trace
from dood.errors import DoodError

__all__ = ["MAX_SIDE", "grey", "save_png", "to_png", "write_png"]

MAX_SIDE = 4096
"""Pixels of the longest side of an image. Larger drawings are reduced to it, so memory stays below about 300 MB."""


def to_png(drawing: Drawing, scale: float = 1.0, *, ink: str = "black", paper: str = "white") -> Image.Image:
    """RGB image of the drawing, each pen as wide along its curve as it is.

    Arguments:
        scale: output pixels per pixel of the picture; less where the image would be longer than MAX_SIDE.
        ink: colour of strokes that have none, as Pillow knows it ("black", "#1a1c21", "rgb(0, 0, 80)").
        paper: colour.

    Raises:
        DoodError: scale is not positive and finite, or a colour is unknown.
    """
    if not 0 < scale < math.inf:
        raise DoodError(f"scale {scale} is out of range: give a positive number")
    dark, light = (_colour(colour) for colour in (ink, paper))
    scale = min(scale, fitting_scale(drawing, MAX_SIDE))
    layers = Layers(drawing, scale)
    most = chords_each(drawing)
    layers.paint(drawing.strokes, (trace(stroke, scale, most=most) for stroke in drawing.strokes))
    if layers.grey:
        return ImageOps.colorize(grey(layers.inks[None]), dark, light)
    return Image.fromarray(layers.rgb(dark, light))


def write_png(drawing: Drawing, file: BinaryIO) -> None:
    """Write the drawing at the picture's size."""
    save_png(to_png(drawing), file)


def save_png(image: Image.Image, file: BinaryIO) -> None:
    """Write an image with the note that dood wrote it."""
    info = PngInfo()
    info.add_text("Software", "dood")
    image.save(file, format="PNG", pnginfo=info)


def grey(ink: NDArray[np.float32]) -> Image.Image:
    """Image of mode L, black where ink [h, w] is 1."""
    return Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8))


def _colour(name: str) -> tuple[int, int, int]:
    try:
        red, green, blue, *_ = ImageColor.getrgb(name)
    except ValueError as error:
        raise DoodError(f"colour {name!r} is unknown: use a name or #rrggbb") from error
    return red, green, blue
