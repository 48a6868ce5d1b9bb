"""AIR's prior, of which nothing is learned."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributions import MixtureSameFamily

from dood.core.distributions import Blocks, blocks, mixture
from dood.models.appearance import Appearance
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, START_SCALE, LayoutRange
from dood.models.memory import Memory, State
from dood.models.priors.sequential import SequentialPrior
from dood.models.rendering import StrokeRenderer

__all__ = ["FixedPrior"]


class FixedPrior(SequentialPrior):
    """Every stroke has the same Gaussians, and another one follows with probability 1/2 (Eslami et al., 2016).

    The layout is a standard Gaussian around a frame of scale 0.4 in the middle of the canvas; the stroke has the
    appearance's `start_mean` and `prior_std`.
    """

    layout_parameters: Tensor
    stroke_parameters: Tensor

    def __init__(self, config: ModelConfig, appearance: Appearance, memory: Memory, renderer: StrokeRenderer) -> None:
        super().__init__(config, appearance, memory, renderer)
        layout = torch.tensor([LayoutRange(config).scale.unsquash(START_SCALE), 0.0, 0.0, 0.0])
        single = torch.cat([torch.zeros(1), layout, torch.zeros(LAYOUT)])
        self.register_buffer("layout_parameters", single, persistent=False)
        self.register_buffer("stroke_parameters", _single_mixtures(appearance), persistent=False)

    def continue_logit(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b"]:
        """Return 0, even odds."""
        return embedding.new_zeros(embedding.shape[:-1])

    def layout(self, state: Float[Tensor, "b h"]) -> MixtureSameFamily:
        """Return one Gaussian, of deviation 1, over the unsquashed layout."""
        return mixture(self.layout_parameters.expand(len(state), 1, -1))

    def stroke(
        self, state: Float[Tensor, "b h"], layout: Float[Tensor, "b 4"], canvas: Float[Tensor, "b hh ww"]
    ) -> Blocks:
        """Return one Gaussian for each block of numbers."""
        return blocks(self.stroke_parameters.expand(len(state), -1), self.blocks, mixtures=1)


def _single_mixtures(appearance: Appearance) -> Tensor:
    """Return the appearance's own moments, laid out as mixtures of one for `blocks`."""
    parts, begin = [], 0
    for block in appearance.blocks:
        end = begin + block.count * block.width
        mean, log_std = appearance.start_mean[begin:end], appearance.prior_std[begin:end].log()
        mean, log_std = mean.view(block.count, -1), log_std.view(block.count, -1)
        parts.append(torch.cat([torch.zeros(block.count, 1), mean, log_std], -1).flatten())
        begin = end
    return torch.cat(parts)
