"""The latent variables of one stroke, and the map from the real line to geometry."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dood.distributions import Interval
from dood.geometry import Similarity
from dood.models.config import ModelConfig
from dood.renderer import Pen

__all__ = ["Latents", "Ranges"]


class Latents(NamedTuple):
    """One stroke, or with a further batch axis several, as the distributions see it.

    Attributes:
        layout: l_t [..., 4], unsquashed (scale, shift x, shift y, angle).
        points: s_t [..., p, 2], control points in the frame of the layout.
        pen: [..., k + 1], unsquashed radius control values, then hardness.
    """

    layout: Tensor
    points: Tensor
    pen: Tensor

    @classmethod
    def none(cls, config: ModelConfig, batch: int, device: torch.device) -> "Latents":
        """Zeros: what stands before the first stroke (eq. 1)."""
        return cls(
            torch.zeros(batch, 4, device=device),
            torch.zeros(batch, config.points, 2, device=device),
            torch.zeros(batch, config.pen_points + 1, device=device),
        )

    @classmethod
    def stack(cls, steps: list["Latents"]) -> "Latents":
        """A list over strokes as one, with the stroke axis after the batch axis."""
        return cls(*(torch.stack(part, 1) for part in zip(*steps, strict=True)))

    def flat(self) -> Float[Tensor, "*b d"]:
        """Layout, points and pen end to end."""
        return torch.cat([self.layout, self.points.flatten(-2), self.pen], -1)

    @classmethod
    def from_flat(cls, flat: Float[Tensor, "*b d"], config: ModelConfig) -> "Latents":
        """The inverse of `flat`."""
        layout, points, pen = flat.split([4, 2 * config.points, config.pen_points + 1], -1)
        return cls(layout, points.unflatten(-1, (-1, 2)), pen)


class Ranges:
    """The allowed ranges of layout and pen, as maps from unsquashed latents to geometry."""

    def __init__(self, config: ModelConfig) -> None:
        self.scale = Interval(*config.scale_range)
        self.shift = Interval(-config.shift_range, config.shift_range)
        self.angle = Interval(-config.angle_range, config.angle_range)
        self.radius = Interval(*config.radius_range)
        self.hardness = Interval(*config.hardness_range)

    def layout(self, raw: Float[Tensor, "*batch 4"]) -> Similarity:
        return Similarity(
            self.scale.squash(raw[..., 0]), self.shift.squash(raw[..., 1:3]), self.angle.squash(raw[..., 3])
        )

    def pen(self, raw: Float[Tensor, "*batch k1"]) -> Pen:
        return Pen(self.radius.squash(raw[..., :-1]), self.hardness.squash(raw[..., -1]))

    def place(self, latents: Latents) -> Float[Tensor, "*batch p 2"]:
        """Control points on the canvas: the layout applied to the points (paper 2.1, rendering)."""
        return self.layout(latents.layout).apply(latents.points)
