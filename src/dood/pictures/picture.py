"""A picture: ink on paper, whatever file it came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dood.errors import DoodError
from dood.pictures.decoding import Grey, decode, reduce_image
from dood.pictures.polarity import check_polarity, find_ink

__all__ = ["IMAGE_SUFFIXES", "Picture", "find_images", "load_picture", "picture_of"]

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")


@dataclass(frozen=True, eq=False)
class Picture:
    """Ink of a drawing.

    Attributes:
        ink: float32 [h, w] in [0, 1], 1 is ink. Value (i, j) covers `block` times [j, j + 1] x [i, i + 1] of the user
            frame; the last row and column may hang over the picture's edge.
        width: of the user's picture as seen, in pixels.
        height: of the user's picture as seen, in pixels.
        block: user pixels along the side of one ink value, 1 unless the picture is large.
        name: for messages.
        polarity: "dark" or "light", what the ink was.
        note: what the user should know about how the file was read; empty mostly.
    """

    ink: NDArray[np.float32]
    width: int
    height: int
    block: int = 1
    name: str = "picture"
    polarity: str = "light"
    note: str = ""

    @classmethod
    def from_array(cls, array: Any, *, polarity: str = "auto", name: str = "array") -> "Picture":
        """A picture from grey values [h, w] or colours [h, w, 3] or [h, w, 4].

        Args:
            array: uint8, uint16, bool, or floats in [0, 1]; 0 is black.

        Raises:
            DoodError: another shape or type, values out of range, unknown polarity, or no ink.
        """
        return _picture(reduce_image(_image(np.asarray(array), name)), polarity, name)


def picture_of(picture: Any, polarity: str = "auto") -> Picture:
    """A picture from a path or an array.

    Raises:
        DoodError: it cannot be read, or holds no drawing.
    """
    is_file = isinstance(picture, str | Path)
    return (load_picture if is_file else Picture.from_array)(picture, polarity=polarity)


def load_picture(source: str | Path | BufferedIOBase, *, polarity: str = "auto") -> Picture:
    """Read a PNG, JPEG, GIF, BMP, TIFF or WEBP file.

    Args:
        source: a path, or an open binary file.
        polarity: "dark" ink on light paper, "light" ink on dark ground, or "auto".

    Raises:
        DoodError: no such file, unreadable, no image, damaged, too large, nothing drawn on it, or unknown polarity.
    """
    check_polarity(polarity)
    if not isinstance(source, str | Path):
        name = str(getattr(source, "name", "") or "picture")
        return _picture(decode(source, name), polarity, name)
    path = Path(source)
    _check_path(path)
    if not path.is_file():
        raise DoodError(f"{path} is not a file: give an image file")
    try:
        with path.open("rb") as file:
            return _picture(decode(file, str(path)), polarity, str(path))
    except OSError as error:
        raise DoodError(f"cannot read {path}: {error.strerror or error}") from error


def find_images(paths: Iterable[str | Path]) -> list[Path]:
    """Files as given, and the images right inside folders, sorted by name.

    Raises:
        DoodError: a path does not exist, or a folder holds no image.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        _check_path(path, folder=True)
        found += _images_in(path) if path.is_dir() else [path]
    return found


def _check_path(path: Path, folder: bool = False) -> None:
    try:
        exists = path.exists()
    except (OSError, ValueError) as error:
        raise DoodError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    if not exists:
        raise DoodError(f"{path} does not exist: check the path")
    if path.is_dir() and not folder:
        raise DoodError(f"{path} is a folder: give an image file in it")


def _images_in(folder: Path) -> list[Path]:
    try:
        images = sorted(path for path in folder.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES and path.is_file())
    except OSError as error:
        raise DoodError(f"cannot read {folder}: {error.strerror or error}") from error
    images = [path for path in images if not path.name.startswith(".")]
    if not images:
        raise DoodError(f"{folder} holds no images: give a folder with {', '.join(IMAGE_SUFFIXES)} files")
    return images


def _picture(grey: Grey, polarity: str, name: str) -> Picture:
    ink, found = find_ink(grey.values, polarity, name)
    return Picture(ink, grey.width, grey.height, grey.block, name, found, grey.note)


def _image(array: NDArray, name: str) -> Image.Image:
    colours = array.ndim == 3 and array.shape[2] in (3, 4)
    if array.size == 0 or not (array.ndim == 2 or colours):
        raise DoodError(f"{name} has shape {array.shape}: give [height, width], or that with 3 or 4 colours")
    if array.dtype == bool:
        array = array * np.uint8(255)
    if array.dtype.kind == "f":
        if not (np.isfinite(array).all() and array.min() >= 0 and array.max() <= 1):
            raise DoodError(f"{name} holds values from {array.min()} to {array.max()}: floats must lie in [0, 1]")
        array = np.rint(array * 255).astype(np.uint8) if colours else array.astype(np.float32)
    if array.dtype != np.uint8 and (colours or array.dtype not in (np.uint16, np.float32)):
        raise DoodError(f"{name} has type {array.dtype}: give uint8, uint16, bool or floats in [0, 1]")
    return Image.fromarray(np.ascontiguousarray(array))
