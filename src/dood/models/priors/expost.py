"""A prior that is learned after the model, from what the model infers of its training images.

Ex-post density estimation (Ghosh et al., 2020; Dai and Wipf, 2019). The prior that is learned together with the model
takes the control points of a stroke for independent (eq. 3), so its samples are looser than the strokes that the model
infers. This one first chooses a codebook entry for the whole drawing, and then every number of every stroke in turn.
"""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.distributions import Categorical

from dood.core.distributions import stop_time
from dood.core.networks import mlp
from dood.models.appearance import Spline
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, Latents, LatentStrokes, LayoutRange
from dood.models.priors.base import Prior
from dood.models.priors.codebook import WIDTH, Codebook
from dood.models.priors.made import MADE

__all__ = ["ExPostPrior"]

HIDDEN, LAYERS, UNITS, MIXTURES = 256, 2, 360, 6


class ExPostPrior(Prior):
    """p(n = 0), and p(c) p(n | c) prod_i p(z_i | z_<i, c) for n >= 1, with a codebook entry c for each drawing.

    A recurrent network reads the strokes: their standardised numbers and where their control points lie on the canvas.

    Densities are joint ones of strokes and entry, and the entry c(x) of an image is a function of the image. So
    sum over n of p(x, z, n, c(x)) is at most p(x), and a bound on log p(x) that uses these densities stays a bound.

    Arguments:
        config: ranges of the layout, and the number of control points.
        spline: the model's appearance.
        joint: the prior that was learned with the model, which this one replaces. It is kept, to be loaded instead
            (`mnist:joint-prior`) and to go on from given strokes.

    Attributes:
        mean, std: [d], moments of layout and stroke, over the strokes that the prior was learned from.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, config: ModelConfig, spline: Spline, joint: Prior) -> None:
        super().__init__()
        width, points = LAYOUT + spline.width, 2 * config.points
        # In a tuple, lest the spline be registered here as well.
        self._spline, self.layout_range = (spline,), LayoutRange(config)
        self.joint = joint
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("std", torch.ones(width))
        self.codebook = Codebook()
        self.begin = nn.Parameter(torch.zeros(1))
        self.first = nn.Parameter(torch.zeros(width + points))
        self.rnn = nn.GRU(width + points + WIDTH, HIDDEN, LAYERS, batch_first=True)
        self.on_head = mlp(HIDDEN, HIDDEN // 2, 1)
        self.made = MADE(width, HIDDEN, UNITS, MIXTURES)

    def standardise(self, strokes: Latents) -> None:
        """Set the moments to those of strokes [n, ...], two or more."""
        numbers = self._coordinates(strokes)
        self.mean.copy_(numbers.mean(0))
        self.std.copy_(numbers.std(0).clamp(min=1e-3))

    def log_prob(
        self, images: Float[Tensor, "b h w"], latents: Latents, canvases: Float[Tensor, "b t1 h w"]
    ) -> tuple[Float[Tensor, "b t"], Categorical]:
        """As `Prior.log_prob`, with the codebook entry of each image; the canvases are ignored.

        The first stroke's density contains the entry's: log p(c) + log p(z_1 | c). An empty drawing has no entry.
        """
        return self.entry_log_prob(latents, self.codebook.nearest(images))

    def entry_log_prob(self, latents: Latents, entries: Int[Tensor, " b"]) -> tuple[Float[Tensor, "b t"], Categorical]:
        """As `log_prob`, for known codebook entries."""
        hidden = self._unroll(latents, entries)
        density = self._densities(latents, hidden, torch.ones_like(hidden[..., 0], dtype=torch.bool)).view(
            hidden.shape[:2]
        )
        first = density[:, :1] + self.codebook.log_prob(entries).unsqueeze(-1)
        return torch.cat([first, density[:, 1:]], 1), self._stop(hidden, entries)

    def drawing_log_prob(self, drawings: LatentStrokes, entries: Int[Tensor, " b"]) -> Float[Tensor, " b"]:
        """Return the log density log p(n, c, z_1, ..., z_n) of whole drawings and their entries, in nats."""
        latents, count = drawings
        mask, hidden = drawings.mask, self._unroll(latents, entries)
        # Strokes that do not count are left out before the costly part.
        counted = self._densities(latents, hidden, mask)
        density = hidden.new_zeros(mask.shape).masked_scatter(mask, counted).sum(-1)
        density = density + torch.where(count > 0, self.codebook.log_prob(entries), 0.0)
        return density + self._stop(hidden, entries).log_prob(count)

    def sample(
        self, batch: int, strokes: int, *, temperature: float = 1.0, generator: torch.Generator | None = None
    ) -> LatentStrokes:
        """As `Prior.sample`; the temperature leaves the choice of the codebook entry as it is."""
        return self._ancestral(self.codebook.sample(batch, generator), strokes, temperature, generator)

    def propose(
        self,
        part: Float[Tensor, "h w"],
        batch: int,
        strokes: int,
        *,
        temperature: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> LatentStrokes:
        """As `Prior.propose`: samples with codebook entries whose ink covers that of the part."""
        return self._ancestral(self.codebook.sample(batch, generator, part), strokes, temperature, generator)

    def follow(
        self, given: LatentStrokes, strokes: int, *, temperature: float = 1.0, generator: torch.Generator | None = None
    ) -> LatentStrokes:
        """As `Prior.follow`, by the prior that was learned with the model.

        What is inferred of an unfinished drawing is not how a whole one begins, so this prior does not go on from it.
        """
        return self.joint.follow(given, strokes, temperature=temperature, generator=generator)

    def learned_jointly(self) -> Prior:
        """Return the prior that this one replaces."""
        return self.joint

    @torch.no_grad()
    def _ancestral(
        self, entries: Int[Tensor, " b"], strokes: int, temperature: float, generator: torch.Generator | None
    ) -> LatentStrokes:
        batch, code = len(entries), self.codebook(entries)
        previous, state = self.beginning(batch), self.first.new_zeros(LAYERS, batch, HIDDEN)
        active, steps = torch.ones(batch, dtype=torch.bool, device=code.device), []
        count = torch.zeros(batch, dtype=torch.long, device=code.device)
        random: dict[str, Any] = {"device": code.device, "generator": generator}
        for t in range(strokes):
            chance, pick = (torch.rand(shape, **random) for shape in ((batch,), (batch, len(self.mean))))
            noise = temperature * torch.randn(batch, len(self.mean), **random)
            on, latents, previous, state = self.advance(code, previous, state, pick, noise)
            active = active & (chance < (on if t else self.begin).sigmoid())
            count += active
            steps.append(latents)
        return LatentStrokes(Latents.stack(steps), count)

    def _unroll(self, latents: Latents, entries: Int[Tensor, " b"]) -> Float[Tensor, "b t h"]:
        """Return the recurrent output before each stroke."""
        before = self._described(latents)[:, :-1]
        before = torch.cat([self.first.expand(len(before), 1, -1), before], 1)
        code = self.codebook(entries).unsqueeze(1).expand(-1, before.shape[1], -1)
        return self.rnn(torch.cat([before, code], -1))[0]

    def advance(
        self,
        code: Float[Tensor, "b c"],
        previous: Float[Tensor, "b w"],
        state: Tensor,
        pick: Float[Tensor, "b d"],
        noise: Float[Tensor, "b d"],
    ) -> tuple[Float[Tensor, " b"], Latents, Float[Tensor, "b w"], Tensor]:
        """Sample the next stroke, chosen by random numbers (`dood.core.distributions.select`).

        Arguments:
            code: features of the codebook entry.
            previous, state: as the step before returned them; `beginning` and zeros for the first stroke.

        Returns:
            The logit of drawing the stroke (for the first one `begin` is it), the stroke, and what the next step takes.
        """
        hidden, state = self._step(previous, code, state)
        on = self._go_on_next(hidden, code, previous)
        latents, previous = self._draw(hidden, previous, pick, noise)
        return on, latents, previous, state

    def _go_on_next(
        self, hidden: Float[Tensor, "b h"], code: Float[Tensor, "b c"], previous: Float[Tensor, "b w"]
    ) -> Float[Tensor, " b"]:
        """Return the logit of the next stroke."""
        return self.on_head(hidden).squeeze(-1)

    def _step(
        self, previous: Float[Tensor, "b w"], code: Float[Tensor, "b c"], state: Tensor
    ) -> tuple[Float[Tensor, "b h"], Tensor]:
        hidden, state = self.rnn(torch.cat([previous, code], -1).unsqueeze(1), state)
        return hidden.squeeze(1), state

    def beginning(self, batch: int) -> Float[Tensor, "b w"]:
        """Return what `advance` takes for the stroke before the first one."""
        return self.first.expand(batch, -1)

    def _draw(
        self, hidden: Float[Tensor, "b h"], previous: Float[Tensor, "b w"], pick: Tensor, noise: Tensor
    ) -> tuple[Latents, Float[Tensor, "b w"]]:
        """Sample a stroke; return it, and what the next step takes in place of `previous`."""
        latents = Latents.from_flat(self.made.sample(hidden, pick, noise) * self.std + self.mean)
        return latents, self._described(latents)

    def _densities(
        self, latents: Latents, hidden: Float[Tensor, "b t h"], mask: Bool[Tensor, "b t"]
    ) -> Float[Tensor, " n"]:
        """Return the log density of each of the n strokes in the mask, given those before it."""
        return self.made.log_prob(self._standard(latents)[mask], hidden[mask]) - self.std.log().sum()

    def _stop(self, hidden: Float[Tensor, "b t h"], entries: Int[Tensor, " b"]) -> Categorical:
        """Return the distribution of the number of strokes; whether there is any does not depend on the entry."""
        later = self._go_on(hidden, entries)
        return stop_time(torch.cat([self.begin.expand(len(hidden), 1), later], 1))

    def _go_on(self, hidden: Float[Tensor, "b t h"], entries: Int[Tensor, " b"]) -> Float[Tensor, "b t1"]:
        """Return the logit of each stroke after the first."""
        return self.on_head(hidden[:, 1:]).squeeze(-1)

    def _described(self, latents: Latents) -> Float[Tensor, "*b w"]:
        """Return the standardised numbers of each stroke, then its control points on the canvas in half canvases."""
        return torch.cat([self._standard(latents), self._points(latents).flatten(-2)], -1)

    def _points(self, latents: Latents) -> Float[Tensor, "*b p 2"]:
        """Return control points on the canvas, in half canvases."""
        (spline,) = self._spline
        return self.layout_range.frame(latents.layout).apply(spline.points(latents.stroke))

    def _standard(self, latents: Latents) -> Float[Tensor, "*b d"]:
        return (self._coordinates(latents) - self.mean) / self.std

    def _coordinates(self, latents: Latents) -> Float[Tensor, "*b d"]:
        """Return the numbers of each stroke that `mean` and `std` are the moments of."""
        return latents.flat()
