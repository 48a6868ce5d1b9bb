"""Whether completions are what a person might have drawn: halves of digits, completed, before a classifier.

A half is the ink of the first half of the pen's way, as `dood draw` traces it: no model that completes it chose it.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import KDTree

from dood.errors import DoodError
from dood.evaluation.features import FeatureExtractor
from dood.models.dood import DooD
from dood.tasks.complete import WAYS, complete
from dood.tasks.draw import draw

__all__ = [
    "HALF",
    "REDRAWN",
    "SIZES",
    "SURE",
    "WHOLE",
    "Row",
    "class_shares",
    "completed",
    "completed_at_sizes",
    "first_half",
]

WHOLE, REDRAWN, HALF = "whole", "redrawn", "half"
"""What stands beside the ways to complete: the picture, what tracing finds in it, and the half that is completed."""

SURE = 0.95
"""A drawing passes for a digit if the classifier gives some class so much."""

SIDE = 100
"""Pixels that the small pictures are enlarged to."""

SIZES = (14, 28, 100, 500)
"""Sides in pixels at which halves are completed."""

PAGE = 4
"""How many times as wide as a half a page is that has it in its corner."""

Picture = NDArray[np.uint8]
"""[h, w], ink 0 on paper 255."""


class Row(NamedTuple):
    """What a classifier says of drawings.

    Attributes:
        drawings: one of `WAYS`, or whole, redrawn or half; or at what size a half was completed.
        right: share that is of the class that the half was taken from.
        right_stderr: its standard error.
        digit: share that passes for some class.
        digit_stderr: its standard error.
        count: drawings.
    """

    drawings: str
    right: float
    right_stderr: float
    digit: float
    digit_stderr: float
    count: int


def completed(
    model: DooD,
    images: NDArray[np.uint8],
    *,
    temperature: float = 1.0,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, list[Picture]]:
    """Halve drawings and complete each once, in each way; return the pictures, by `Row.drawings`.

    Arguments:
        images: [n, h, w], ink 255.
        temperature: as for `dood.complete`.
        seed: of the first; each has one of its own.
        progress: called with the drawings done and their total.
    """
    made: dict[str, list[Picture]] = {name: [] for name in (WHOLE, REDRAWN, HALF, *WAYS)}
    for i, image in enumerate(images):
        whole = _enlarged(image)
        half = first_half(whole)
        made[WHOLE].append(whole)
        made[REDRAWN].append(_grey(draw(whole, polarity="dark").to_png()))
        made[HALF].append(half)
        for way in WAYS:
            options = {"way": way, "temperature": temperature, "seed": seed + i, "polarity": "dark"}
            made[way].append(_completed(half, 1.0, half, model=model, count=1, **options))
        if progress:
            progress(i + 1, len(images))
    return made


def completed_at_sizes(
    model: DooD, images: NDArray[np.uint8], *, seed: int = 0, progress: Callable[[int, int], None] | None = None
) -> dict[str, list[Picture]]:
    """Halve drawings and complete each once at every size, and in a corner of a page with and without room around it.

    Returns:
        The pictures at one size, by `Row.drawings`.
    """
    made: dict[str, list[Picture]] = {f"{size} px": [] for size in SIZES}
    made |= {f"{SIDE} px in a corner of {PAGE * SIDE} px, frame {frame}": [] for frame in ("room", "image")}
    for i, image in enumerate(images):
        half = first_half(_enlarged(image))
        options = {"model": model, "count": 1, "seed": seed + i, "polarity": "dark"}
        for size in SIZES:
            small = np.asarray(Image.fromarray(half).resize((size, size), Image.Resampling.LANCZOS))
            made[f"{size} px"].append(_completed(small, SIDE / size, half, **options))
        page = np.full((PAGE * SIDE, PAGE * SIDE), 255, np.uint8)
        page[-SIDE:, -SIDE:] = half
        for name in list(made)[len(SIZES) :]:
            whole = _completed(page, 1.0, page, frame=name.split()[-1], **options)
            made[name].append(whole[-SIDE:, -SIDE:])
        if progress:
            progress(i + 1, len(images))
    return made


def _completed(picture: Picture, scale: float, otherwise: Picture, **options: Any) -> Picture:
    """A picture completed and enlarged; something else where there is nothing to go on from."""
    try:
        return _grey(complete(picture, **options).drawings[0].to_png(scale))
    except DoodError:
        return otherwise


def _enlarged(image: NDArray[np.uint8]) -> Picture:
    return np.asarray(Image.fromarray(255 - image).resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def first_half(picture: Picture) -> Picture:
    """Return a picture with only the ink that lies along the first half of the pen's way.

    Raises:
        DoodError: the picture holds no drawing.
    """
    way = np.concatenate([stroke.even(0.5) for stroke in draw(picture, polarity="dark").strokes])
    y, x = np.nonzero(picture < 255)
    nearest = KDTree(way).query(np.stack([x, y], 1) + 0.5)[1]
    kept = np.full_like(picture, 255)
    first = np.asarray(nearest) < len(way) / 2
    kept[y[first], x[first]] = picture[y[first], x[first]]
    return kept


@torch.no_grad()
def class_shares(made: dict[str, list[Picture]], classes: NDArray[np.int64], classifier: FeatureExtractor) -> list[Row]:
    """Return what the classifier makes of the pictures.

    Arguments:
        classes: of the whole drawings, numbered as the classifier numbers them.
    """
    rows = []
    for name, pictures in made.items():
        ink = 1 - torch.from_numpy(np.stack(pictures)).float() / 255
        sure, said = classifier(ink).softmax(-1).max(-1)
        right, digit = (said.numpy() == classes).astype(float), (sure.numpy() >= SURE).astype(float)
        rows.append(Row(name, *_share(right), *_share(digit), len(pictures)))
    return rows


def _share(flags: NDArray[np.float64]) -> tuple[float, float]:
    mean = float(flags.mean())
    return mean, float(np.sqrt(mean * (1 - mean) / len(flags)))


def _grey(picture: Image.Image) -> Picture:
    return np.asarray(picture.convert("L"))


def as_grids(made: dict[str, list[Picture]], names: Sequence[str], count: int) -> list[NDArray[np.float32]]:
    """The first pictures of some kinds as ink, for `dood.figures.sheets.image_grids`."""
    return [(1 - np.stack(made[name][:count]) / 255).astype(np.float32) for name in names]
