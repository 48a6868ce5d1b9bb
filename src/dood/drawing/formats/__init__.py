"""File formats of drawings; each module writes one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dood.drawing import Drawing
from dood.drawing.formats.gif import MARK as GIF_MARK
from dood.drawing.formats.gif import write_gif
from dood.drawing.formats.json_format import write_json
from dood.drawing.formats.png import write_png
from dood.drawing.formats.stroke3 import write_stroke3
from dood.drawing.formats.svg import BY, write_animated_svg, write_svg
from dood.errors import DoodError
from dood.files import atomic_write

__all__ = ["FORMATS", "Format", "check_formats", "is_ours", "save_drawing"]


HEAD = 4096
"""Bytes from the beginning of a file within which its mark lies."""


@dataclass(frozen=True)
class Format:
    """A way to write drawings: its name on the command line, the ending of its files, the writer, and what marks the
    beginning of a file that it wrote."""

    name: str
    suffix: str
    description: str
    write: Callable[[Drawing, BinaryIO], None]
    mark: bytes


SVG_MARK = BY.encode()

_ALL = (
    Format("svg", ".svg", "one path per stroke, in order, in pixels of the picture; for plotters", write_svg, SVG_MARK),
    Format("json", ".json", "control points and widths without loss", write_json, b'"dood-drawing"'),
    Format("gif", ".gif", "the strokes being drawn, 256 to 512 pixels on the long side", write_gif, GIF_MARK),
    Format("png", ".png", "the strokes drawn, at the picture's size", write_png, b"Software\0dood"),
    Format("npz", ".npz", "stroke-3 of sketch-rnn: rows of dx, dy, pen lifted", write_stroke3, b"stroke3.npy"),
    Format("animated-svg", ".animated.svg", "SVG that draws itself, stroke by stroke", write_animated_svg, SVG_MARK),
)

FORMATS: dict[str, Format] = {format.name: format for format in _ALL}
"""By name."""


def check_formats(names: Iterable[str]) -> None:
    """Refuse names that are not in `FORMATS`.

    Raises:
        DoodError: names the first of them.
    """
    for name in names:
        if name not in FORMATS:
            raise DoodError(f"unknown format {name!r}: choose from {', '.join(FORMATS)}")


def is_ours(path: Path) -> bool:
    """Whether the file at `path` is one that `save_drawing` wrote."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        return _by_suffix(path).mark in head
    except (OSError, DoodError):
        return False


def save_drawing(drawing: Drawing, path: str | Path, format: str | None = None) -> Path:
    """Write a drawing to a file, whole or not at all, and return the file's path.

    Arguments:
        path: with its ending, which then says the format; or, if `format` is given, always without it, since the names
            of pictures may hold dots.
        format: a name of `FORMATS`, whose ending is added to `path`.

    Raises:
        DoodError: unknown format or ending, or the file cannot be written.
    """
    path = Path(path)
    chosen = _by_suffix(path) if format is None else _by_name(format)
    if format is not None:
        path = path.parent / f"{path.name}{chosen.suffix}"
    with atomic_write(path) as file:
        chosen.write(drawing, file)
    return path


def _by_name(name: str) -> Format:
    check_formats([name])
    return FORMATS[name]


def _by_suffix(path: Path) -> Format:
    """The format whose ending the path has; the longest, as .animated.svg ends in .svg too."""
    for format in sorted(_ALL, key=lambda format: len(format.suffix), reverse=True):
        if path.name.lower().endswith(format.suffix):
            return format
    raise DoodError(f"{path} has no ending of a known format: use {', '.join(format.suffix for format in _ALL)}")
