"""How people drew: the pen paths behind Omniglot's drawings, for comparison only."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.data.store import folders
from dood.errors import DoodError

__all__ = ["PenPaths", "load_pen_paths"]

IMAGES, PATHS = "omniglot_small.npz", "omniglot_strokes.npz"


class PenPaths(NamedTuple):
    """Drawings and the strokes that people made them of.

    Attributes:
        images: uint8 [n, 105, 105], ink 255.
        strokes: for each drawing its pen paths in order, [m, 2] (x, y) in pixels; a pixel's centre is at + 0.5.
    """

    images: NDArray[np.uint8]
    strokes: list[list[NDArray[np.float64]]]


def load_pen_paths(limit: int | None = None) -> PenPaths:
    """Read the drawings of Omniglot's first small background set, or `limit` of them, evenly spaced.

    Raises:
        DoodError: the files are not on this machine, or are others.
    """
    paths, images = (_find(name) for name in (PATHS, IMAGES))
    try:
        with np.load(paths, allow_pickle=False) as file:
            points, stroke, drawing = (file[name] for name in ("points", "stroke_ptr", "drawing_ptr"))
        with np.load(images, allow_pickle=False) as file:
            pictures = file["small1_images"]
    except (OSError, KeyError, ValueError) as error:
        raise DoodError(f"{paths} and {images} do not hold drawings and their pen paths: {error}") from error
    count = len(drawing) - 1
    chosen = np.arange(count) if limit is None or limit >= count else np.linspace(0, count - 1, limit).astype(int)
    # The paths count from the corner of the image whose pixels they name, so the middle of a pixel lies half further.
    strokes = [
        [points[stroke[s] : stroke[s + 1], :2].astype(float) + 0.5 for s in range(drawing[d], drawing[d + 1])]
        for d in chosen
    ]
    return PenPaths(pictures[chosen], strokes)


def _find(name: str) -> Path:
    for folder in folders():
        if (path := folder / name).is_file():
            return path
    looked = " and ".join(str(folder) for folder in folders())
    raise DoodError(f"{name} is not on this machine (looked in {looked}): put it there; it cannot be fetched")
