"""A prior that is learned after the model, from what the model infers of its training images.

Ex-post density estimation (Ghosh et al., 2020; Dai and Wipf, 2019). The prior that is learned together with the model
takes the control points of a stroke for independent (eq. 3), so its samples are looser than the strokes that the model
infers. This one first chooses a codebook entry for the whole drawing, and then stroke after stroke: where it starts and
where it ends, both anywhere or at an earlier stroke (`dood.models.priors.pointers`), then all other numbers in turn.
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
from dood.models.latents import LAYOUT, Latents, LatentStrokes
from dood.models.priors.base import Prior
from dood.models.priors.candidates import CANDIDATES, taken
from dood.models.priors.codebook import WIDTH, Codebook
from dood.models.priors.coordinates import ENDS, HALF, CanvasCoordinates
from dood.models.priors.critic import Critic
from dood.models.priors.made import MADE
from dood.models.priors.places import EARLIER, END_PLACE, PLACE, before, marked, places_along, places_of_end
from dood.models.priors.pointers import Pointers
from dood.models.rendering import StrokeRenderer

__all__ = ["ExPostPrior"]

HIDDEN, LAYERS, UNITS, MIXTURES = 256, 2, 360, 6
AT_ONCE = 256
"""Drawings that are rendered together."""


class ExPostPrior(Prior):
    """p(n = 0), and p(c) p(n | c) prod_i p(z_i | z_<i, c) for n >= 1, with a codebook entry c for each drawing.

    A recurrent network reads the strokes: their standardised numbers (`CanvasCoordinates`) and where their control
    points lie. Their number depends on the entry alone: told by the strokes so far as well it is worth 0.1 nats more,
    and samples, whose strokes are a little off those that were learned from, end too early.

    Densities are joint ones of strokes and entry, and the entry c(x) of an image is a function of the image. So
    sum over n of p(x, z, n, c(x)) is at most p(x), and a bound on log p(x) that uses these densities stays a bound.

    With a critic a sample is one of 16 candidates of the same entry, more probably one that looks like a drawing:
    entries keep their shares. Densities leave it out, since what they would have to be divided by is not known.

    Arguments:
        config: ranges of the layout, and the number of control points.
        spline: the model's appearance.
        joint: the prior that was learned with the model, which this one replaces. It is kept, to be loaded instead
            (`mnist:joint-prior`) and to go on from given strokes.
        renderer: the model's; the critic looks at canvases.

    Attributes:
        critic: None without one.
        begin: [1], the logit of drawing anything at all. It is no parameter: gradients would take thousands of steps to
            learn that no drawing is empty.
        mean, std: [d], moments of the strokes' numbers that the prior was learned from. Those of start and end are 0
            and `HALF`, lest a circle around a place become an ellipse.
    """

    begin: Tensor
    mean: Tensor
    std: Tensor

    def __init__(self, config: ModelConfig, spline: Spline, joint: Prior, renderer: StrokeRenderer) -> None:
        super().__init__()
        width, points = LAYOUT + spline.width, 2 * config.points
        self.coordinates, self.joint = CanvasCoordinates(config, spline), joint
        self.renderer, self.resolution = renderer, config.resolution
        self.critic = Critic() if config.critic else None
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("std", torch.ones(width))
        self.std[:ENDS] = HALF
        self.codebook = Codebook()
        self.register_buffer("begin", torch.zeros(1))
        self.on_head = mlp(WIDTH, HIDDEN // 2, EARLIER)
        self.first = nn.Parameter(torch.zeros(width + points))
        self.rnn = nn.GRU(width + points + WIDTH, HIDDEN, LAYERS, batch_first=True)
        self.start = Pointers(HIDDEN, PLACE)
        self.end = Pointers(HIDDEN + 2, END_PLACE)
        self.between = mlp(HIDDEN + ENDS, HIDDEN, HIDDEN)
        self.made = MADE(width - ENDS, HIDDEN, UNITS, MIXTURES)

    def standardise(self, strokes: Latents) -> None:
        """Set the moments to those of strokes [n, ...], two or more."""
        rest = self.coordinates.numbers(strokes)[:, ENDS:]
        self.mean[ENDS:] = rest.mean(0)
        self.std[ENDS:] = rest.std(0).clamp(min=1e-3)

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
        everywhere = torch.ones_like(hidden[..., 0], dtype=torch.bool)
        density = self._densities(latents, hidden, everywhere).view(hidden.shape[:2])
        first = density[:, :1] + self.codebook.log_prob(entries).unsqueeze(-1)
        return torch.cat([first, density[:, 1:]], 1), self._stop(entries, hidden.shape[1])

    def drawing_log_prob(self, drawings: LatentStrokes, entries: Int[Tensor, " b"]) -> Float[Tensor, " b"]:
        """Return the log density log p(n, c, z_1, ..., z_n) of whole drawings and their entries, in nats."""
        latents, count = drawings
        mask, hidden = drawings.mask, self._unroll(latents, entries)
        # Strokes that do not count are left out before the costly part.
        counted = self._densities(latents, hidden, mask)
        density = hidden.new_zeros(mask.shape).masked_scatter(mask, counted).sum(-1)
        density = density + torch.where(count > 0, self.codebook.log_prob(entries), 0.0)
        return density + self._stop(entries, mask.shape[1]).log_prob(count)

    def sample(
        self, batch: int, strokes: int, *, temperature: float = 1.0, generator: torch.Generator | None = None
    ) -> LatentStrokes:
        """As `Prior.sample`; the temperature leaves the choice of the codebook entry as it is."""
        entries = self.codebook.sample(batch, generator)
        if self.critic is None:
            return self._ancestral(entries, strokes, temperature, generator)
        tried = self._ancestral(entries.repeat_interleave(CANDIDATES), strokes, temperature, generator)
        return self._chosen(self.critic, tried, generator)

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

    def canvases(self, drawings: LatentStrokes) -> Float[Tensor, "b h w"]:
        """Return what drawings look like at the resolution of training, ink in [0, 1]."""
        parts = [drawings.rows(slice(at, at + AT_ONCE)) for at in range(0, len(drawings.strokes), AT_ONCE)]
        ink = torch.cat([self.renderer.counted_ink(part, self.resolution).sum(1) for part in parts])
        return self.renderer.composite(ink).clamp(max=1)

    @torch.no_grad()
    def _chosen(self, critic: Critic, tried: LatentStrokes, generator: torch.Generator | None) -> LatentStrokes:
        ratios = [critic(some) for some in self.canvases(tried).split(AT_ONCE)]
        pick = torch.rand(len(tried.strokes) // CANDIDATES, device=tried.strokes.device, generator=generator)
        rows = torch.from_numpy(taken(torch.cat(ratios).cpu().numpy(), pick.cpu().numpy())).to(pick.device)
        return tried.rows(rows)

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
        drawn = self._described(latents)[:, :-1]
        drawn = torch.cat([self.first.expand(len(drawn), 1, -1), drawn], 1)
        code = self.codebook(entries).unsqueeze(1).expand(-1, drawn.shape[1], -1)
        return self.rnn(torch.cat([drawn, code], -1))[0]

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
        earlier = previous[:, len(self.first) :].unflatten(-1, (EARLIER, -1))
        on = self._go_on(code, earlier[..., -1].sum(-1, keepdim=True).long()).squeeze(-1)
        latents = self._draw(hidden, earlier, pick, noise)
        return on, latents, self._after(latents, earlier), state

    def beginning(self, batch: int) -> Float[Tensor, "b w"]:
        """Return what `advance` takes for the stroke before the first one."""
        none = self.first.new_zeros(batch, EARLIER * (2 * self.coordinates.count + 1))
        return torch.cat([self.first.expand(batch, -1), none], -1)

    def _step(
        self, previous: Float[Tensor, "b w"], code: Float[Tensor, "b c"], state: Tensor
    ) -> tuple[Float[Tensor, "b h"], Tensor]:
        hidden, state = self.rnn(torch.cat([previous[:, : len(self.first)], code], -1).unsqueeze(1), state)
        return hidden.squeeze(1), state

    def _draw(
        self, hidden: Float[Tensor, "b h"], earlier: Float[Tensor, "b s e"], pick: Tensor, noise: Tensor
    ) -> Latents:
        places = places_along(earlier)
        start = self.start(hidden, places).select(pick[:, 0], noise[:, :2])
        end = self.end(_from(hidden, start), places_of_end(start, places)).select(pick[:, 2], noise[:, 2:ENDS])
        ends = torch.cat([start, end], -1) / HALF
        rest = self.made.sample(self._given(hidden, ends), pick[:, ENDS:], noise[:, ENDS:])
        return self.coordinates.latents(torch.cat([ends, rest], -1) * self.std + self.mean)

    def _after(self, latents: Latents, earlier: Float[Tensor, "b s e"]) -> Float[Tensor, "b w"]:
        """Return what the next step takes: the stroke, then as much as a stroke can point at, this one first."""
        newest = marked(self.coordinates.points(latents)).unsqueeze(1)
        return torch.cat([self._described(latents), torch.cat([newest, earlier[:, :-1]], 1).flatten(1)], -1)

    def _densities(
        self, latents: Latents, hidden: Float[Tensor, "b t h"], mask: Bool[Tensor, "b t"]
    ) -> Float[Tensor, " n"]:
        """Return the log density of each of the n strokes in the mask, given those before it."""
        earlier, strokes = before(self.coordinates.points(latents))[mask], Latents(*(part[mask] for part in latents))
        hidden = hidden[mask]
        ends, rest = self._standard(strokes).tensor_split([ENDS], -1)
        if not len(ends):  # torch's distributions cannot take nothing
            return ends.sum(-1)
        (start, end), places = (HALF * ends).split(2, -1), places_along(earlier)
        density = self.start(hidden, places).log_prob(start)
        density = density + self.end(_from(hidden, start), places_of_end(start, places)).log_prob(end)
        density = density + self.made.log_prob(rest, self._given(hidden, ends))
        return density - self.std[ENDS:].log().sum() + self.coordinates.log_volume(strokes)

    def _given(self, hidden: Float[Tensor, "n h"], ends: Float[Tensor, "n 4"]) -> Float[Tensor, "n h"]:
        """Return the context of a stroke's other numbers."""
        return self.between(torch.cat([hidden, ends], -1))

    def _stop(self, entries: Int[Tensor, " b"], strokes: int) -> Categorical:
        """Return the distribution of the number of strokes; whether there is any does not depend on the entry."""
        drawn = torch.arange(1, strokes, device=entries.device).expand(len(entries), -1)
        later = self._go_on(self.codebook(entries), drawn)
        return stop_time(torch.cat([self.begin.expand(len(entries), 1), later], 1))

    def _go_on(self, code: Float[Tensor, "b c"], drawn: Int[Tensor, "b t"]) -> Float[Tensor, "b t"]:
        """Return the logit of one more stroke, once so many are drawn; for none the answer is that for one."""
        return self.on_head(code).gather(1, (drawn - 1).clamp(0, EARLIER - 1))

    def _described(self, latents: Latents) -> Float[Tensor, "*b w"]:
        """Return the standardised numbers of each stroke, then its control points on the canvas in half canvases."""
        return torch.cat([self._standard(latents), self.coordinates.points(latents).flatten(-2)], -1)

    def _standard(self, latents: Latents) -> Float[Tensor, "*b d"]:
        return (self.coordinates.numbers(latents) - self.mean) / self.std


def _from(hidden: Float[Tensor, "n h"], start: Float[Tensor, "n 2"]) -> Float[Tensor, "n c"]:
    """Return the context of a stroke's end."""
    return torch.cat([hidden, start / HALF], -1)
