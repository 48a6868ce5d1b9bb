"""The strokes of a batch of drawings as curves and pens on the canvas, whatever model they came from."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from dood.core.renderer import Pen, composite, render_drawings
from dood.errors import DoodError
from dood.models.appearance import Spline
from dood.models.dood import DooD
from dood.models.latents import Latents

__all__ = ["Strokes", "check_strokes", "strokes_of"]


class Strokes(NamedTuple):
    """The strokes of drawings.

    Attributes:
        points: [b, t, p, 2], Bezier control points in half canvases.
        pen: radius [b, t, k], in half canvases, and hardness [b, t].
        mask: [b, t], which of the t strokes count.
    """

    points: Float[Tensor, "b t p 2"]
    pen: Pen
    mask: Bool[Tensor, "b t"]

    @property
    def radius(self) -> Float[Tensor, "b t k"]:
        """The pen's radius along each stroke."""
        return self.pen.radius

    def rows(self, index: Int[Tensor, " n"]) -> "Strokes":
        """Return the drawings at `index`."""
        pen = Pen(self.pen.radius[index], self.pen.hardness[index])
        return Strokes(self.points[index], pen, self.mask[index])

    def trimmed(self) -> "Strokes":
        """Return the same drawings without the strokes behind the last that counts in any."""
        most = max(1, int((self.mask.any(0) * torch.arange(1, self.mask.shape[1] + 1)).max()))
        pen = Pen(self.pen.radius[:, :most], self.pen.hardness[:, :most])
        return Strokes(self.points[:, :most], pen, self.mask[:, :most])

    def canvas(self, side: int, samples: int = 48) -> Float[Tensor, "b {side} {side}"]:
        """Return the canvas of each drawing, rendered with `samples` points of each curve."""
        return composite(render_drawings(self.points, self.pen, self.mask, side, side, samples))


def strokes_of(model: DooD, latents: Latents, number: Int[Tensor, " b"]) -> Strokes:
    """Return the curves and pens of latents [b, t, ...], of which the first `number` count.

    Raises:
        DoodError: the model draws no strokes (AIR does not).
    """
    spline = check_strokes(model)
    points = model.layout_range.frame(latents.layout).apply(spline.points(latents.stroke))
    mask = torch.arange(points.shape[1], device=points.device) < number.unsqueeze(-1)
    return Strokes(points, spline.pen(latents.stroke), mask)


def check_strokes(model: DooD) -> Spline:
    """Return the model's spline appearance.

    Raises:
        DoodError: it has another appearance (AIR has).
    """
    if isinstance(model.appearance, Spline):
        return model.appearance
    raise DoodError(
        f"a model whose appearance is {model.config.appearance!r} draws patches of pixels and has no strokes to give:"
        " take one whose appearance is 'spline'"
    )
