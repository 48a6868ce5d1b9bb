"""A folder of the user's own pictures as an image set."""

import hashlib
from pathlib import Path

import numpy as np

from dood.data.imageset import ImageSet
from dood.errors import DoodError
from dood.pictures import IMAGE_SUFFIXES, load_picture, normalise

__all__ = ["read_folder"]

RESOLUTION = 105
"""As fine as the finest of the known sets."""


def read_folder(folder: str | Path, resolution: int = RESOLUTION) -> ImageSet:
    """All pictures below a folder, normalised as those that `dood draw` is given, by name.

    Pictures in subfolders are of the class that the subfolder's path names. There is no split: every picture is both in
    train and in test.

    Raises:
        DoodError: there are no pictures, or one cannot be read.
    """
    folder = Path(folder)
    paths = sorted(path for path in folder.rglob("*") if _is_picture(path.relative_to(folder)) and path.is_file())
    if not paths:
        raise DoodError(f"{folder} holds no pictures: give a folder with {', '.join(IMAGE_SUFFIXES)} files")
    rasters = []
    digest = hashlib.sha256()
    for path in paths:
        ink, _ = normalise(load_picture(path), resolution)
        rasters.append(np.rint(ink * 255).astype(np.uint8))
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    images = np.stack(rasters)
    classes = [path.parent.relative_to(folder).as_posix() for path in paths]
    names = sorted(set(classes))
    labels = np.array([names.index(name) for name in classes], np.int64)
    shown = tuple(folder.resolve().name if name == "." else name for name in names)
    return ImageSet(folder.resolve().name, images, labels, images, labels, shown, digest.hexdigest())


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES and not any(part.startswith(".") for part in path.parts)
