"""From latent variables to ink and canvases: the renderer of the paper with the model's own kind of strokes."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from dood.models.appearance import Appearance
from dood.models.latents import Latents, LatentStrokes, LayoutRange

__all__ = ["StrokeRenderer"]


class StrokeRenderer:
    """Renders strokes of an appearance, x_n = composite(sum over i <= n of ink(z_i)).

    A plain object that model and prior share: the appearance's parameters are the model's.

    Arguments:
        appearance: what a stroke looks like in its frame.
        layout_range: maps unsquashed layouts to frames.
        composite: maps summed ink [..., h, w] to a canvas of the same shape.
    """

    def __init__(
        self, appearance: Appearance, layout_range: LayoutRange, composite: Callable[[Tensor], Tensor]
    ) -> None:
        # In a tuple that no module looks into: whoever holds a renderer does not hold the appearance's parameters.
        self._appearance, self.layout_range, self.composite = (appearance,), layout_range, composite

    def ink(self, latents: Latents, height: int, width: int) -> Float[Tensor, "*b {height} {width}"]:
        """Return the ink of each stroke on a canvas of its own."""
        (appearance,) = self._appearance
        return appearance.ink(latents.stroke, self.layout_range.frame(latents.layout), height, width)

    def counted_ink(self, strokes: LatentStrokes, side: int) -> Float[Tensor, "b t {side} {side}"]:
        """Return the ink of each stroke that counts, and zeros for the others."""
        return self.ink(strokes.latents, side, side) * strokes.mask[..., None, None]

    def canvases(self, latents: Latents, height: int, width: int) -> Float[Tensor, "b t1 {height} {width}"]:
        """Return the canvas after the first 0, 1, ... t strokes."""
        ink = self.ink(latents, height, width)
        return self.composite(torch.cat([torch.zeros_like(ink[:, :1]), ink], 1).cumsum(1))
