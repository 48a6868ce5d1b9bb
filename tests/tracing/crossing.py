"""Pieces of small drawings whose strokes are known."""

from itertools import pairwise

import numpy as np

from dood.tracing.pieces import Pieces


def line(*corners: tuple[float, float]) -> np.ndarray:
    """Points a pixel apart along a polyline."""
    parts = [np.linspace(a, b, max(2, int(np.hypot(*np.subtract(b, a)))), endpoint=False) for a, b in pairwise(corners)]
    return np.concatenate([*parts, [corners[-1]]])


def plus(scale: float = 1.0) -> Pieces:
    """A cross of four arms at one node: left, right, top, bottom, each drawn away from the middle."""
    arms = [line((48, 50), (10, 50)), line((52, 50), (90, 50)), line((50, 48), (50, 10)), line((50, 52), (50, 90))]
    return Pieces([scale * arm for arm in arms], np.array([[0, -1]] * 4), 4 * scale)


def words(count: int, letters: int) -> Pieces:
    """Rows of separate upright ticks: `count` rows of `letters`."""
    lines = [line((20 * j, 40 * i), (20 * j + 2, 40 * i + 15)) for i in range(count) for j in range(letters)]
    return Pieces(lines, np.full((len(lines), 2), -1), 3.0)
