"""From strokes on a canvas to drawings in pixels."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from dood.drawing import Drawing, Stroke
from dood.pictures import Placement

__all__ = ["to_drawings"]


@runtime_checkable
class _Curves(Protocol):
    """Arrays or tensors: `dood.engines.engine.Curves` or `dood.inference.strokes.Strokes`."""

    @property
    def points(self) -> Any: ...
    @property
    def radius(self) -> Any: ...
    @property
    def mask(self) -> Any: ...


def to_drawings(curves: _Curves, placements: Sequence[Placement], sizes: Sequence[tuple[int, int]]) -> list[Drawing]:
    """The strokes of each drawing in pixels.

    Arguments:
        placements: where each canvas lies in its picture.
        sizes: width and height of each picture.
    """
    points, widths = np.asarray(curves.points, np.float64), 2 * np.asarray(curves.radius, np.float64)
    drawings = []
    for i, (placement, (width, height)) in enumerate(zip(placements, sizes, strict=True)):
        mask = np.asarray(curves.mask[i])
        pairs = zip(placement.to_pixels(points[i, mask]), placement.width_to_pixels(widths[i, mask]), strict=True)
        drawings.append(Drawing(width, height, tuple(Stroke(curve, thick) for curve, thick in pairs)))
    return drawings
