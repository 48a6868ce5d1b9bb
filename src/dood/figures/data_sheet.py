"""Many images of a set on one picture."""

import numpy as np
from PIL import Image

from dood.data.imageset import ImageSet
from dood.errors import DoodError
from dood.figures.sheets import tiled

__all__ = ["data_sheet"]

TILE = 56
"""Images smaller than this are enlarged by the largest whole number that keeps them within it, in pixels."""

GAP = 2
GREY = 96


def data_sheet(image_set: ImageSet, rows: int = 8, columns: int = 16, seed: int = 0) -> Image.Image:
    """Training images (test images where there are none) chosen at random, class by class, as evenly as can be.

    Raises:
        DoodError: there would be no rows or no columns.
    """
    if rows < 1 or columns < 1:
        raise DoodError(f"a sheet of {rows} rows and {columns} columns: at least one of each is needed")
    images, labels = image_set.train_images, image_set.train_labels
    if not len(images):
        images, labels = image_set.test_images, image_set.test_labels
    chosen = images[_choose(labels, rows * columns, np.random.default_rng(seed))]
    zoom = max(1, TILE // images.shape[1])
    tiles = [Image.fromarray(tile) for tile in chosen.repeat(zoom, axis=1).repeat(zoom, axis=2)]
    return tiled(tiles, columns, gap=GAP, ground=GREY)


def _choose(labels: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    """Indices of at most `count` images, ordered by class, evenly spread over the classes that there are."""
    count = min(count, len(labels))
    order = generator.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    _, start, size = np.unique(labels[order], return_index=True, return_counts=True)
    if count <= len(size):
        return order[start[np.arange(count) * len(size) // count]]
    wanted = _shares(size, count)
    return np.concatenate([order[first : first + number] for first, number in zip(start, wanted, strict=True)])


def _shares(size: np.ndarray, count: int) -> np.ndarray:
    """How many to take of groups of these sizes so that `count` are taken, as evenly as can be."""
    share = np.zeros_like(size)
    while (missing := count - share.sum()) > 0:
        open_groups = np.flatnonzero(share < size)
        add = max(1, missing // len(open_groups))
        chosen = open_groups[: missing if add == 1 else None]
        share[chosen] = np.minimum(share[chosen] + add, size[chosen])
    return share
