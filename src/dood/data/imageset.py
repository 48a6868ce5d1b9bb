"""A set of images with labels, and its layout on disk: NAME.npz.

The file holds `train_images`, `train_labels`, `test_images`, `test_labels`; images uint8 [n, h, w], upright, ink 255 on
background 0. `train_bits` and `test_bits` may stand for images of two values and 105 x 105 pixels (Omniglot).
`class_names` (or `class_chars`), `train_alphabets`, `test_alphabets` and `alphabet_names` are optional.
"""

import hashlib
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dood.data.resize import images_at
from dood.errors import DoodError
from dood.files import atomic_write

__all__ = ["PACKED_SIZE", "READ_ERRORS", "SPLITS", "ImageSet", "array_in", "pack", "read_npz", "write_npz"]

PACKED_SIZE = 105
"""Height and width in pixels of bit-packed images."""

SPLITS = ("train", "test")

READ_ERRORS = (
    OSError,
    ValueError,
    EOFError,
    KeyError,
    RuntimeError,
    MemoryError,
    ArithmeticError,
    SyntaxError,
    AttributeError,
    TypeError,
    zipfile.BadZipFile,
    zlib.error,
    tokenize.TokenError,
)
"""What numpy raises for files that are no archives of arrays, or whose headers are damaged."""


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images, ink bright on black, with labels.

    Attributes:
        name: of the set, or the stem of the file or folder that it was read from.
        train_images, test_images: uint8 [n, h, w], h = w, ink 255 on background 0. One of them may be empty. A source
            with no split has all its images in both (see `has_split`).
        train_labels, test_labels: int64 [n], indices into `class_names`.
        class_names: what the labels stand for.
        sha256: of the file that the images were read from (of the images themselves where there is no such file).
        train_alphabets, test_alphabets: int64 [n], indices into `alphabet_names` (Omniglot only).
        alphabet_names: what the alphabets are called.
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple[str, ...]
    sha256: str
    train_alphabets: np.ndarray | None = None
    test_alphabets: np.ndarray | None = None
    alphabet_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for split in SPLITS:
            _check_split(f"{self.name}: {split}", getattr(self, f"{split}_images"), getattr(self, f"{split}_labels"))
            labels = getattr(self, f"{split}_labels")
            if len(labels) and not 0 <= labels.min() <= labels.max() < len(self.class_names):
                raise DoodError(
                    f"{self.name}: {split}_labels run from {labels.min()} to {labels.max()},"
                    f" but there are {len(self.class_names)} class names"
                )
        if self.train_images.shape[1:] != self.test_images.shape[1:]:
            sizes = f"{list(self.train_images.shape)} and {list(self.test_images.shape)}"
            raise DoodError(f"{self.name}: train_images and test_images {sizes} differ in size")
        if not len(self.train_images) and not len(self.test_images):
            raise DoodError(f"{self.name} holds no images")

    @property
    def resolution(self) -> int:
        """Height and width of the images in pixels."""
        return self.test_images.shape[1]

    @property
    def has_split(self) -> bool:
        """Whether training images and test images are different ones."""
        return self.train_images is not self.test_images

    def at(self, resolution: int) -> "ImageSet":
        """The same images at `resolution` x `resolution` pixels; see `images_at`."""
        if resolution == self.resolution:
            return self
        train = images_at(self.train_images, resolution)
        test = images_at(self.test_images, resolution) if self.has_split else train
        return replace(self, train_images=train, test_images=test)


def read_npz(path: str | Path, name: str | None = None, class_names: tuple[str, ...] = ()) -> ImageSet:
    """Read a file laid out as this module says; one with only `test_images`, or only `images`, will do.

    Images without labels are all of one class, named like the set.

    Arguments:
        path: the file.
        name: of the set; the file's stem if not given.
        class_names: what labels stand for where the file does not say.

    Raises:
        DoodError: the file is absent, damaged, holds pickled objects, or its arrays have other types or shapes.
    """
    path = Path(path)
    name = name or path.stem
    arrays = _read_arrays(path)
    images = {split: found for split in SPLITS if (found := _images_of(arrays, split, path)) is not None}
    if not images:
        held = ", ".join(arrays) or "nothing"
        raise DoodError(f"{path} has neither train_images, test_images nor images; it has {held}")
    none = next(iter(images.values()))[:0]
    train, test = images.get("train", none), images.get("test", none)
    train_labels, test_labels = _labels_of(arrays, "train", train, path), _labels_of(arrays, "test", test, path)
    return ImageSet(
        name=name,
        train_images=train,
        train_labels=train_labels,
        test_images=test,
        test_labels=test_labels,
        class_names=_names_of(arrays, class_names, name, np.concatenate([train_labels, test_labels])),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        train_alphabets=_alphabets_of(arrays, "train", path),
        test_alphabets=_alphabets_of(arrays, "test", path),
        alphabet_names=_texts(arrays.get("alphabet_names", np.empty(0, str)), name, "alphabet_names"),
    )


