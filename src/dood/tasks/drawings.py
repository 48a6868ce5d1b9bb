"""From what a model draws on its canvas to drawings in pixels."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int
from torch import Tensor

from dood.drawing import Drawing, Stroke
from dood.errors import DoodError
from dood.models.appearance import Spline
from dood.models.dood import DooD
from dood.models.latents import Latents
from dood.pictures import Placement

__all__ = ["check_strokes", "to_drawings"]


def to_drawings(
    model: DooD,
    latents: Latents,
    strokes: Int[Tensor, " b"],
    placements: Sequence[Placement],
    sizes: Sequence[tuple[int, int]],
) -> list[Drawing]:
    """The strokes of each drawing in pixels.

    Arguments:
        latents: [b, t, ...].
        strokes: how many of the t count, the first ones.
        placements: where each canvas lies in its picture.
        sizes: width and height of each picture.

    Raises:
        DoodError: the model draws no strokes (AIR does not).
    """
    spline = check_strokes(model)
    points = model.layout_range.frame(latents.layout).apply(spline.points(latents.stroke)).double().numpy()
    widths = 2 * spline.pen(latents.stroke).radius.double().numpy()
    return [
        Drawing(width, height, _strokes(points[i, :number], widths[i, :number], placement))
        for i, (placement, (width, height), number) in enumerate(zip(placements, sizes, strokes.tolist(), strict=True))
    ]


def check_strokes(model: DooD) -> Spline:
    """The part of the model that knows curves and pens.

    Raises:
        DoodError: it has none.
    """
    if isinstance(model.appearance, Spline):
        return model.appearance
    raise DoodError(
        f"a model whose appearance is {model.config.appearance!r} draws patches of pixels and has no strokes to give:"
        " take one whose appearance is 'spline'"
    )


def _strokes(points: np.ndarray, widths: np.ndarray, placement: Placement) -> tuple[Stroke, ...]:
    pairs = zip(placement.to_pixels(points), placement.width_to_pixels(widths), strict=True)
    return tuple(Stroke(curve, width) for curve, width in pairs)
