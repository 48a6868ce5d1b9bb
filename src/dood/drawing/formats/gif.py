"""GIF: the strokes being drawn."""

from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dood.drawing import Drawing, Stroke
from dood.drawing.formats.ink import Layers, Trace, chords_each, fitting_scale, trace
from dood.drawing.formats.png import grey
from dood.drawing.formats.timing import HOLD, timing

__all__ = ["MARK", "frames", "write_gif"]

SMALLEST, LARGEST = 256, 512
"""Pixels of the long side: drawings outside this range are scaled."""

LEAST_RADIUS = 0.6
"""Output pixels. A moving picture is there to be watched: thin lines of large scans are kept dark."""

RATE = 20
"""Frames a second, as far as the number of frames allows it."""

MARK = b"strokes by dood"
"""The comment in each file."""

FEWEST, MOST = 24, 60
"""Frames. Fewer are stored where nothing moves between two of them."""


def frames(drawing: Drawing) -> tuple[list[Image.Image], list[int]]:
    """Images of mode L, or RGB where pens have colours, and for how many milliseconds each is shown.

    The last one is the whole drawing.
    A drawing without strokes is one frame.
    """
    longest = max(drawing.width, drawing.height)
    scale = fitting_scale(drawing, min(max(longest, SMALLEST), LARGEST))
    layers = Layers(drawing, scale)
    times = timing(drawing)
    if not drawing.strokes:
        return [_frame(layers)], [round(1000 * HOLD)]
    most = chords_each(drawing)
    timed = [
        _Timed(stroke, trace(stroke, scale, LEAST_RADIUS, most), start, end)
        for stroke, start, end in zip(drawing.strokes, times.starts.tolist(), times.ends.tolist(), strict=True)
    ]
    count = min(max(round(RATE * times.seconds), FEWEST), MOST)
    images, before = [], -1.0
    for now in np.linspace(0, times.seconds, count + 1)[1:].tolist():
        moving = [one for one in timed if one.start <= now and one.end > before]
        layers.paint((one.stroke for one in moving), (one.between(before, now) for one in moving))
        images.append(_frame(layers))
        before = now
    # GIF counts in hundredths of a second.
    pace = 10 * round(100 * times.seconds / count)
    return images, [pace] * (count - 1) + [pace + round(1000 * HOLD)]


def write_gif(drawing: Drawing, file: BinaryIO) -> None:
    """Write `frames`, to be shown over and over."""
    images, durations = frames(drawing)
    images[0].save(
        file, format="GIF", save_all=True, append_images=images[1:], duration=durations, loop=0, comment=MARK
    )


def _frame(layers: Layers) -> Image.Image:
    return grey(layers.inks[None]) if layers.grey else Image.fromarray(layers.rgb((0, 0, 0), (255, 255, 255)))


class _Timed:
    """A stroke's trace that is drawn from `start` to `end`, in seconds, at an even pace."""

    def __init__(self, stroke: Stroke, trace: Trace, start: float, end: float) -> None:
        self.stroke, self.trace, self.start, self.end = stroke, trace, start, end
        along = np.concatenate([[0.0], np.hypot(*np.diff(trace.points, axis=0).T).cumsum()])
        share = along / along[-1] if along[-1] > 0 else np.linspace(0, 1, len(along))
        self.times = start + share * (end - start)

    def between(self, before: float, now: float) -> Trace:
        """What is drawn between two moments."""
        inner = self.times[(self.times > before) & (self.times < now)]
        moments = np.concatenate([[before], inner, [now]]).clip(self.start, self.end)
        return Trace(
            np.stack([self._at(moments, axis) for axis in self.trace.points.T], 1), self._at(moments, self.trace.radii)
        )

    def _at(self, moments: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(moments, self.times, values)
