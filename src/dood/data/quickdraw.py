"""Quick, Draw! from Google's 28 x 28 bitmaps, one .npy file a category."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dood.errors import DoodError

__all__ = ["CATEGORIES", "SAMPLE", "convert_quickdraw"]

CATEGORIES = (
    "airplane",
    "apple",
    "bicycle",
    "book",
    "car",
    "cell phone",
    "eye",
    "eyeglasses",
    "smiley face",
    "tree",
)
"""The ten of the paper (as far as its code tells)."""

SAMPLE = 5000
"""Drawings taken of each category."""

TEST_SHARE = 5
"""Every fifth of them is for testing."""

SIZE = 28
CONSOLE_PREFIX = "full_numpy_bitmap_"
"""What Google's web page puts before the names of files downloaded by hand."""


def convert_quickdraw(folder: Path, sample: int = SAMPLE, seed: int = 0) -> dict[str, np.ndarray]:
    """A balanced set of every category that has a .npy file in `folder`.

    Of each category, `sample` distinct drawings (or all, where there are fewer) are taken in a random order that
    depends on the seed and the category's name only; the first and then every fifth are for testing, the others for
    training. Order: category (alphabetical), then that random order.

    Raises:
        DoodError: there is no .npy file, or one is not uint8 [n, 784].
    """
    files = {_category(path): path for path in sorted(folder.glob("*.npy"))}
    if not files:
        raise DoodError(f"{folder} has no .npy files; Quick, Draw! comes as one for each category, such as cat.npy")
    names = sorted(files)
    parts = {"train": [], "test": []}
    for name in names:
        drawings = _sample(_open(files[name]), sample, [seed, *name.encode()])
        testing = np.arange(len(drawings)) % TEST_SHARE == 0
        parts["train"].append(drawings[~testing])
        parts["test"].append(drawings[testing])
    return _joined(parts, names)


def _category(path: Path) -> str:
    return path.stem.removeprefix(CONSOLE_PREFIX).replace("_", " ")


def _open(path: Path) -> np.ndarray:
    """The file's drawings uint8 [n, 784], left on disk: a category has 100 MB and more."""
    try:
        drawings = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DoodError(f"{path} is no readable .npy file ({error}); get it anew") from error
    if not isinstance(drawings, np.ndarray) or drawings.dtype != np.uint8 or drawings.shape[1:] != (SIZE * SIZE,):
        raise DoodError(f"{path} is no bitmap file of Quick, Draw!, which holds uint8 [n, {SIZE * SIZE}]")
    return drawings


def _sample(drawings: np.ndarray, count: int, seed: Sequence[int]) -> np.ndarray:
    """The first `count` distinct drawings [n, 28, 28] in random order; twice as many are looked at for that."""
    order = np.random.default_rng(seed).permutation(len(drawings))[: 2 * count]
    candidates = np.empty((len(order), SIZE * SIZE), np.uint8)
    rising = np.argsort(order)
    candidates[rising] = drawings[order[rising]]
    _, first = np.unique(candidates, axis=0, return_index=True)
    return candidates[np.sort(first)[:count]].reshape(-1, SIZE, SIZE)


def _joined(parts: dict[str, list[np.ndarray]], names: list[str]) -> dict[str, np.ndarray]:
    arrays = {"class_names": np.array(names)}
    for split, drawings in parts.items():
        arrays[f"{split}_images"] = np.concatenate(drawings)
        arrays[f"{split}_labels"] = np.repeat(np.arange(len(names)), [len(part) for part in drawings]).astype(np.int16)
    return arrays
