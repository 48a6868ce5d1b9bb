"""A prior that is learned after the model, from what the model infers (ex-post density estimation).

Ghosh et al., 2020; Dai and Wipf, 2019. The prior that is learned with the model takes each control point for itself
(eq. 3), so what it draws is looser than what was inferred. This one begins with the gist of the drawing, and takes
every number of a stroke in its turn.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.distributions import Categorical

from dood.core.distributions import stop_time
from dood.core.networks import mlp
from dood.models.appearance import Spline
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, Latents, LayoutRange
from dood.models.priors.codebook import WIDTH, Codebook
from dood.models.priors.made import MADE

__all__ = ["ExPostPrior"]

HIDDEN, LAYERS, UNITS, MIXTURES = 256, 2, 360, 6


class ExPostPrior(nn.Module):
    """Whether there is anything, its gist, then stroke after stroke.

    Recurrent over strokes, of which it sees the numbers and where on the canvas their control points lie. The gist of
    an image is a function of the image: densities are of strokes and gist together, so a bound on the evidence that
    they are put into stays a bound.

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
        self.gist = Codebook()
        self.begin = nn.Parameter(torch.zeros(1))
        self.first = nn.Parameter(torch.zeros(width + points))
        self.rnn = nn.GRU(width + points + WIDTH, HIDDEN, LAYERS, batch_first=True)
        self.on_head = mlp(HIDDEN, HIDDEN // 2, 1)
        self.chain = MADE(width, HIDDEN, UNITS, MIXTURES)

    def log_prob(self, latents: Latents, entries: Int[Tensor, " b"]) -> tuple[Float[Tensor, "b t"], Categorical]:
        """Log density of each stroke given those before it, and the distribution of how many there are.

        The first stroke's has that of the gist in it. An empty drawing has no gist.
        """
        hidden = self._unroll(latents, entries)
        density = self.chain.log_prob(self._standard(latents), hidden) - self.std.log().sum()
        first = density[:, :1] + self.gist.log_prob(entries).unsqueeze(-1)
        return torch.cat([first, density[:, 1:]], 1), self._stop(hidden)

    def drawing_log_prob(
        self, latents: Latents, strokes: Int[Tensor, " b"], entries: Int[Tensor, " b"]
    ) -> Float[Tensor, " b"]:
        """Log density of whole drawings, of which the first `strokes` count."""
        drawn = torch.arange(latents.layout.shape[1], device=strokes.device) < strokes.unsqueeze(-1)
        hidden = self._unroll(latents, entries)
        # What does not count is left out before the costly part.
        some = self.chain.log_prob(self._standard(latents)[drawn], hidden[drawn]) - self.std.log().sum()
        density = hidden.new_zeros(drawn.shape).masked_scatter(drawn, some).sum(-1)
        density = density + torch.where(strokes > 0, self.gist.log_prob(entries), 0.0)
        return density + self._stop(hidden).log_prob(strokes)

    @torch.no_grad()
    def sample(
        self,
        batch: int,
        strokes: int,
        temperature: float = 1.0,
        generator: torch.Generator | None = None,
        part: Float[Tensor, "h w"] | None = None,
    ) -> tuple[Latents, Bool[Tensor, "b t"]]:
        """Up to `strokes` strokes, and which of them count; where there is a `part`, of entries that might have it."""
        gist = self.gist(self.gist.sample(batch, generator, part))
        last, state = self.first.expand(batch, -1), self.first.new_zeros(LAYERS, batch, HIDDEN)
        on, steps, mask = torch.ones(batch, dtype=torch.bool, device=last.device), [], []
        for t in range(strokes):
            hidden, state = self._step(last, gist, state)
            go = (self.on_head(hidden).squeeze(-1) if t else self.begin).sigmoid()
            on = on & (torch.rand(batch, device=last.device, generator=generator) < go)
            numbers = self.chain.sample(hidden, generator, temperature)
            latents = Latents.from_flat(numbers * self.std + self.mean)
            last = self._look(latents)
            steps.append(latents)
            mask.append(on)
        return Latents.stack(steps), torch.stack(mask, 1)

    def _unroll(self, latents: Latents, entries: Int[Tensor, " b"]) -> Float[Tensor, "b t h"]:
        """What is known before each stroke."""
        before = self._look(latents)[:, :-1]
        before = torch.cat([self.first.expand(len(before), 1, -1), before], 1)
        gist = self.gist(entries).unsqueeze(1).expand(-1, before.shape[1], -1)
        return self.rnn(torch.cat([before, gist], -1))[0]

    def _step(
        self, last: Float[Tensor, "b w"], gist: Float[Tensor, "b g"], state: Tensor
    ) -> tuple[Float[Tensor, "b h"], Tensor]:
        hidden, state = self.rnn(torch.cat([last, gist], -1).unsqueeze(1), state)
        return hidden.squeeze(1), state

    def _stop(self, hidden: Float[Tensor, "b t h"]) -> Categorical:
        later = self.on_head(hidden[:, 1:]).squeeze(-1)
        return stop_time(torch.cat([self.begin.expand(len(hidden), 1), later], 1))

    def _look(self, latents: Latents) -> Float[Tensor, "*b w"]:
        """A stroke in standard deviations, and its control points on the canvas in half canvases."""
        points = self.layout_range.frame(latents.layout).apply(self._points(latents.stroke))
        return torch.cat([self._standard(latents), points.flatten(-2)], -1)

    def _standard(self, latents: Latents) -> Float[Tensor, "*b d"]:
        return (latents.flat() - self.mean) / self.std
