"""A picture: ink on paper, whatever file it came from."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dood.errors import DoodError
from dood.pictures.decoding import decode, pages_in
from dood.pictures.ink import find_ink
from dood.pictures.pens import MOST_PENS
from dood.pictures.planes import Plane, reduce_image
from dood.pictures.polarity import check_polarity

__all__ = ["IMAGE_SUFFIXES", "Picture", "check_pens", "count_pages", "find_images", "load_picture", "picture_of"]

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")

PALE = 150
"""Grey value, of 255, from which chalk is too pale for white paper."""


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
        palette: uint8 [n, 3], red, green and blue of the pens, that of most ink first; None if that was not looked for.
        labels: uint8 [h, w], which of them drew each value of ink; None with no palette.
    """

    ink: NDArray[np.float32]
    width: int
    height: int
    block: int = 1
    name: str = "picture"
    polarity: str = "light"
    note: str = ""
    palette: NDArray[np.uint8] | None = None
    labels: NDArray[np.uint8] | None = None

    @classmethod
    def from_array(
        cls, array: Any, *, polarity: str = "auto", name: str = "array", pens: int | None = None
    ) -> "Picture":
        """A picture from grey values [h, w] or colours [h, w, 3] or [h, w, 4].

        Args:
            array: uint8, uint16, bool, or floats in [0, 1]; 0 is black.
            pens: tell this many pens apart at most; None finds out how many there are.

        Raises:
            DoodError: another shape or type, values out of range, unknown polarity, or no ink.
        """
        check_pens(pens)
        try:
            values = np.asarray(array)
        except (ValueError, TypeError, RuntimeError) as error:  # ragged; a tensor on a GPU, with gradients, of 16 bits
            raise DoodError(
                f"{name} cannot be read as an array ({' '.join(str(error).split())}): give numbers [height, width];"
                " of a tensor, tensor.detach().cpu().float().numpy()"
            ) from error
        return _picture(reduce_image(_image(values, name), name), polarity, name, pens)

    def colour_at(self, points: Any) -> str | None:
        """Colour, as "#rrggbb", of the pen that drew most of what lies at points [n, 2] of the user frame.

        None where colours are not known, and for chalk too pale to be seen on the paper that strokes are shown on.
        """
        if self.palette is None or self.labels is None:
            return None
        height, width = self.labels.shape
        cells = np.floor(np.asarray(points, np.float64) / self.block).astype(np.intp)
        at = np.clip(cells[:, 1], 0, height - 1), np.clip(cells[:, 0], 0, width - 1)
        votes = np.bincount(self.labels[at], self.ink[at] + 1e-6, len(self.palette))
        red, green, blue = self.palette[votes.argmax()].tolist()
        if self.polarity == "light" and 0.299 * red + 0.587 * green + 0.114 * blue > PALE:
            return None
        return f"#{red:02x}{green:02x}{blue:02x}"


def picture_of(picture: Any, polarity: str = "auto", pens: int | None = None) -> Picture:
    """A picture from a path, an open binary file or an array.

    Raises:
        DoodError: it cannot be read, or holds no drawing.
    """
    is_file = isinstance(picture, str | Path | BufferedIOBase)
    return (load_picture if is_file else Picture.from_array)(picture, polarity=polarity, pens=pens)


def load_picture(
    source: str | Path | BufferedIOBase, *, polarity: str = "auto", page: int | None = None, pens: int | None = None
) -> Picture:
    """Read a PNG, JPEG, GIF, BMP, TIFF or WEBP file.

    Args:
        source: a path, or an open binary file.
        polarity: "dark" ink on light paper, "light" ink on dark ground, or "auto".
        page: of a file with several pages or frames, from 1; None is the first, and `note` says that there are more.
        pens: tell this many pens apart at most; None finds out how many there are.

    Raises:
        DoodError: no such file or page, unreadable, no image, damaged, too large, nothing drawn on it, or unknown
            polarity.
    """
    check_polarity(polarity)
    check_pens(pens)
    with _opened(source) as (file, name):
        return _picture(decode(file, name, page), polarity, name, pens)


def count_pages(source: str | Path | BufferedIOBase) -> int:
    """How many pages or frames a file has; `load_picture` reads any of them.

    Raises:
        DoodError: no such file, unreadable, no image, or damaged.
    """
    with _opened(source) as (file, name):
        return pages_in(file, name)


def check_pens(pens: int | None) -> None:
    """Raise DoodError unless `pens` is None or a number that can be told apart."""
    if pens is not None and not 1 <= pens <= MOST_PENS:
        raise DoodError(f"pens (={pens}) is out of range: use 1 to {MOST_PENS}")


@contextmanager
def _opened(source: str | Path | BufferedIOBase) -> Iterator[tuple[BufferedIOBase, str]]:
    """A file to read, and its name for messages."""
    if not isinstance(source, str | Path):
        yield source, str(getattr(source, "name", "") or "picture")
        return
    path = Path(source)
    _check_path(path)
    if not path.is_file():
        raise DoodError(f"{path} is not a file: give an image file")
    try:
        with path.open("rb") as file:
            yield file, str(path)
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


def _picture(plane: Plane, polarity: str, name: str, pens: int | None) -> Picture:
    ink = find_ink(plane, polarity, name, pens)
    place = plane.width, plane.height, plane.block
    return Picture(ink.values, *place, name, ink.polarity, plane.note, ink.palette, ink.labels)


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
