"""From strokes on a canvas to drawings in pixels."""

from collections.abc import Sequence

from dood.drawing import Drawing, Stroke
from dood.inference.strokes import Strokes
from dood.pictures import Placement

__all__ = ["to_drawings"]


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
