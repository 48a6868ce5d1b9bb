"""Sets of pen paths: which strokes people drew, in which order, the pen in which direction."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.data.imageset import READ_ERRORS, array_in
from dood.data.store import folders
from dood.errors import DoodError

__all__ = ["LEARNED", "Drawn", "is_held_out", "load_pen_set", "pen_file"]

LEARNED = ("kanjivg", "unipen_chars", "unipen_words", "unipen_lines", "quickdraw", "quickdraw_busy", "omniglot")
"""Sets that `dood train-pen` learns from, but for the drawings that are held out."""

HELD_OUT = 5

OMNIGLOT = "omniglot"
OMNIGLOT_SIDE, OMNIGLOT_PEN = 105, 3.0


class Drawn(NamedTuple):
    """What a person drew.

    Attributes:
        strokes: [n, 2] each, (x, y) in pixels of the canvas, y down, in the order and direction of the pen; the corner
            of the canvas is at (0, 0). A stroke of one point is a dot.
        size: width and height of the canvas.
        width: of the pen.
        image: uint8 [h, w], ink 0 on paper 255, where the set has the drawing as a picture too.
        index: in its set.
        label: which character it is, in Omniglot; 0 elsewhere.
    """

    strokes: list[NDArray[np.float64]]
    size: tuple[int, int]
    width: float
    image: NDArray[np.uint8] | None = None
    index: int = 0
    label: int = 0


def is_held_out(index: int) -> bool:
    """Whether a drawing is not learned from, so that choices can be measured on it: every fifth of a set is not."""
    return index % HELD_OUT == HELD_OUT - 1


def load_pen_set(
    name: str, data_dir: str | Path | None = None, *, limit: int | None = None, held_out: bool = False
) -> list[Drawn]:
    """The drawings of `pen/NAME.npz`, or of `omniglot_strokes.npz` for "omniglot", in a folder of data.

    The file holds `points` float32 [M, 2 or more] = x, y; stroke s has the points `stroke_ptr[s]` to
    `stroke_ptr[s + 1] - 1`, drawing d the strokes `drawing_ptr[d]` to `drawing_ptr[d + 1] - 1`; `size` [D, 2] (width,
    height) and `width` [D], of the pen.

    Arguments:
        limit: so many drawings, evenly spaced, at most.
        held_out: only those of which `is_held_out` is true.

    Raises:
        DoodError: the file is not there, or holds something else.
    """
    path = pen_file(name, data_dir)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {key: array_in(archive, key) for key in archive.files}
        if name == OMNIGLOT:
            return _omniglot(arrays, data_dir, limit, held_out)
        return _drawings(arrays, limit, held_out)
    except (*READ_ERRORS, IndexError) as error:
        raise DoodError(f"{path} does not hold pen paths: {error}") from error


def _omniglot(
    arrays: dict[str, NDArray], data_dir: str | Path | None, limit: int | None, held_out: bool
) -> list[Drawn]:
    """Omniglot's first small background set, which has the drawings as pictures too."""
    count = len(arrays["drawing_ptr"]) - 1
    # The paths count from the corner of the image whose pixels they name, so the middle of a pixel lies half further.
    more = {
        "points": arrays["points"][:, :2] + 0.5,
        "size": np.full((count, 2), OMNIGLOT_SIDE),
        "width": np.full(count, OMNIGLOT_PEN),
    }
    with np.load(_find("omniglot_small.npz", data_dir), allow_pickle=False) as file:
        images = 255 - file["small1_images"]
    return [
        drawn._replace(image=images[drawn.index], label=int(arrays["labels"][drawn.index]))
        for drawn in _drawings(arrays | more, limit, held_out)
    ]


def _drawings(arrays: dict[str, NDArray], limit: int | None, held_out: bool) -> list[Drawn]:
    points, stroke, drawing, size, width = (
        arrays[key] for key in ("points", "stroke_ptr", "drawing_ptr", "size", "width")
    )
    count = len(drawing) - 1
    if not len(size) == len(width) == count or stroke[-1] != len(points) or drawing[-1] != len(stroke) - 1:
        raise ValueError("its arrays do not fit together")
    chosen = [d for d in range(count) if is_held_out(d) or not held_out]
    if limit is not None and limit < len(chosen):
        chosen = [chosen[i] for i in np.linspace(0, len(chosen) - 1, limit).round().astype(int)]
    return [
        Drawn(
            [points[stroke[s] : stroke[s + 1], :2].astype(float) for s in range(drawing[d], drawing[d + 1])],
            (int(size[d, 0]), int(size[d, 1])),
            float(width[d]),
            index=d,
        )
        for d in chosen
    ]


def pen_file(name: str, data_dir: str | Path | None = None) -> Path:
    """The file of a set.

    Raises:
        DoodError: it is not there.
    """
    return _find("omniglot_strokes.npz" if name == OMNIGLOT else f"pen/{name}.npz", data_dir)


def _find(name: str, data_dir: str | Path | None) -> Path:
    places = [folder / name for folder in folders(data_dir)]
    for place in places:
        if place.is_file():
            return place
    raise DoodError(f"{name} is not on this machine (looked for {' and '.join(map(str, places))}): put it there")
