"""DooD's prior without execution guidance: it knows the strokes so far, but never sees what they draw."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributions import MixtureSameFamily

from dood.core.distributions import Blocks, blocks, blocks_size, mixture
from dood.core.networks import mlp
from dood.models.appearance import Appearance
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT
from dood.models.memory import Memory, State
from dood.models.priors.canvas import START_LOGIT
from dood.models.priors.sequential import SequentialPrior
from dood.models.rendering import StrokeRenderer

__all__ = ["RecurrentPrior"]


class RecurrentPrior(SequentialPrior):
    """p(go on | h^l) p(layout | h^l) p(stroke | h^s, layout): the ablation of execution guidance (paper 3.1).

    The stop decision depends on the recurrent state; in the authors' code it sees the target image, which no prior can.
    """

    def __init__(self, config: ModelConfig, appearance: Appearance, memory: Memory, renderer: StrokeRenderer) -> None:
        super().__init__(config, appearance, memory, renderer)
        self.mixtures, hidden = config.mixtures, config.hidden
        self.on_head = mlp(hidden, hidden, 1, output_scale=0.1)
        self.layout_head = mlp(hidden, hidden, config.mixtures * (1 + 2 * LAYOUT))
        self.stroke_head = mlp(hidden + LAYOUT, hidden, blocks_size(self.blocks, config.mixtures))

    def continue_logit(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b"]:
        """Return the logit of drawing another stroke, from the recurrent state."""
        return self.on_head(state.layout).squeeze(-1) + START_LOGIT

    def layout(self, state: Float[Tensor, "b h"]) -> MixtureSameFamily:
        """Return the mixture over the unsquashed layout."""
        return mixture(self.layout_head(state).unflatten(-1, (self.mixtures, -1)))

    def stroke(
        self, state: Float[Tensor, "b h"], layout: Float[Tensor, "b 4"], canvas: Float[Tensor, "b hh ww"]
    ) -> Blocks:
        """Return the mixtures over the stroke, from its state and layout; the canvas is ignored."""
        return blocks(self.stroke_head(torch.cat([state, layout], -1)), self.blocks, self.mixtures)
