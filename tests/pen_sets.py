"""Small sets of pen paths, written for a test."""

from pathlib import Path
from typing import Any

import numpy as np

from dood.data.pensets import OMNIGLOT_SIDE

Strokes = list[list[list[float]]]


def arrays_of(drawings: list[Strokes]) -> dict[str, Any]:
    strokes = [stroke for drawing in drawings for stroke in drawing]
    return {
        "points": np.concatenate([np.array(stroke, np.float32) for stroke in strokes]),
        "stroke_ptr": np.cumsum([0, *map(len, strokes)]),
        "drawing_ptr": np.cumsum([0, *map(len, drawings)]),
    }


def write_pen_set(
    folder: Path, name: str, drawings: list[Strokes], size: tuple[int, int] = (64, 64), width: float = 4
) -> None:
    """Write FOLDER/pen/NAME.npz."""
    (folder / "pen").mkdir(exist_ok=True)
    more = {"size": np.tile(size, (len(drawings), 1)), "width": np.full(len(drawings), width, np.float32)}
    np.savez(folder / "pen" / f"{name}.npz", **arrays_of(drawings), **more)


def write_omniglot(folder: Path, drawings: list[Strokes]) -> np.ndarray:
    """Write the two files of Omniglot's pen paths; return the pictures, ink 255, drawing i with i bright rows."""
    images = np.zeros((len(drawings), OMNIGLOT_SIDE, OMNIGLOT_SIDE), np.uint8)
    for i, image in enumerate(images):
        image[:i] = 255
    np.savez(folder / "omniglot_small.npz", small1_images=images)
    np.savez(folder / "omniglot_strokes.npz", **arrays_of(drawings), labels=np.arange(len(drawings)) // 2)
    return images
