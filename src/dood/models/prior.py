"""Priors over strokes: where to draw, what to draw, and when to stop (eqs. 2 to 4), and their ablations."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Categorical, MixtureSameFamily

from dood.core.distributions import Blocks, blocks, blocks_size, mixture, stop_time
from dood.core.geometry import glimpse, shrink
from dood.core.networks import ImageEncoder, mlp
from dood.models.appearance import Appearance
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, LayoutRange
from dood.models.memory import State

__all__ = ["PRIORS", "CanvasPrior", "FixedPrior", "Prior", "RecurrentPrior"]

START_SCALE = 0.4
"""Scale of a layout before anything is learned."""
START_ON = 1.0
"""Logit of going on before anything is learned."""


class Prior(nn.Module):
    """What a prior can be asked.

    Attributes:
        features: width of what it sees of a canvas.
    """

    features: int

    def encode(self, canvas: Float[Tensor, "b h w"]) -> Float[Tensor, "b f"]:
        """Embed the canvas so far."""
        raise NotImplementedError

    def on(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b"]:
        """Logit of drawing another stroke, given the embedded canvas and the states for that stroke."""
        raise NotImplementedError

    def layout(self, state: Float[Tensor, "b h"]) -> MixtureSameFamily:
        """Mixture over the unsquashed layout, given its recurrent state."""
        raise NotImplementedError

    def stroke(
        self, state: Float[Tensor, "b h"], layout: Float[Tensor, "b 4"], canvas: Float[Tensor, "b hh ww"]
    ) -> Blocks:
        """Mixtures over what is drawn, given its recurrent state, where it is drawn, and the canvas there."""
        raise NotImplementedError

    def stop(self, embedding: Float[Tensor, "b t f"], states: State) -> Categorical:
        """Distribution of the number of strokes 0..t, given the embedded canvas and the states before each."""
        return stop_time(self.on(embedding, states))


class CanvasPrior(Prior):
    """DooD's: it sees the canvas so far, whole and under the layout (eqs. 2 to 4)."""

    def __init__(self, config: ModelConfig, appearance: Appearance) -> None:
        super().__init__()
        self.size, self.mixtures, self.blocks = config.prior_size, config.mixtures, appearance.blocks
        self.layout_range = LayoutRange(config)
        hidden, self.features = config.hidden, config.features // 2
        self.canvas_encoder = ImageEncoder(1, self.size, (16, 32), self.features)
        self.glimpse_encoder = ImageEncoder(1, self.size, (16, 32), self.features)
        self.on_head = mlp(self.features, hidden, 1, output_scale=0.1)
        self.layout_head = mlp(hidden, hidden, config.mixtures * (1 + 2 * LAYOUT))
        self.stroke_head = mlp(hidden + LAYOUT + self.features, hidden, blocks_size(self.blocks, config.mixtures))

    def encode(self, canvas: Float[Tensor, "b h w"]) -> Float[Tensor, "b f"]:
        """Embed the canvas so far."""
        return self.canvas_encoder(shrink(canvas, self.size).unsqueeze(1))

    def on(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b"]:
        """Given the canvas alone (eq. 4)."""
        return self.on_head(embedding).squeeze(-1) + START_ON

    def layout(self, state: Float[Tensor, "b h"]) -> MixtureSameFamily:
        """Mixture over the unsquashed layout (eq. 2)."""
        return mixture(self.layout_head(state).unflatten(-1, (self.mixtures, -1)))

    def stroke(
        self, state: Float[Tensor, "b h"], layout: Float[Tensor, "b 4"], canvas: Float[Tensor, "b hh ww"]
    ) -> Blocks:
        """For a spline a mixture for each control point (eq. 3) and one for the pen."""
        view = glimpse(canvas.unsqueeze(1), self.layout_range.frame(layout), self.size)
        embedding = torch.cat([state, layout, self.glimpse_encoder(view)], -1)
        return blocks(self.stroke_head(embedding), self.blocks, self.mixtures)


class RecurrentPrior(Prior):
    """DooD's without execution guidance: it knows the strokes so far, but never sees what they draw.

    The stop decision depends on the recurrent state; the authors' saw the target image, which no prior can.
    """

    features = 0

    def __init__(self, config: ModelConfig, appearance: Appearance) -> None:
        super().__init__()
        self.mixtures, self.blocks = config.mixtures, appearance.blocks
        hidden = config.hidden
        self.on_head = mlp(hidden, hidden, 1, output_scale=0.1)
        self.layout_head = mlp(hidden, hidden, config.mixtures * (1 + 2 * LAYOUT))
        self.stroke_head = mlp(hidden + LAYOUT, hidden, blocks_size(self.blocks, config.mixtures))

    def encode(self, canvas: Float[Tensor, "b h w"]) -> Float[Tensor, "b f"]:
        """Nothing."""
        return canvas.new_zeros(len(canvas), 0)

    def on(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b"]:
        """Given the recurrent state."""
        return self.on_head(state.layout).squeeze(-1) + START_ON

    def layout(self, state: Float[Tensor, "b h"]) -> MixtureSameFamily:
        """Mixture over the unsquashed layout."""
        return mixture(self.layout_head(state).unflatten(-1, (self.mixtures, -1)))

    def stroke(
        self, state: Float[Tensor, "b h"], layout: Float[Tensor, "b 4"], canvas: Float[Tensor, "b hh ww"]
    ) -> Blocks:
        """Mixtures over what is drawn, given the layout."""
        return blocks(self.stroke_head(torch.cat([state, layout], -1)), self.blocks, self.mixtures)


class FixedPrior(Prior):
    """AIR's: every stroke is drawn from the same Gaussians, and another follows with probability 1/2. None is learned.

    Around a frame of middling scale in the middle of the canvas, and around what the appearance starts from.
    """

    features = 0
    layout_parameters: Tensor
    stroke_parameters: Tensor

    def __init__(self, config: ModelConfig, appearance: Appearance) -> None:
        super().__init__()
        self.blocks = appearance.blocks
        layout = torch.tensor([LayoutRange(config).scale.unsquash(START_SCALE), 0.0, 0.0, 0.0])
        single = torch.cat([torch.zeros(1), layout, torch.zeros(LAYOUT)])
        self.register_buffer("layout_parameters", single, persistent=False)
        self.register_buffer("stroke_parameters", _parameters(appearance), persistent=False)

    def encode(self, canvas: Float[Tensor, "b h w"]) -> Float[Tensor, "b f"]:
        """Nothing."""
        return canvas.new_zeros(len(canvas), 0)

    def on(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b"]:
        """Even odds."""
        return embedding.new_zeros(embedding.shape[:-1])

    def layout(self, state: Float[Tensor, "b h"]) -> MixtureSameFamily:
        """One standard Gaussian on the real line, around a scale of 0.4."""
        return mixture(self.layout_parameters.expand(len(state), 1, -1))

    def stroke(
        self, state: Float[Tensor, "b h"], layout: Float[Tensor, "b 4"], canvas: Float[Tensor, "b hh ww"]
    ) -> Blocks:
        """One Gaussian for each block of numbers."""
        return blocks(self.stroke_parameters.expand(len(state), -1), self.blocks, mixtures=1)


def _parameters(appearance: Appearance) -> Tensor:
    """The appearance's own moments, laid out as mixtures of one."""
    parts, begin = [], 0
    for block in appearance.blocks:
        end = begin + block.count * block.width
        mean, log_std = appearance.start_mean[begin:end], appearance.prior_std[begin:end].log()
        mean, log_std = mean.view(block.count, -1), log_std.view(block.count, -1)
        parts.append(torch.cat([torch.zeros(block.count, 1), mean, log_std], -1).flatten())
        begin = end
    return torch.cat(parts)


PRIORS: dict[str, type[CanvasPrior] | type[RecurrentPrior] | type[FixedPrior]] = {
    "canvas": CanvasPrior,
    "recurrent": RecurrentPrior,
    "fixed": FixedPrior,
}
