"""The generative model (paper 2.1): where to draw, what to draw, when to stop, and how the paper shows it."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Categorical, Distribution, Independent, MixtureSameFamily

from dood.distributions import Interval, PixelLaplace, PixelNormal, mixture, stop_time
from dood.geometry import glimpse, resize_matrix
from dood.models.config import ModelConfig
from dood.models.latents import Latents, Ranges
from dood.networks import ImageEncoder, mlp

__all__ = ["Generative", "State", "shrink"]

START_SCALE, START_LAYOUT_STD = 0.4, 0.05
START_RADIUS, START_HARDNESS = 0.08, 1.8
START_LIKELIHOOD_SCALE = 0.15
START_ON = 1.0
"""Logit of going on before anything is learned."""


class State(NamedTuple):
    """Recurrent states h^l_t and h^s_t, shared by the generative and the recognition model."""

    layout: Tensor
    stroke: Tensor


def shrink(images: Float[Tensor, "*b h w"], size: int) -> Float[Tensor, "*b {size} {size}"]:
    """Images at another size, by antialiased bilinear resampling."""
    rows, columns = (resize_matrix(n, size, images.device, images.dtype) for n in images.shape[-2:])
    return rows @ images @ columns.T


class Generative(nn.Module):
    """Priors over strokes given the canvas so far (eqs. 2 to 4), and the image likelihood (eq. 5)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.ranges = Ranges(config)
        features, hidden, pen = config.features // 2, config.hidden, config.pen_points + 1
        self.canvas_encoder = ImageEncoder(1, config.prior_size, (16, 32), features)
        self.glimpse_encoder = ImageEncoder(1, config.prior_size, (16, 32), features)
        self.layout_rnn = nn.GRUCell(4 + features, hidden)
        self.stroke_rnn = nn.GRUCell(2 * config.points + pen + features, hidden)
        self.on_head = mlp(features, hidden, 1, output_scale=0.1)
        self.layout_head = mlp(hidden, hidden, config.mixtures * 9)
        per_point, per_pen = config.points * config.mixtures * 5, config.mixtures * (1 + 2 * pen)
        self.stroke_head = mlp(hidden + 4 + features, hidden, per_point + per_pen)
        self.stroke_split = [per_point, per_pen]
        self.likelihood_interval = Interval(*config.likelihood_range)
        start = self.likelihood_interval.unsquash(START_LIKELIHOOD_SCALE)
        self.likelihood_raw = nn.Parameter(torch.full((config.resolution, config.resolution), start))

    def start(self, batch: int) -> State:
        """The states before the first stroke."""
        zero = self.likelihood_raw.new_zeros(batch, self.config.hidden)
        return State(zero, zero)

    def look(self, canvas: Float[Tensor, "b h w"]) -> Float[Tensor, "b f"]:
        """Embed the canvas so far."""
        return self.canvas_encoder(shrink(canvas, self.config.prior_size).unsqueeze(1))

    def advance(self, state: State, previous: Latents, seen: Float[Tensor, "b f"]) -> State:
        """The states for the next stroke, from the previous one and the embedded canvas."""
        stroke = torch.cat([previous.points.flatten(1), previous.pen, seen], -1)
        return State(
            self.layout_rnn(torch.cat([previous.layout, seen], -1), state.layout),
            self.stroke_rnn(stroke, state.stroke),
        )

    def on(self, seen: Float[Tensor, "*b f"]) -> Float[Tensor, "*b"]:
        """Logit of drawing another stroke, given the embedded canvas (eq. 4)."""
        return self.on_head(seen).squeeze(-1) + START_ON

    def stop(self, seen: Float[Tensor, "b t f"]) -> Categorical:
        """Distribution of the number of strokes, given the embedded canvas before each (eq. 4)."""
        return stop_time(self.on(seen))

    def layout(self, state: Float[Tensor, "*b h"]) -> MixtureSameFamily:
        """Mixture over the unsquashed layout (eq. 2)."""
        return mixture(self.layout_head(state).unflatten(-1, (self.config.mixtures, 9)))

    def stroke(
        self, state: Float[Tensor, "b h"], layout: Float[Tensor, "b 4"], canvas: Float[Tensor, "b hh ww"]
    ) -> tuple[Independent, MixtureSameFamily]:
        """A mixture for each control point (eq. 3) and one for the pen, given the layout and the glimpse there."""
        config = self.config
        view = glimpse(canvas.unsqueeze(1), self.ranges.layout(layout), config.prior_size)
        seen = torch.cat([state, layout, self.glimpse_encoder(view)], -1)
        of_points, of_pen = self.stroke_head(seen).split(self.stroke_split, -1)
        points = mixture(of_points.unflatten(-1, (config.points, config.mixtures, 5)))
        pen = mixture(of_pen.unflatten(-1, (config.mixtures, -1)))
        return Independent(points, 1, validate_args=False), pen

    def likelihood(self, canvas: Float[Tensor, "*b h w"]) -> Distribution:
        """Distribution of the image around the canvas (eq. 5), with one learned scale a pixel."""
        raw = shrink(self.likelihood_raw, canvas.shape[-1]) if self._resized(canvas) else self.likelihood_raw
        family = PixelLaplace if self.config.likelihood == "laplace" else PixelNormal
        return family(canvas, self.likelihood_interval.squash(raw))

    def _resized(self, canvas: Tensor) -> bool:
        return canvas.shape[-2:] != self.likelihood_raw.shape
