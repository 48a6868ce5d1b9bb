"""Whether completions are what a person might have drawn: halves of drawings, completed.

A half is the ink of the first half of the pen's way, as `dood draw` traces it: no model that completes it chose it.
What halves became is shown to a classifier (`class_shares`), and compared with what was really drawn (`rests`).
"""

from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import KDTree
from torch import Tensor

from dood.core.geometry import shrink
from dood.errors import DoodError
from dood.evaluation.evaluate import standard_error
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
    "Rest",
    "Row",
    "class_shares",
    "completed",
    "completed_at_sizes",
    "first_half",
    "rests",
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

Made = dict[str, list[NDArray[np.uint8]]]
"""By `Row.drawings`, for each drawing that was halved, pictures [k, h, w] of what became of it."""


class Row(NamedTuple):
    """What a classifier says of drawings.

    Attributes:
        drawings: one of `WAYS`, or whole, redrawn or half; or at what size a half was completed.
        right: share that is of the class that the half was taken from.
        right_stderr: its standard error over halves.
        digit: share that passes for some class.
        digit_stderr: its standard error over halves.
        count: halves.
    """

    drawings: str
    right: float
    right_stderr: float
    digit: float
    digit_stderr: float
    count: int


class Rest(NamedTuple):
    """How what was added to halves compares with what was really drawn.

    Attributes:
        dataset: of the drawings.
        drawings: as of `Row`.
        nats: log density of the whole drawing, its pixels about those of what was made (eq. 5; the mean density over
            all that was made of a half), less that about the half alone.
        nats_stderr: its standard error over halves.
        ink: what was added, over what the whole drawings have beside the halves.
        count: halves.
    """

    dataset: str
    drawings: str
    nats: float
    nats_stderr: float
    ink: float
    count: int


def completed(
    model: DooD,
    images: NDArray[np.uint8],
    *,
    count: int = 1,
    temperature: float = 1.0,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Made:
    """Halve drawings and complete each, in each way.

    Arguments:
        images: [n, h, w], ink 255.
        count: completions of each half; of what is no completion there is one.
        temperature: as for `dood.complete`.
        seed: of the first; each has one of its own.
        progress: called with the drawings done and their total.
    """
    made: Made = {name: [] for name in (WHOLE, REDRAWN, HALF, *WAYS)}
    for i, image in enumerate(images):
        whole = _enlarged(image)
        half = first_half(whole)
        made[WHOLE].append(whole[None])
        made[REDRAWN].append(_grey(draw(whole, polarity="dark").to_png())[None])
        made[HALF].append(half[None])
        for way in WAYS:
            options = {"way": way, "temperature": temperature, "seed": seed + i, "polarity": "dark"}
            made[way].append(_completed(half, 1.0, half, model=model, count=count, **options))
        if progress:
            progress(i + 1, len(images))
    return made


def completed_at_sizes(
    model: DooD, images: NDArray[np.uint8], *, seed: int = 0, progress: Callable[[int, int], None] | None = None
) -> Made:
    """Halve drawings and complete each once at every size, and in a corner of a page with and without room around it.

    Returns:
        The pictures, at one size.
    """
    made: Made = {f"{size} px": [] for size in SIZES}
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
            made[name].append(whole[:, -SIDE:, -SIDE:])
        if progress:
            progress(i + 1, len(images))
    return made


def _completed(picture: Picture, scale: float, otherwise: Picture, **options: Any) -> NDArray[np.uint8]:
    """A picture's completions [k, h, w], enlarged; something else where there is nothing to go on from."""
    try:
        return np.stack([_grey(drawing.to_png(scale)) for drawing in complete(picture, **options).drawings])
    except DoodError:
        return otherwise[None]


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
def class_shares(made: Made, classes: NDArray[np.int64], classifier: FeatureExtractor) -> list[Row]:
    """Return what the classifier makes of the pictures.

    Arguments:
        classes: of the whole drawings, numbered as the classifier numbers them.
    """
    rows = []
    for name, pictures in made.items():
        right, digit = [], []
        for some, drawn in zip(pictures, classes, strict=True):
            sure, said = classifier(_ink(some)).softmax(-1).max(-1)
            right.append(float(np.mean(said.numpy() == drawn)))
            digit.append(float(np.mean(sure.numpy() >= SURE)))
        rows.append(Row(name, *_mean(right), *_mean(digit), len(pictures)))
    return rows


@torch.no_grad()
def rests(made: Made, dataset: str, model: DooD) -> list[Rest]:
    """Return how what was made of halves compares with the whole drawings.

    Arguments:
        made: of `completed`.
        model: whose resolution and scales of pixels the densities have.
    """
    sizes = {name: [shrink(_ink(some), model.config.resolution) for some in made[name]] for name in made}
    missing = sum(float((whole - half).sum()) for whole, half in zip(sizes[WHOLE], sizes[HALF], strict=True))
    rows = []
    for name, found in sizes.items():
        nats, added = [], 0.0
        for some, whole, half in zip(found, sizes[WHOLE], sizes[HALF], strict=True):
            about, alone = model.likelihood(some).log_prob(whole), model.likelihood(half).log_prob(whole)
            nats.append(float(about.logsumexp(0) - np.log(len(some)) - alone))
            added += float((some.mean(0) - half).sum())
        rows.append(Rest(dataset, name, *_mean(nats), added / missing, len(found)))
    return rows


def _ink(pictures: NDArray[np.uint8]) -> Tensor:
    return 1 - torch.tensor(pictures).float() / 255


def _mean(figures: Sequence[float]) -> tuple[float, float]:
    """With its standard error, 0 of a single figure."""
    return fmean(figures), standard_error(torch.tensor(figures)) or 0.0


def _grey(picture: Image.Image) -> Picture:
    return np.asarray(picture.convert("L"))


def as_grids(made: Made, names: Sequence[str], count: int) -> list[NDArray[np.float32]]:
    """The first pictures of some kinds as ink, one of each half, for `dood.figures.sheets.image_grids`."""
    return [np.stack([_ink(some)[0].numpy() for some in made[name][:count]]) for name in names]
