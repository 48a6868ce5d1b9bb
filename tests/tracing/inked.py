"""Ink of known lines, drawn with a round pen on a fine grid: the oracle of the tracing tests."""

import numpy as np
from numpy.typing import NDArray


def inked(lines: list, size: tuple[int, int], pen: float = 4.0, fine: int = 4) -> NDArray[np.float32]:
    """Ink [h, w] in [0, 1] of polylines [n, 2] in pixels; width and height in `size`."""
    width, height = size
    y, x = (np.mgrid[0 : height * fine, 0 : width * fine] + 0.5) / fine
    ink = np.zeros((height * fine, width * fine), bool)
    for line in lines:
        points = np.asarray(line, float)
        for start, end in zip(points, points[1:] if len(points) > 1 else points, strict=False):
            way = end - start
            share = np.clip(((x - start[0]) * way[0] + (y - start[1]) * way[1]) / max(way @ way, 1e-9), 0, 1)
            ink |= np.hypot(x - start[0] - share * way[0], y - start[1] - share * way[1]) <= pen / 2
    return ink.reshape(height, fine, width, fine).mean((1, 3)).astype(np.float32)


def circle(x: float, y: float, radius: float, count: int = 80) -> NDArray[np.float64]:
    """A closed polyline."""
    angle = np.append(np.linspace(0, 2 * np.pi, count)[:-1], 0.0)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], 1)
