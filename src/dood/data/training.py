"""What a model is trained on: the training images of one set or several, less some that are held out."""

from typing import Any, NamedTuple

import numpy as np

from dood.data.datasets import image_set
from dood.data.registry import SOURCES
from dood.data.spacing import evenly_spaced
from dood.errors import DoodError

__all__ = ["ALL", "TrainingData", "training_data"]

ALL = "all"
"""Name for all sets of the paper together."""


class TrainingData(NamedTuple):
    """Images to learn from and images to look at.

    Attributes:
        name: of the sets, joined by +.
        sets: uint8 [n, h, w] for each set.
        held_out: uint8 [m, h, w], of each set in turn.
        sha256: of the sets' files, joined by +.
    """

    name: str
    sets: list[np.ndarray]
    held_out: np.ndarray
    sha256: str


def training_data(source: Any, resolution: int, held_out: int = 1000, *, polarity: str = "auto") -> TrainingData:
    """Read the training images of a set or of several.

    Test images are never touched. The images held out are evenly spaced over each set's training images, since some
    sets are sorted by class.

    Arguments:
        source: what `image_set` takes; several names with + between them (`mnist+omniglot`), or all five sets of the
            paper (`all`).
        resolution: height and width of the images in pixels.
        held_out: images of each set that are held out, at most a tenth of it.
        polarity: as for `image_set`.

    Raises:
        DoodError: a set cannot be read, or has too few training images to hold any out.
    """
    names = _names(source) if isinstance(source, str) else [source]
    loaded = [image_set(each, resolution=resolution, polarity=polarity) for each in names]
    split = [_split(images.train_images, images.name, held_out) for images in loaded]
    return TrainingData(
        "+".join(names) if isinstance(source, str) else loaded[0].name,
        [kept for kept, _ in split],
        _in_turn([held for _, held in split]),
        "+".join(images.sha256 for images in loaded),
    )


def _names(source: str) -> list[str]:
    return list(SOURCES) if source == ALL else source.split("+")


def _split(images: np.ndarray, name: str, held_out: int) -> tuple[np.ndarray, np.ndarray]:
    count = min(held_out, len(images) // 10)
    if count < 1:
        raise DoodError(f"{name} has {len(images)} training images: at least 10 are needed, to hold some out")
    held = np.zeros(len(images), bool)
    held[evenly_spaced(len(images), count)] = True
    return images[~held], images[held]


def _in_turn(sets: list[np.ndarray]) -> np.ndarray:
    """The first images of each set, then the second ones, and so on, as far as the smallest set goes."""
    count = min(len(images) for images in sets)
    return np.stack([images[:count] for images in sets], 1).reshape(-1, *sets[0].shape[1:])
