"""Sets of pen paths: which strokes people drew, in which order, the pen in which direction."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.data.store import folders
from dood.errors import DoodError

__all__ = ["Drawn", "load_pen_set"]


class Drawn(NamedTuple):
    """What a person drew.

    Attributes:
        strokes: [n, 2] each, (x, y) in pixels of the canvas, y down, in the order and direction of the pen.
        size: width and height of the canvas.
        width: of the pen.
    """

    strokes: list[NDArray[np.float64]]
    size: tuple[int, int]
    width: float


def load_pen_set(name: str, data_dir: str | Path | None = None) -> list[Drawn]:
    """The drawings of `pen/NAME.npz`, or of `omniglot_strokes.npz` for "omniglot", in a folder of data.

    Raises:
        DoodError: the file is not there, or holds something else.
    """
    file = "omniglot_strokes.npz" if name == "omniglot" else f"pen/{name}.npz"
    places = [folder / file for folder in folders(data_dir)]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise DoodError(f"{file} is not on this machine (looked for {' and '.join(map(str, places))})")
    try:
        with np.load(path, allow_pickle=False) as z:
            points, stroke, drawing = (z[key] for key in ("points", "stroke_ptr", "drawing_ptr"))
            count = len(drawing) - 1
            size = z["size"] if "size" in z else np.full((count, 2), 105)
            width = z["width"] if "width" in z else np.full(count, 3.0)
    except (OSError, KeyError, ValueError) as error:
        raise DoodError(f"{path} does not hold pen paths: {error}") from error
    return [
        Drawn(
            [points[stroke[s] : stroke[s + 1], :2].astype(float) for s in range(drawing[d], drawing[d + 1])],
            (int(size[d, 0]), int(size[d, 1])),
            float(width[d]),
        )
        for d in range(count)
    ]
