"""DooD's prior, which sees the canvas so far (eqs. 2 to 4)."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributions import MixtureSameFamily

from dood.core.distributions import Blocks, blocks, blocks_size, mixture
from dood.core.geometry import glimpse
from dood.core.networks import ImageEncoder, mlp
from dood.models.appearance import Appearance
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, LayoutRange
from dood.models.memory import Memory, State
from dood.models.priors.sequential import SequentialPrior
from dood.models.rendering import StrokeRenderer

__all__ = ["START_LOGIT", "CanvasPrior"]

START_LOGIT = 1.0
"""Logit of drawing another stroke before anything is learned."""


class CanvasPrior(SequentialPrior):
    """p(go on | canvas) p(layout | h^l) p(stroke | h^s, layout, glimpse of the canvas) (eqs. 2 to 4).

    Layout and stroke are mixtures of diagonal Gaussians: one for the layout, one for each block of the appearance's
    numbers (for a spline: one for each control point and one for the pen).
    """

    def __init__(self, config: ModelConfig, appearance: Appearance, memory: Memory, renderer: StrokeRenderer) -> None:
        super().__init__(config, appearance, memory, renderer)
        self.size, self.mixtures, self.layout_range = config.prior_size, config.mixtures, LayoutRange(config)
        hidden, features = config.hidden, config.features // 2
        self.glimpse_encoder = ImageEncoder(1, self.size, (16, 32), features)
        self.on_head = mlp(memory.features, hidden, 1, output_scale=0.1)
        self.layout_head = mlp(hidden, hidden, config.mixtures * (1 + 2 * LAYOUT))
        self.stroke_head = mlp(hidden + LAYOUT + features, hidden, blocks_size(self.blocks, config.mixtures))

    def continue_logit(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b"]:
        """Return the logit of drawing another stroke, from the embedded canvas alone (eq. 4)."""
        return self.on_head(embedding).squeeze(-1) + START_LOGIT

    def layout(self, state: Float[Tensor, "b h"]) -> MixtureSameFamily:
        """Return the mixture over the unsquashed layout (eq. 2)."""
        return mixture(self.layout_head(state).unflatten(-1, (self.mixtures, -1)))

    def stroke(
        self, state: Float[Tensor, "b h"], layout: Float[Tensor, "b 4"], canvas: Float[Tensor, "b hh ww"]
    ) -> Blocks:
        """Return the mixtures over control points and pen, from the canvas under the layout too (eq. 3)."""
        view = glimpse(canvas.unsqueeze(1), self.layout_range.frame(layout), self.size)
        features = torch.cat([state, layout, self.glimpse_encoder(view)], -1)
        return blocks(self.stroke_head(features), self.blocks, self.mixtures)
