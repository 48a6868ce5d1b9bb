"""A known drawing as pictures of many kinds."""

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIZE = (60, 40)
ROUNDING = 1.01 / 255


def drawing(size: tuple[int, int] = SIZE) -> np.ndarray:
    """Ink uint8 [h, w] on 0: a hook that is neither symmetric nor square."""
    image = Image.new("L", (size[0] * 4, size[1] * 4))
    points = [(0.2, 0.15), (0.25, 0.8), (0.75, 0.7)]
    ImageDraw.Draw(image).line(
        [(x * size[0] * 4, y * size[1] * 4) for x, y in points], fill=255, width=max(size) // 4, joint="curve"
    )
    return np.asarray(image.reduce(4))


def saved(folder: Path, image: Image.Image, name: str = "a.png", **options) -> Path:
    path = folder / name
    image.save(path, **options)
    return path


def with_alpha(alpha: np.ndarray, colour: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", alpha.shape[::-1], colour)
    image.putalpha(Image.fromarray(alpha))
    return image


def mean_error(ink: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(ink - expected / 255).mean())


def png_header(path: Path, width: int, height: int) -> Path:
    """A PNG that claims a size and holds no pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0")
    chunks = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (header, data, b"IEND")
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    return path
