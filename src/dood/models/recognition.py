"""The recognition model (paper 2.2): look at what is not drawn yet, and say which stroke comes next."""

from typing import NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Independent

from dood.distributions import gaussian
from dood.geometry import glimpse
from dood.models.config import ModelConfig
from dood.models.generative import (
    START_HARDNESS,
    START_LAYOUT_STD,
    START_RADIUS,
    START_SCALE,
    shrink,
)
from dood.models.latents import Ranges
from dood.networks import ImageEncoder, mlp
from dood.renderer import composite, render

__all__ = ["Recognition", "StrokePosterior"]

START_POINT_STD, START_PEN_STD = 0.1, 0.1
START_ON = 2.0
"""Logit of going on before anything is learned: above the prior's, so that strokes are tried."""


class StrokePosterior(NamedTuple):
    """Gaussians over one stroke: `points` [b, p, 2] as [b, 2 p], and `pen` [b, k + 1]."""

    points: Independent
    pen: Independent


class Recognition(nn.Module):
    """Single Gaussians over layout and stroke (eqs. 7 and 8), given the target and the residual that is left of it."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.ranges = Ranges(config)
        self.frame_encoder = ImageEncoder(2, config.frame_size, (32, 64), config.features)
        self.glimpse_encoder = ImageEncoder(2, config.glimpse_size, (32, 64), config.features)
        seen = config.features + config.hidden
        self.on_head = mlp(config.features, config.hidden, 1, output_scale=0.1)
        self.layout_head = mlp(seen, config.features, 8, output_scale=0.1)
        self.numbers = 2 * config.points + config.pen_points + 1
        self.stroke_head = mlp(seen, config.features, 2 * self.numbers)
        if config.corrections:
            self.draft_encoder = ImageEncoder(3, config.glimpse_size, (32, 64), config.features)
            seen_again = seen + config.features + self.numbers
            self.correction_head = mlp(seen_again, config.features, 2 * self.numbers, output_scale=0.1)
        self._start_near_a_plain_stroke()

    def look(self, target: Float[Tensor, "b n n"], canvas: Float[Tensor, "b h w"]) -> Float[Tensor, "b f"]:
        """Embed the whole target (already `frame_size`) and the residual that the canvas leaves of it."""
        residual = target - shrink(canvas, self.config.frame_size)
        return self.frame_encoder(torch.stack([target, residual], 1))

    def on(self, seen: Float[Tensor, "*b f"]) -> Float[Tensor, "*b"]:
        """Logit of drawing another stroke."""
        return self.on_head(seen).squeeze(-1) + START_ON

    def layout(self, seen: Float[Tensor, "b f"], state: Float[Tensor, "b h"]) -> Independent:
        """Gaussian over the unsquashed layout (eq. 7)."""
        return gaussian(self.layout_head(torch.cat([seen, state], -1)))

    def stroke(
        self,
        target: Float[Tensor, "b h w"],
        residual: Float[Tensor, "b h w"],
        layout: Float[Tensor, "b 4"],
        state: Float[Tensor, "b hidden"],
    ) -> StrokePosterior:
        """Gaussians over control points (eq. 8) and pen, from the glimpse of target and residual under the layout.

        A first guess is drafted in the glimpse, and corrected for what the draft leaves over.
        """
        frame = self.ranges.layout(layout)
        view = glimpse(torch.stack([target, residual], 1), frame, self.config.glimpse_size)
        seen = torch.cat([self.glimpse_encoder(view), state], -1)
        parameters = self.stroke_head(seen)
        for _ in range(self.config.corrections):
            mean = parameters[..., : self.numbers]
            left = self.draft_encoder(self._draft(view.detach(), mean.detach(), frame.scale.detach()))
            parameters = parameters + self.correction_head(torch.cat([seen, left, mean], -1))
        mean, log_std = parameters.chunk(2, -1)
        points = 2 * self.config.points
        return StrokePosterior(
            gaussian(torch.cat([mean[..., :points], log_std[..., :points]], -1)),
            gaussian(torch.cat([mean[..., points:], log_std[..., points:]], -1)),
        )

    @torch.no_grad()
    def _draft(
        self, view: Float[Tensor, "b 2 n n"], mean: Float[Tensor, "b d"], scale: Float[Tensor, " b"]
    ) -> Float[Tensor, "b 3 n n"]:
        """The glimpse of the target, the draft of a stroke there, and what it leaves of the residual."""
        size, points = self.config.glimpse_size, 2 * self.config.points
        pen = self.ranges.pen(mean[:, points:])
        pen = pen._replace(radius=pen.radius / scale.unsqueeze(-1))
        drawn = composite(render(mean[:, :points].unflatten(-1, (-1, 2)), pen, size, size, self.config.draft_samples))
        return torch.stack([view[:, 0], drawn, view[:, 1] - drawn], 1)

    @torch.no_grad()
    def _start_near_a_plain_stroke(self) -> None:
        layout, stroke = (cast(nn.Linear, head[-1]).bias for head in (self.layout_head, self.stroke_head))
        layout[0] = self.ranges.scale.unsquash(START_SCALE)
        layout[4:] = torch.tensor(START_LAYOUT_STD).log()
        points, radii = 2 * self.config.points, self.config.pen_points
        mean, log_std = stroke.chunk(2)
        mean[points : points + radii] = self.ranges.radius.unsquash(START_RADIUS)
        mean[points + radii] = self.ranges.hardness.unsquash(START_HARDNESS)
        log_std[:points] = torch.tensor(START_POINT_STD).log()
        log_std[points:] = torch.tensor(START_PEN_STD).log()
