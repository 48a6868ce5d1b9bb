"""Pen paths as pictures, and how thick, how large and how noisy they are made."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dood.data.pensets import Drawn
from dood.drawing.formats.ink import Trace, paint
from dood.errors import DoodError

__all__ = ["Look", "ink_of", "picture_of_paths"]

LIMITS = {"scale": (0.1, 20.0), "pen": (0.1, 20.0), "noise": (0.0, 1.0)}


@dataclass(frozen=True)
class Look:
    """How a drawing is pictured.

    Attributes:
        scale: pixels of the picture to one of the canvas.
        pen: width of the pen, as a multiple of the set's own.
        noise: standard deviation of what is added to each pixel, where 1 is from ink to paper.
        seed: of the noise.

    Raises:
        DoodError: scale or pen is not between 0.1 and 20, or noise not between 0 and 1.
    """

    scale: float = 1.0
    pen: float = 1.0
    noise: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (least, most) in LIMITS.items():
            if not least <= getattr(self, name) <= most:
                raise DoodError(f"{name} of the pictures is {getattr(self, name)}: give {least:g} to {most:g}")

    def of_its_own(self, drawn: Drawn) -> bool:
        """Whether the drawing's own picture is what is asked for."""
        return drawn.image is not None and self.scale == self.pen == 1


def picture_of_paths(drawn: Drawn, look: Look | None = None) -> NDArray[np.uint8]:
    """uint8 [h, w], antialiased ink 0 on paper 255, drawn by a round pen; the same for the same arguments.

    A drawing that has a picture of its own is shown by that where neither its scale nor its pen is changed.
    """
    look = look or Look()
    if look.of_its_own(drawn):
        grey = np.asarray(drawn.image, float) / 255
    else:
        grey = 1 - ink_of(drawn.strokes, [drawn.width * look.pen] * len(drawn.strokes), drawn.size, look.scale)
    if look.noise:
        rng = np.random.default_rng([look.seed, drawn.index])
        grey = grey + rng.normal(0, look.noise, grey.shape)
    return np.rint(255 * np.clip(grey, 0, 1)).astype(np.uint8)


def ink_of(
    lines: Iterable[NDArray[np.float64]], widths: Iterable[float], size: tuple[int, int], scale: float = 1.0
) -> NDArray[np.float32]:
    """Ink [h, w] in [0, 1] of polylines [n, 2] with pens of their own widths, on a canvas of `size` times `scale`."""
    width, height = (max(1, round(side * scale)) for side in size)
    ink = np.zeros((height, width), np.float32)
    traces = []
    for line, pen in zip(lines, widths, strict=True):
        points = np.repeat(line, 2, axis=0) if len(line) == 1 else line
        traces.append(Trace(points * scale, np.full(len(points), pen * scale / 2)))
    paint(ink, traces)
    return ink
