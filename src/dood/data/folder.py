"""A folder of the user's own pictures as an image set."""

import hashlib
from pathlib import Path

import numpy as np

from dood.data.imageset import SPLITS, ImageSet
from dood.errors import DoodError
from dood.pictures import IMAGE_SUFFIXES, load_picture, normalise

__all__ = ["read_folder"]

RESOLUTION = 105
"""As fine as the finest of the known sets."""


def read_folder(folder: str | Path, resolution: int = RESOLUTION) -> ImageSet:
    """All pictures below a folder, normalised as those that `dood draw` is given, by name.

    Pictures in subfolders are of the class that the subfolder's path names. Where all of them lie in the subfolders
    `train` and `test`, those are the split, and classes are subfolders of them. Otherwise there is no split: every
    picture is both in train and in test.

    Raises:
        DoodError: there are no pictures, or one cannot be read.
    """
    folder = Path(folder)
    paths = sorted(path for path in folder.rglob("*") if _is_picture(path.relative_to(folder)) and path.is_file())
    if not paths:
        raise DoodError(f"{folder} holds no pictures: give a folder with {', '.join(IMAGE_SUFFIXES)} files")
    images, sha256 = _read(folder, paths, resolution)
    below = [path.parent.relative_to(folder) for path in paths]
    firsts = [place.parts[0] if place.parts else "" for place in below]
    has_split = set(firsts) == set(SPLITS)
    classes = [Path(*place.parts[has_split:]).as_posix() for place in below]
    names = sorted(set(classes))
    labels = np.array([names.index(name) for name in classes], np.int64)
    shown = tuple(folder.resolve().name if name == "." else name for name in names)
    if not has_split:
        return ImageSet(folder.resolve().name, images, labels, images, labels, shown, sha256)
    train, test = (np.array([first == split for first in firsts]) for split in SPLITS)
    return ImageSet(folder.resolve().name, images[train], labels[train], images[test], labels[test], shown, sha256)


def _read(folder: Path, paths: list[Path], resolution: int) -> tuple[np.ndarray, str]:
    """Images uint8 [n, h, w], and a digest of files and names."""
    rasters = []
    digest = hashlib.sha256()
    for path in paths:
        ink, _ = normalise(load_picture(path), resolution)
        rasters.append(np.rint(ink * 255).astype(np.uint8))
        digest.update(path.relative_to(folder).as_posix().encode(errors="surrogateescape") + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return np.stack(rasters), digest.hexdigest()


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES and not any(part.startswith(".") for part in path.parts)
