"""Image files to planes: which formats, how large, which page."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from typing import IO, cast

from PIL import Image, UnidentifiedImageError

from dood.errors import DoodError
from dood.pictures import planes
from dood.pictures.planes import Plane, reduce_image

__all__ = ["MAX_PIXELS", "MAX_SIDE", "decode", "pages_in"]

MAX_PIXELS = 500_000_000
"""Of one byte each; of those with more, as many fewer."""

MAX_SIDE = 100_000

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
"""Only these decoders are tried: some others start external programs."""

BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2}
"""That a decoded pixel of a mode takes; all others take four."""

_PILLOW = threading.RLock()


def decode(file: BufferedIOBase, name: str, page: int | None = None) -> Plane:
    """Read an image.

    Arguments:
        name: for messages.
        page: of a file with several pages or frames, from 1; None is the first, and a note says that there are more.

    Raises:
        DoodError: no image, of an unknown format, damaged, too large, or without such a page.
    """
    with _opened(file, name) as image:
        note = "" if page is not None else _note(image)
        _turn_to(image, 1 if page is None else page, name)
        draft = _draft(image)
        _check_size(image, name)
        image.load()
        return reduce_image(image, name, draft, note)


def pages_in(file: BufferedIOBase, name: str) -> int:
    """How many pages or frames a file has.

    Raises:
        DoodError: no image, of an unknown format, or damaged.
    """
    with _opened(file, name) as image:
        return _pages(image)


@contextmanager
def _opened(file: BufferedIOBase, name: str) -> Iterator[Image.Image]:
    """The image of a file; whatever decoders raise becomes one line."""
    try:
        with _quiet_pillow(), Image.open(cast(IO[bytes], file), formats=FORMATS) as image:
            yield image
    except DoodError:
        raise
    except UnidentifiedImageError as error:
        raise DoodError(f"{name} is no image that can be read: give a {', '.join(FORMATS)} file") from error
    except MemoryError as error:
        raise DoodError(f"{name} does not fit into memory: save it smaller") from error
    except Exception as error:  # damaged files make the decoders raise nearly anything
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DoodError(f"{name} is damaged or cut short ({reason}): save it again") from error


@contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Pillow without its size guard (ours is stricter in memory, laxer in pixels) and without warnings.

    Both are settings of the whole process, hence the lock.
    """
    with _PILLOW, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        guard, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = guard


def _check_size(image: Image.Image, name: str) -> None:
    """Refuse by what the header says, before any memory is taken."""
    width, height = image.size
    most = MAX_PIXELS // BYTES.get(image.mode, 4)
    if width * height > most or max(width, height) > MAX_SIDE:
        kind = "" if most == MAX_PIXELS else f" in mode {image.mode}"
        limit = f"{most // 10**6} million pixels{kind} and {MAX_SIDE} a side"
        raise DoodError(f"{name} is too large: {width} x {height} pixels; scale it down to at most {limit}")


def _turn_to(image: Image.Image, page: int, name: str) -> None:
    """Go to a page, from 1."""
    if page == 1:
        return
    if page > 1 and image.format != "MPO":
        _check_size(image, name)  # frames are laid on the one before, which is decoded for that
        try:
            image.seek(page - 1)
            return
        except EOFError:
            pass
    raise DoodError(f"{name} has no page {page}: it has {_pages(image)}")


def _pages(image: Image.Image) -> int:
    # Phones write MPO: a photo with a preview or depth map beside it, which nobody means to draw.
    return 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))


def _draft(image: Image.Image) -> int:
    """Let the JPEG decoder shrink by a power of two that divides both sides; return the power."""
    if image.format not in ("JPEG", "MPO"):
        return 1
    needed = max(image.size) / planes.KEPT_SIDE
    factor = max(f for f in (1, 2, 4, 8) if f <= max(1, needed) and not (image.width % f or image.height % f))
    width = image.width
    image.draft(None, (image.width // factor, image.height // factor))
    return width // image.width


def _note(image: Image.Image) -> str:
    several = getattr(image, "is_animated", False) and image.format != "MPO"
    return "holds several frames or pages: the first is drawn" if several else ""
