"""A stroke's numbers on the canvas, in which "begins at the end of the one before" is a short formula."""

import torch
from jaxtyping import Float
from torch import Tensor

from dood.models.appearance import Spline
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, Latents, LayoutRange

__all__ = ["ENDS", "HALF", "CanvasCoordinates"]

ENDS = 4
"""Numbers of a stroke's start and end."""
HALF = 0.5
"""Half canvases in one unit of start and end, in which networks read them; a canvas is 2 half canvases wide."""


class CanvasCoordinates:
    """The map between latents of strokes and d numbers: start, end, the points between, pen, layout.

    Start and end are control points on the canvas, in half canvases. The points between are given less those evenly
    spaced between start and end. Pen and layout are as in the latents. With P control points and scale s of the layout
    log |det| of the map is 2 P log s.

    Arguments:
        config: ranges of the layout, and the number P of control points, two or more.
        spline: the model's appearance.
    """

    def __init__(self, config: ModelConfig, spline: Spline) -> None:
        self.spline, self.layout_range, self.count = spline, LayoutRange(config), config.points

    def points(self, latents: Latents) -> Float[Tensor, "*b p 2"]:
        """Return control points on the canvas, in half canvases."""
        return self.layout_range.frame(latents.layout).apply(self.spline.points(latents.stroke))

    def numbers(self, latents: Latents) -> Float[Tensor, "*b d"]:
        """Return the d numbers of strokes."""
        points = self.points(latents)
        start, end = points[..., :1, :], points[..., -1:, :]
        between = points[..., 1:-1, :] - start - (end - start) * self._shares(points)
        pen = latents.stroke[..., 2 * self.count :]
        return torch.cat([start.flatten(-2), end.flatten(-2), between.flatten(-2), pen, latents.layout], -1)

    def latents(self, numbers: Float[Tensor, "*b d"]) -> Latents:
        """Return the strokes whose `numbers` are given."""
        inner = 2 * self.count - ENDS
        sizes = [ENDS, inner, numbers.shape[-1] - ENDS - inner - LAYOUT, LAYOUT]
        ends, between, pen, layout = numbers.split(sizes, -1)
        start, end = ends.unflatten(-1, (2, 2)).split(1, -2)
        between = between.unflatten(-1, (self.count - 2, 2)) + start + (end - start) * self._shares(start)
        points = self.layout_range.frame(layout).inverse().apply(torch.cat([start, between, end], -2))
        return Latents(layout, torch.cat([points.flatten(-2), pen], -1))

    def log_volume(self, latents: Latents) -> Float[Tensor, "*b"]:
        """Return log |det| of the map from latents to numbers."""
        return 2 * self.count * self.layout_range.scale.squash(latents.layout[..., 0]).log()

    def _shares(self, like: Tensor) -> Float[Tensor, "p 1"]:
        """Return how far from start to end each control point between them would be, were they evenly spaced."""
        return torch.linspace(0, 1, self.count, dtype=like.dtype, device=like.device)[1:-1].unsqueeze(-1)
