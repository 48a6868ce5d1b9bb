"""The classical way from ink to strokes: thin it, split it at junctions. A baseline, without anything learned."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError

__all__ = ["skeleton_lines"]

Pixel = tuple[int, int]
SHORTEST = 4
"""Pixels of the shortest branch with a free end that is kept: thinning leaves spurs."""


def skeleton_lines(ink: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Centre lines [n, 2] (x, y) in pixels of an image [h, w], true where there is ink.

    Zhang and Suen's thinning as scikit-image has it; a line runs from end to end, from junction to junction, or around.
    A pixel's centre is at (column + 0.5, row + 0.5).
    """
    try:
        from skimage.morphology import skeletonize
    except ImportError as error:
        raise DoodError("the classical baseline needs scikit-image: pip install 'dood[eval]'") from error
    pixels = {(int(row), int(column)) for row, column in np.argwhere(skeletonize(ink))}
    nodes = {pixel for pixel in pixels if len(_neighbours(pixel, pixels)) != 2}
    lines = _branches(pixels, nodes) + _rings(pixels, nodes)
    kept = [line for line in lines if len(line) >= SHORTEST or not _is_spur(line, pixels)]
    return [np.array([(column + 0.5, row + 0.5) for row, column in line]) for line in kept]


def _neighbours(pixel: Pixel, pixels: set[Pixel]) -> list[Pixel]:
    """Adjacent pixels; a diagonal one counts only where no straight one leads there too."""
    row, column = pixel
    straight = [
        (row + dy, column + dx) for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)) if (row + dy, column + dx) in pixels
    ]
    diagonal = [(row + dy, column + dx) for dy in (-1, 1) for dx in (-1, 1) if (row + dy, column + dx) in pixels]
    return straight + [(r, c) for r, c in diagonal if (r, column) not in pixels and (row, c) not in pixels]


def _branches(pixels: set[Pixel], nodes: set[Pixel]) -> list[list[Pixel]]:
    """Paths between nodes; a lone pixel is a path of one."""
    lines, walked = [], set()
    for node in sorted(nodes):
        neighbours = _neighbours(node, pixels)
        if not neighbours:
            lines.append([node])
        for step in neighbours:
            if (node, step) in walked:
                continue
            line = [node, step]
            while line[-1] not in nodes:
                line.append(next(p for p in _neighbours(line[-1], pixels) if p != line[-2]))
            walked |= {pair for one, other in pairwise(line) for pair in ((one, other), (other, one))}
            lines.append(line)
    return lines


def _rings(pixels: set[Pixel], nodes: set[Pixel]) -> list[list[Pixel]]:
    """Closed paths without a node."""
    left = pixels - nodes - {pixel for line in _branches(pixels, nodes) for pixel in line}
    lines = []
    while left:
        line = [min(left)]
        while onward := [pixel for pixel in _neighbours(line[-1], pixels) if pixel in left and pixel not in line]:
            line.append(onward[0])
        left -= set(line)
        lines.append([*line, line[0]])
    return lines


def _is_spur(line: list[Pixel], pixels: set[Pixel]) -> bool:
    """Whether the line hangs on a junction by one end and on nothing by the other."""
    degrees = sorted(len(_neighbours(end, pixels)) for end in (line[0], line[-1]))
    return degrees[0] == 1 and degrees[1] > 2