def write_npz(path: str | Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays as a compressed file; the same arrays give the same bytes.

    Raises:
        DoodError: the file cannot be written.
    """
    with atomic_write(path) as file:
        np.savez_compressed(file, **arrays)  # pyright: ignore[reportArgumentType]


def pack(images: np.ndarray) -> np.ndarray:
    """Bits uint8 [n, 1379] of images [n, 105, 105] whose ink is any value but 0."""
    return np.packbits(images.reshape(len(images), -1) != 0, axis=1)


def _unpack(bits: np.ndarray) -> np.ndarray:
    pixels = np.unpackbits(bits, axis=1, count=PACKED_SIZE**2)
    pixels *= 255
    return pixels.reshape(-1, PACKED_SIZE, PACKED_SIZE)


def _read_arrays(path: Path) -> dict[str, np.ndarray]:
    """All arrays of the file but those of drawers and the like, which an ImageSet does not keep."""
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                raise DoodError(f"{path} is no .npz file; `numpy.savez_compressed` writes such")
            file.seek(0)
            with np.load(file, allow_pickle=False) as archive:
                return {key: array_in(archive, key) for key in archive.files if not key.endswith("drawers")}
    except DoodError:
        raise
    except FileNotFoundError:
        raise DoodError(f"{path}: there is no such file") from None
    except READ_ERRORS as error:
        if "Object arrays" in str(error):
            raise DoodError(f"{path} holds pickled objects, which could run code and are never read") from error
        raise DoodError(f"{path} is no readable .npz file ({error}); get it anew") from error


def array_in(archive: Mapping[str, np.ndarray], key: str) -> np.ndarray:
    """A member of an open archive, of which numpy gives the bytes where it is no array.

    Raises:
        ValueError: it is none.
    """
    found = archive[key]
    if not isinstance(found, np.ndarray):
        raise ValueError(f"{key} is no array")
    return found


def _images_of(arrays: Mapping[str, np.ndarray], split: str, path: Path) -> np.ndarray | None:
    """Images of the split, or None where the file has none for it."""
    if (key := f"{split}_images") in arrays:
        return _checked(arrays[key], path, key)
    if (key := f"{split}_bits") in arrays:
        bits, columns = arrays[key], -(-(PACKED_SIZE**2) // 8)
        if bits.dtype != np.uint8 or bits.ndim != 2 or bits.shape[1] != columns:
            raise DoodError(f"{path}: {key} is {_kind(bits)}, but should be uint8 [n, {columns}]")
        return _unpack(bits)
    return _checked(arrays["images"], path, "images") if "images" in arrays and not _has_split(arrays) else None


def _has_split(arrays: Mapping[str, np.ndarray]) -> bool:
    return any(f"{split}_{kind}" in arrays for split in SPLITS for kind in ("images", "bits"))


def _checked(images: np.ndarray, path: Path, key: str) -> np.ndarray:
    if images.dtype != np.uint8 or images.ndim != 3:
        raise DoodError(f"{path}: {key} is {_kind(images)}, but should be uint8 [n, h, w], ink 255 on background 0")
    if images.shape[1] != images.shape[2] or not images.shape[1]:
        raise DoodError(f"{path}: {key} are {images.shape[2]} x {images.shape[1]} pixels; pad them to squares")
    return images


def _labels_of(arrays: Mapping[str, np.ndarray], split: str, images: np.ndarray, path: Path) -> np.ndarray:
    key = f"{split}_labels" if _has_split(arrays) else "labels"
    if key not in arrays:
        return np.zeros(len(images), np.int64)
    return _whole_numbers(arrays[key], path, key)


def _whole_numbers(values: np.ndarray, path: Path, key: str) -> np.ndarray:
    if values.dtype.kind not in "iu" or values.ndim != 1:
        raise DoodError(f"{path}: {key} is {_kind(values)}, but should be whole numbers [n]")
    return values.astype(np.int64)


def _alphabets_of(arrays: Mapping[str, np.ndarray], split: str, path: Path) -> np.ndarray | None:
    key = f"{split}_alphabets"
    return _whole_numbers(arrays[key], path, key) if key in arrays else None


def _names_of(
    arrays: Mapping[str, np.ndarray], known: tuple[str, ...], name: str, labels: np.ndarray
) -> tuple[str, ...]:
    for key in ("class_names", "class_chars"):
        if key in arrays:
            return _texts(arrays[key], name, key)
    if not any(key.endswith("labels") for key in arrays):
        return (name,)
    classes = int(labels.max(initial=0)) + 1
    return known if classes <= len(known) else tuple(str(label) for label in range(classes))


def _texts(values: np.ndarray, name: str, key: str) -> tuple[str, ...]:
    try:
        return tuple(str(value) for value in values)
    except (SystemError, ValueError, TypeError) as error:  # numbers that are no characters, or no list at all
        raise DoodError(f"{name}: {key} is {_kind(values)}, but should be texts [n] ({error})") from error


def _check_split(where: str, images: np.ndarray, labels: np.ndarray) -> None:
    if images.dtype != np.uint8 or images.ndim != 3:
        raise DoodError(f"{where}_images is {_kind(images)}, but should be uint8 [n, h, w]")
    if labels.dtype != np.int64 or labels.shape != images.shape[:1]:
        raise DoodError(f"{where}_labels is {_kind(labels)}, but should be int64 [{len(images)}], one for each image")


def _kind(array: np.ndarray) -> str:
    return f"{array.dtype} {list(array.shape)}"
