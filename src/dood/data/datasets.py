"""Images that a program holds already, as an image set: arrays, tensors, torch Datasets, Hugging Face datasets.

Neither torch nor datasets is imported: what an object offers says what it is.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from dood.data.imageset import SPLITS, ImageSet
from dood.data.resize import images_at
from dood.data.store import load
from dood.errors import DoodError

__all__ = ["image_set"]

POLARITIES = ("auto", "light", "dark")


class Labelled(NamedTuple):
    """Images uint8 [n, h, h], their labels int64 [n], and what the labels stand for."""

    images: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]


def image_set(
    source: Any,
    *,
    split: str = "train",
    resolution: int | None = None,
    polarity: str = "auto",
    name: str | None = None,
) -> ImageSet:
    """Read images, whatever they come as.

    Arguments:
        source: what `dood.data.load` takes (a name, an `.npz` file, a folder), an ImageSet, or

            * an array or tensor of images [n, h, w], [n, 1, h, w] or [n, h, w, 3]: uint8, bool, or floats in [0, 1];
            * a torch Dataset, or any sequence of images or of (image, label), where an image is such an array or a
              picture of Pillow;
            * a Hugging Face Dataset with a column of images, or a DatasetDict with `train` and `test`. Its column
              `label`, if it has one, is the label.
        split: train or test, what the images are of a source that does not say so. Nothing is in both.
        resolution: height and width in pixels; that of the images by default. Oblong images are padded to squares.
        polarity: of sources other than names, files and folders: light (ink bright on dark, as in MNIST), dark (ink
            dark on bright, which is turned round), or auto (dark if more than half of all pixels are bright).
        name: of the set.

    Raises:
        DoodError: the images cannot be read, differ in size though no resolution is given, or have another type or
            values out of range.
    """
    if split not in SPLITS:
        raise DoodError(f"split {split!r} is unknown: use {' or '.join(SPLITS)}")
    if polarity not in POLARITIES:
        raise DoodError(f"polarity {polarity!r} is unknown: use {', '.join(POLARITIES)}")
    if isinstance(source, str | Path | ImageSet):
        images = source if isinstance(source, ImageSet) else load(source)
        return images if resolution is None else images.at(resolution)
    parts = {key: source[key] for key in SPLITS if key in source} if isinstance(source, Mapping) else {split: source}
    if not parts:
        raise DoodError(f"a mapping with {', '.join(map(str, source)) or 'nothing'} has neither train nor test")
    read = {key: _labelled(part, resolution, polarity) for key, part in parts.items()}
    return _as_set(read, name or _name_of(source))


def _as_set(parts: Mapping[str, Labelled], name: str) -> ImageSet:
    first = next(iter(parts.values()))
    none = Labelled(first.images[:0], first.labels[:0], ())
    train, test = parts.get("train", none), parts.get("test", none)
    names = max((part.class_names for part in parts.values()), key=len)
    digest = hashlib.sha256()
    for part in (train, test):
        digest.update(repr(part.images.shape).encode() + part.images.tobytes())
    return ImageSet(name, train.images, train.labels, test.images, test.labels, names or (name,), digest.hexdigest())


def _name_of(source: Any) -> str:
    """What a Hugging Face dataset is called, or else the kind of thing that the images came as."""
    told = getattr(source, "info", None)
    return str(getattr(told, "dataset_name", None) or type(source).__name__).lower()


def _labelled(source: Any, resolution: int | None, polarity: str) -> Labelled:
    if _is_array(source):
        images, labels = [_grey(image) for image in _plain_array(source)], []
    else:
        pairs = list(_pairs(source))
        images, labels = [image for image, _ in pairs], [label for _, label in pairs]
    if not images:
        raise DoodError("there are no images: the data set is empty")
    stacked = _stacked([_square(image) for image in images], resolution)
    numbers, names = _numbered(labels, len(images), _names_of(source))
    return Labelled(_light(stacked, polarity), numbers, names)


def _is_array(source: Any) -> bool:
    return hasattr(source, "ndim") and hasattr(source, "dtype") and hasattr(source, "shape")


def _plain_array(array: Any) -> np.ndarray:
    """As numpy has it, of tensors too: those that are on a GPU or have gradients included."""
    return np.asarray(array.detach().cpu() if hasattr(array, "detach") else array)


def _pairs(source: Any) -> Iterator[tuple[np.ndarray, Any]]:
    """Every image as grey bytes, with its label (None where it has none)."""
    columns = _image_columns(source)
    for row in _rows(source):
        if isinstance(row, Mapping):
            key = next((key for key in (*columns, "image", *row) if key in row), None)
            yield _grey(row[key] if key else None), row.get("label")
        elif isinstance(row, tuple | list):
            yield _grey(row[0] if row else None), row[1] if len(row) > 1 else None
        else:
            yield _grey(row), None


def _rows(source: Any) -> Iterable[Any]:
    """Items one after another: a torch Dataset of a length need not stop by itself."""
    if hasattr(source, "__len__") and hasattr(source, "__getitem__"):
        return (source[i] for i in range(len(source)))
    if hasattr(source, "__iter__"):
        return source
    raise DoodError(f"{type(source).__name__} is no source of images: give a name, a file, a folder or a data set")


def _image_columns(source: Any) -> list[str]:
    """Columns that a Hugging Face dataset declares as images."""
    features = getattr(source, "features", None) or {}
    return [key for key, kind in features.items() if type(kind).__name__ == "Image"]


def _names_of(source: Any) -> tuple[str, ...]:
    """Names of the classes where a Hugging Face or torchvision data set has them."""
    features = getattr(source, "features", None) or {}
    names = getattr(features.get("label"), "names", None) or getattr(source, "classes", None)
    return tuple(map(str, names)) if isinstance(names, Sequence) and not isinstance(names, str) else ()


def _grey(image: Any) -> np.ndarray:
    """One image as uint8 [h, w].

    Raises:
        DoodError: it is no image, or of another type or range.
    """
    if isinstance(image, Mapping) and image.get("bytes"):
        image = Image.open(io.BytesIO(image["bytes"]))
    if isinstance(image, Image.Image):
        return _of_picture(image)
    if not _is_array(image):
        raise DoodError(f"{type(image).__name__} is no image: give arrays [h, w] or pictures of Pillow")
    array = _plain_array(image)
    if array.ndim == 3 and array.shape[0] in (1, 3) and array.shape[2] not in (1, 3):
        array = np.moveaxis(array, 0, -1)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)) or not array.size:
        raise DoodError(f"an image has shape {list(array.shape)}: give [h, w], [1, h, w] or [h, w, 3]")
    array = _bytes(array)
    return array if array.ndim == 2 else _of_picture(Image.fromarray(array))


def _of_picture(picture: Image.Image) -> np.ndarray:
    """Transparent parts are white paper."""
    if picture.has_transparency_data:
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
    return np.array(picture.convert("L"))


def _bytes(array: np.ndarray) -> np.ndarray:
    if array.dtype == np.uint8:
        return array
    if array.dtype == bool:
        return array * np.uint8(255)
    if array.dtype.kind != "f":
        raise DoodError(f"images have type {array.dtype}: give uint8, bool or floats in [0, 1]")
    if not (np.isfinite(array).all() and array.min() >= 0 and array.max() <= 1):
        raise DoodError(
            f"images hold values from {array.min():g} to {array.max():g}: floats must lie in [0, 1] (divide by 255)"
        )
    return np.rint(array * 255).astype(np.uint8)


def _square(image: np.ndarray) -> np.ndarray:
    """The image in the middle of a square, which goes on as its border does."""
    height, width = image.shape
    if height == width:
        return image
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    return np.pad(image, ((top, side - height - top), (left, side - width - left)), mode="edge")


def _stacked(images: list[np.ndarray], resolution: int | None) -> np.ndarray:
    sides = sorted({len(image) for image in images})
    if resolution is None and len(sides) > 1:
        raise DoodError(f"images are of {len(sides)} sizes, from {sides[0]} to {sides[-1]} pixels: give a resolution")
    if len(sides) == 1:
        stacked = np.stack(images)
        return stacked if resolution is None else images_at(stacked, resolution)
    return np.concatenate([images_at(image[None], resolution or sides[0]) for image in images])


def _light(images: np.ndarray, polarity: str) -> np.ndarray:
    """Ink bright on dark ground."""
    dark = polarity == "dark" or (polarity == "auto" and np.median(images) > 127)
    return 255 - images if dark else images


def _numbered(labels: Sequence[Any], count: int, names: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels as numbers, and names for them; without labels, or with some that are neither, all are of one class."""
    try:
        numbers = np.array([int(label) for label in labels], np.int64)
    except (TypeError, ValueError):
        texts = [label for label in labels if isinstance(label, str)]
        if not texts or len(texts) < count:
            return np.zeros(count, np.int64), ()
        names = tuple(sorted(set(texts)))
        return np.array([names.index(text) for text in texts], np.int64), names
    if len(numbers) < count or numbers.min() < 0:
        return np.zeros(count, np.int64), ()
    most = int(numbers.max()) + 1
    return numbers, names if most <= len(names) else tuple(map(str, range(most)))
