"""A prior that is learned after the model, from what the model infers (ex-post density estimation).

Ghosh et al., 2020; Dai and Wipf, 2019. The prior that is learned with the model takes each control point for itself
(eq. 3), so what it draws is looser than what was inferred. This one takes every number of a stroke in its turn.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.distributions import Categorical

from dood.distributions import stop_time
from dood.models.appearance import Spline
from dood.models.chain import Chain
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, Latents, LayoutRange
from dood.networks import mlp

__all__ = ["ExPostPrior"]

HIDDEN, LAYERS, UNITS, MIXTURES = 256, 2, 360, 6


class ExPostPrior(nn.Module):
    """Recurrent over strokes, of which it sees the numbers and where on the canvas their control points lie.

    Attributes:
        mean, std: [d], of layout and stroke in what it was learned from; it reckons in standard deviations.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, config: ModelConfig, spline: Spline) -> None:
        super().__init__()
        width, points = LAYOUT + spline.width, 2 * config.points
        # A function, not a child module: it is the model's.
        self._points, self.layout_range = spline.points, LayoutRange(config)
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("std", torch.ones(width))
        self.first = nn.Parameter(torch.zeros(width + points))
        self.rnn = nn.GRU(width + points, HIDDEN, LAYERS, batch_first=True)
        self.on_head = mlp(HIDDEN, HIDDEN // 2, 1)
        self.chain = Chain(width, HIDDEN, UNITS, MIXTURES)

    def weigh(self, latents: Latents) -> tuple[Float[Tensor, "b t"], Categorical]:
        """Log density of each stroke given those before it, and the distribution of how many there are."""
        seen = self._unroll(latents)
        density = self.chain.log_prob(self._standard(latents), seen) - self.std.log().sum()
        return density, stop_time(self.on_head(seen).squeeze(-1))

    def log_prob(self, latents: Latents, strokes: Int[Tensor, " b"]) -> Float[Tensor, " b"]:
        """Log density of whole drawings, of which the first `strokes` count."""
        drawn = torch.arange(latents.layout.shape[1], device=strokes.device) < strokes.unsqueeze(-1)
        seen = self._unroll(latents)
        # What does not count is left out before the costly part.
        some = self.chain.log_prob(self._standard(latents)[drawn], seen[drawn]) - self.std.log().sum()
        density = seen.new_zeros(drawn.shape).masked_scatter(drawn, some)
        return density.sum(-1) + stop_time(self.on_head(seen).squeeze(-1)).log_prob(strokes)

    @torch.no_grad()
    def sample(
        self, batch: int, strokes: int, temperature: float = 1.0, generator: torch.Generator | None = None
    ) -> tuple[Latents, Bool[Tensor, "b t"]]:
        """Up to `strokes` strokes, and which of them count."""
        last, state = self.first.expand(batch, -1), self.first.new_zeros(LAYERS, batch, HIDDEN)
        on, steps, there = torch.ones(len(last), dtype=torch.bool, device=last.device), [], []
        for _ in range(strokes):
            seen, state = self._step(last, state)
            go = self.on_head(seen).squeeze(-1).sigmoid()
            on = on & (torch.rand(len(last), device=last.device, generator=generator) < go)
            numbers = self.chain.pick(seen, generator, temperature)
            latents = Latents.from_flat(numbers * self.std + self.mean)
            last = self._look(latents)
            steps.append(latents)
            there.append(on)
        return Latents.stack(steps), torch.stack(there, 1)

    def _unroll(self, latents: Latents) -> Float[Tensor, "b t h"]:
        """What is known before each stroke."""
        before = self._look(latents)[:, :-1]
        return self.rnn(torch.cat([self.first.expand(len(before), 1, -1), before], 1))[0]

    def _step(self, last: Float[Tensor, "b w"], state: Tensor) -> tuple[Float[Tensor, "b h"], Tensor]:
        seen, state = self.rnn(last.unsqueeze(1), state)
        return seen.squeeze(1), state

    def _look(self, latents: Latents) -> Float[Tensor, "*b w"]:
        """A stroke in standard deviations, and its control points on the canvas in half canvases."""
        points = self.layout_range.frame(latents.layout).apply(self._points(latents.stroke))
        return torch.cat([self._standard(latents), points.flatten(-2)], -1)

    def _standard(self, latents: Latents) -> Float[Tensor, "*b d"]:
        return (latents.flat() - self.mean) / self.std
