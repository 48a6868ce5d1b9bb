"""The latent variables of strokes, and the map from unsquashed layouts to frames on the canvas."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from dood.core.distributions import Interval
from dood.core.geometry import Similarity
from dood.models.config import ModelConfig

__all__ = ["LAYOUT", "START_SCALE", "LatentStrokes", "Latents", "LayoutRange"]

LAYOUT = 4
"""Numbers of a layout."""

START_SCALE = 0.4
"""Scale of a layout before anything is learned."""


class Latents(NamedTuple):
    """The latent variables z_t = (l_t, s_t) of one stroke, or with further batch axes of several.

    Attributes:
        layout: l_t [..., 4], unsquashed (scale, shift x, shift y, angle).
        stroke: s_t [..., d], the stroke in the frame of its layout, as the model's appearance reads it: the control
            points and pen of a spline, or the code of a neural part.
    """

    layout: Tensor
    stroke: Tensor

    @classmethod
    def none(cls, width: int, batch: int, device: torch.device) -> "Latents":
        """Return zeros, which stand for the stroke before the first one (eq. 1); `width` is d."""
        return cls(torch.zeros(batch, LAYOUT, device=device), torch.zeros(batch, width, device=device))

    @classmethod
    def stack(cls, steps: list["Latents"]) -> "Latents":
        """Stack a list over strokes, with the stroke axis after the batch axis."""
        return cls(*(torch.stack(part, 1) for part in zip(*steps, strict=True)))

    def flat(self) -> Float[Tensor, "*b d"]:
        """Return layout and stroke end to end."""
        return torch.cat(self, -1)

    @classmethod
    def from_flat(cls, flat: Float[Tensor, "*b d"]) -> "Latents":
        """Return the latents whose `flat` is given."""
        return cls(flat[..., :LAYOUT], flat[..., LAYOUT:])


class LatentStrokes(NamedTuple):
    """The strokes of a batch of drawings, as latent variables.

    Attributes:
        latents: [b, t, ...].
        strokes: [b], the number n of strokes of each drawing; the first n of the t count.
    """

    latents: Latents
    strokes: Int[Tensor, " b"]

    @property
    def mask(self) -> Bool[Tensor, "b t"]:
        """Which of the t strokes count."""
        steps = torch.arange(self.latents.layout.shape[1], device=self.strokes.device)
        return steps < self.strokes.unsqueeze(-1)

    def rows(self, index: Tensor | slice) -> "LatentStrokes":
        """Return the drawings at `index`."""
        return LatentStrokes(Latents(*(part[index] for part in self.latents)), self.strokes[index])


class LayoutRange:
    """The allowed scales, shifts and angles, as a map from unsquashed layouts to frames."""

    def __init__(self, config: ModelConfig) -> None:
        self.scale = Interval(*config.scale_range)
        self.shift = Interval(-config.shift_range, config.shift_range)
        self.angle = Interval(-config.angle_range, config.angle_range)

    def frame(self, raw: Float[Tensor, "*batch 4"]) -> Similarity:
        """Return where the strokes' own frames lie on the canvas."""
        return Similarity(
            self.scale.squash(raw[..., 0]), self.shift.squash(raw[..., 1:3]), self.angle.squash(raw[..., 3])
        )

    def raw(self, frame: Similarity) -> Float[Tensor, "*batch 4"]:
        """Return the layouts whose `frame` is given, or those nearest to it where that is outside of the ranges."""
        scale, angle = self.scale.raw(frame.scale), self.angle.raw(frame.angle)
        return torch.cat([scale.unsqueeze(-1), self.shift.raw(frame.shift), angle.unsqueeze(-1)], -1)
