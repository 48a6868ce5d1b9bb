"""Characters of straight lines, as drawings and as pictures."""

from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from dood.drawing import Drawing, Stroke

SIDE, PEN = 100, 3

SCRIPT = (
    ([(20, 20), (20, 80)], [(20, 50), (70, 50)]),
    ([(30, 20), (30, 80), (75, 80)], [(30, 45), (60, 45)]),
    ([(25, 25), (75, 25)], [(50, 25), (50, 80)]),
    ([(20, 30), (70, 30), (70, 75)],),
    ([(25, 20), (25, 75)], [(25, 20), (70, 20)], [(25, 75), (70, 75)]),
    ([(50, 15), (50, 85)], [(20, 40), (80, 40)]),
)
"""Six characters: the lines of each, by their corners."""


def line(*corners: tuple[float, float], width: float = PEN) -> Stroke:
    """A stroke along straight lines, each a cubic piece."""
    points = [np.array(corners[0], float)]
    for begin, end in pairwise(corners):
        points += [np.array(begin) + share * (np.array(end) - np.array(begin)) for share in (1 / 3, 2 / 3, 1)]
    return Stroke(points, width, pieces=len(corners) - 1)


def drawing(*strokes: Stroke) -> Drawing:
    return Drawing(SIDE, SIDE, strokes)


def characters() -> list[Drawing]:
    return [drawing(*(line(*corners) for corners in lines)) for lines in SCRIPT]


def picture(lines: tuple[list[tuple[int, int]], ...]) -> np.ndarray:
    """Black lines on white."""
    image = Image.new("L", (SIDE, SIDE), 255)
    for corners in lines:
        ImageDraw.Draw(image).line(corners, 0, PEN)
    return np.asarray(image)
