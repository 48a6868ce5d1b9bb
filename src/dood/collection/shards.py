"""A large collection of images: what its inputs hold, and how they are cut into shards."""

import functools
import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.data import ImageSet, read_npz
from dood.data.headers import shape_of
from dood.data.imageset import READ_ERRORS
from dood.errors import DoodError
from dood.pictures import IMAGE_SUFFIXES, find_images

__all__ = ["SPLITS", "ImageArray", "PictureFiles", "Shard", "cut", "find_inputs"]

SPLITS = ("all", "train", "test")

ARRAYS = {
    "train_images": "train",
    "train_bits": "train",
    "test_images": "test",
    "test_bits": "test",
    "images": "",
}
"""Arrays of images in an .npz file, and the split that each is."""


@dataclass(frozen=True)
class ImageArray:
    """The images of one split of an .npz file.

    Attributes:
        path: of the file, as `dood.data.imageset` says.
        split: train, test, or nothing where the file has no split.
        count: of images.
    """

    path: Path
    split: str
    count: int

    @property
    def name(self) -> str:
        return f"{self.path}:{self.split}" if self.split else str(self.path)

    def describe(self) -> dict[str, Any]:
        """What tells whether a later run sees the same images."""
        status = self.path.stat()
        return {"source": self.name, "images": self.count, "bytes": status.st_size, "modified_ns": status.st_mtime_ns}

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Some of the images [n, h, w], ink 255 on background 0.

        Raises:
            DoodError: the file cannot be read, or holds other images than it said.
        """
        images = _read(self.path, self.path.stat().st_mtime_ns)
        found = images.train_images if self.split == "train" else images.test_images
        if len(found) != self.count:
            raise DoodError(f"{self.name} holds {len(found)} images, and had {self.count}: it changed meanwhile")
        return found[start:stop]


@dataclass(frozen=True)
class PictureFiles:
    """Image files, in order."""

    paths: tuple[Path, ...]

    @property
    def count(self) -> int:
        return len(self.paths)

    def describe(self) -> dict[str, Any]:
        """What tells whether a later run sees the same pictures: a digest of names, sizes and times."""
        digest = hashlib.sha256()
        for path in self.paths:
            status = path.stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode(errors="surrogateescape"))
        return {"source": str(self.paths[0]), "images": self.count, "sha256_of_names_sizes_times": digest.hexdigest()}


class Shard(NamedTuple):
    """The images `start` to `stop` of one source, which are parsed and written together."""

    number: int
    source: ImageArray | PictureFiles
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


def find_inputs(inputs: Iterable[str | Path], split: str = "all") -> list[ImageArray | PictureFiles]:
    """What the inputs hold: .npz files, image files, and folders with either right inside them.

    Pictures that follow one another are one source. Files of arrays are not read, but for how many images they hold.

    Arguments:
        split: train or test leaves the other one out; files without splits are taken whole.

    Raises:
        DoodError: an input does not exist, holds no images or is no archive of arrays, or there are no images at all.
    """
    if split not in SPLITS:
        raise DoodError(f"split {split!r} is unknown: use {', '.join(SPLITS)}")
    files = [file for path in map(Path, inputs) for file in _files(path)]
    sources: list[ImageArray | PictureFiles] = []
    for is_npz, group in groupby(files, _is_npz):
        paths = tuple(group)
        sources += [array for path in paths for array in _arrays(path, split)] if is_npz else [PictureFiles(paths)]
    if not sources:
        raise DoodError(f"no images in {', '.join(map(str, inputs)) or 'nothing'}: give .npz files or pictures")
    return sources


def cut(sources: Sequence[ImageArray | PictureFiles], size: int) -> list[Shard]:
    """Shards of at most `size` images in the order of the sources, numbered from 0; none spans two sources."""
    places = [
        (source, start, min(start + size, source.count)) for source in sources for start in range(0, source.count, size)
    ]
    return [Shard(number, *place) for number, place in enumerate(places)]


@functools.lru_cache(maxsize=1)
def _read(path: Path, modified: int) -> ImageSet:
    # Shards of one file follow one another, and to read it is to decompress all of it.
    return read_npz(path)


def _is_npz(path: Path) -> bool:
    return path.suffix.lower() == ".npz"


def _files(path: Path) -> list[Path]:
    """The file itself, or what lies in the folder: files of arrays, then pictures."""
    if not path.is_dir():
        return find_images([path])
    inside = [file for file in path.iterdir() if not file.name.startswith(".") and file.is_file()]
    arrays = sorted(filter(_is_npz, inside))
    pictures = any(file.suffix.lower() in IMAGE_SUFFIXES for file in inside)
    return arrays + (find_images([path]) if pictures or not arrays else [])


def _arrays(path: Path, split: str) -> Iterator[ImageArray]:
    try:
        with zipfile.ZipFile(path) as archive:
            counts = {ARRAYS[key]: _length(archive, key) for key in ARRAYS if f"{key}.npy" in archive.namelist()}
    except READ_ERRORS as error:
        raise DoodError(f"{path} is no readable .npz file ({error}); get it anew") from error
    if not counts:
        raise DoodError(f"{path} holds no images: none of its arrays is called {', '.join(ARRAYS)}")
    if len(counts) > 1:
        counts.pop("", None)
    for name, count in counts.items():
        if count and (split in ("all", name) or not name):
            yield ImageArray(path, name, count)


def _length(archive: zipfile.ZipFile, key: str) -> int:
    """How many rows an array has, from its header alone."""
    return next(iter(shape_of(archive, f"{key}.npy")), 0)
