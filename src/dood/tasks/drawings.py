"""From strokes on a canvas to drawings in pixels, and to files."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from dood.drawing import Drawing, Stroke
from dood.drawing.formats import FORMATS, save_drawing
from dood.inference.strokes import Strokes
from dood.pictures import Placement
from dood.tasks.outputs import check_target

__all__ = ["save_named", "to_drawings"]


def to_drawings(strokes: Strokes, placements: Sequence[Placement], sizes: Sequence[tuple[int, int]]) -> list[Drawing]:
    """The strokes of each drawing in pixels.

    Arguments:
        placements: where each canvas lies in its picture.
        sizes: width and height of each picture.
    """
    points, widths = strokes.points.double().numpy(), 2 * strokes.pen.radius.double().numpy()
    drawings = []
    for i, (placement, (width, height)) in enumerate(zip(placements, sizes, strict=True)):
        mask = strokes.mask[i].numpy()
        pairs = zip(placement.to_pixels(points[i, mask]), placement.width_to_pixels(widths[i, mask]), strict=True)
        drawings.append(Drawing(width, height, tuple(Stroke(curve, thick) for curve, thick in pairs)))
    return drawings


def save_named(
    drawings: Iterable[Drawing],
    names: Iterable[str],
    folder: Path,
    formats: Sequence[str],
    *,
    sources: Sequence[Path] = (),
    force: bool = False,
) -> list[Path]:
    """Write every drawing under its name in every format; return the files, drawing by drawing.

    Arguments:
        sources: pictures that were read, which are never written over.
        force: write over files that dood did not write.

    Raises:
        DoodError: a file is there that must not be written over (nothing is written then), or cannot be written.
    """
    named = list(zip(drawings, names, strict=True))
    for _, name in named:
        for kind in formats:
            check_target(folder / f"{name}{FORMATS[kind].suffix}", sources, force)
    return [save_drawing(drawing, folder / name, kind) for drawing, name in named for kind in formats]
