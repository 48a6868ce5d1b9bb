"""Pen paths as pictures to learn from: with several pens, at several sizes, a little turned and slanted, with noise."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from dood.data.pensets import Drawn

__all__ = ["Look", "look", "moved", "rasterise"]

Array = NDArray[np.float64]


class Look(NamedTuple):
    """How a drawing is pictured: its scale, pen (in pixels of the picture), linear map about its middle, noise."""

    scale: float
    pen: float
    turn: Array
    noise: float


def look(drawn: Drawn, generator: np.random.Generator, plain: bool = False) -> Look:
    """A random look: pens of 0.6 to 1.6 times the drawing's, 2 to 9 pixels; a few degrees' turn; or the plain one."""
    if plain:
        return Look(1.0, drawn.width, np.eye(2), 0.0)
    pen = drawn.width * np.exp(generator.uniform(np.log(0.6), np.log(1.6)))
    scale = np.clip(np.exp(generator.uniform(np.log(0.6), np.log(1.6))), 2.0 / pen, max(9.0 / pen, 2.0 / pen))
    angle, slant, stretch = generator.normal(0, (0.06, 0.06, 0.08))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turn = turn @ np.array([[np.exp(stretch), slant], [0, np.exp(-stretch)]])
    return Look(float(scale), float(pen * scale), turn, float(generator.choice([0.0, 0.0, 0.15, 0.3])))


def moved(drawn: Drawn, view: Look) -> list[Array]:
    """The strokes in the picture's pixels."""
    points = np.concatenate(drawn.strokes)
    middle = (points.min(0) + points.max(0)) / 2
    at = [(stroke - middle) @ view.turn.T * view.scale for stroke in drawn.strokes]
    low = np.concatenate(at).min(0) - 2 * view.pen - 3
    return [stroke - low for stroke in at]


def rasterise(strokes: list[Array], view: Look, generator: np.random.Generator) -> NDArray[np.bool_]:
    """Ink [h, w] of strokes in the picture's pixels: round pens, edges roughened by smoothed noise."""
    width, height = (np.ceil(np.concatenate(strokes).max(0) + 2 * view.pen + 3)).astype(int)
    fine = 3
    image = Image.new("L", (int(width) * fine, int(height) * fine), 0)
    pen = ImageDraw.Draw(image)
    radius = view.pen * fine / 2
    for stroke in strokes:
        path = [(float(x), float(y)) for x, y in stroke * fine]
        if len(path) > 1:
            pen.line(path, fill=255, width=max(round(2 * radius), 1), joint="curve")
        for x, y in (path[0], path[-1]):
            pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)
    ink = np.asarray(image.resize((int(width), int(height)), Image.Resampling.BOX), float) / 255
    if view.noise:
        rough = gaussian_filter(generator.normal(size=ink.shape), max(view.pen / 5, 0.7))
        ink = ink + view.noise * rough / max(rough.std(), 1e-9) * (gaussian_filter(ink, 1) > 0.05)
    return ink > 0.5
