"""DooD, its ablations and its baselines: a generative and a recognition model, unrolled together over the strokes."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Categorical, Independent, Normal

from dood.core.distributions import rsample, sample
from dood.core.geometry import shrink
from dood.errors import DoodError
from dood.models.appearance import APPEARANCES, CANVASES, Spline
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, Latents, LayoutRange
from dood.models.likelihood import Likelihood
from dood.models.memory import Memory, State
from dood.models.prior import PRIORS
from dood.models.priors.expost import ExPostPrior
from dood.models.recognition import RECOGNITIONS

__all__ = ["DooD", "Inference", "LatentStrokes", "Sample", "Trace"]


class Inference(NamedTuple):
    """One posterior sample of every image, unrolled over all t strokes whether the drawing stops before or not.

    Given that step t is reached every earlier o is 1, so nothing before t depends on the stop time, and the number n of
    strokes can be summed over.

    Attributes:
        latents: all strokes, [b, t, ...].
        canvases: [b, t + 1, h, w], the canvas after 0, 1, ... t strokes.
        log_q: [b, t], log posterior density of layout and stroke.
        std: [b, t, d], standard deviations of layout and stroke, end to end.
        stop_q: distribution of the number of strokes 0..t.
        states: recurrent states at each stroke, [b, t, hidden].
        embedding: [b, t, f], what the prior sees of the canvas before each stroke.
        stop_features: [b, t, e], what the posterior's stop decisions were made from.
    """

    latents: Latents
    canvases: Tensor
    log_q: Tensor
    std: Tensor
    stop_q: Categorical
    states: State
    embedding: Tensor
    stop_features: Tensor


class LatentStrokes(NamedTuple):
    """Strokes on the canvases of a batch: `latents` [b, t, ...], and in `strokes` [b] how many of them count."""

    latents: Latents
    strokes: Tensor


class Trace(NamedTuple):
    """An inference, weighed under the prior.

    Attributes:
        latents, canvases, log_q, stop_q, stop_features: as in `Inference`.
        log_p: [b, t], log prior density of layout and stroke.
        stop_p: prior distribution of the number of strokes 0..t.
    """

    latents: Latents
    canvases: Tensor
    log_q: Tensor
    stop_q: Categorical
    stop_features: Tensor
    log_p: Tensor
    stop_p: Categorical


class Sample(NamedTuple):
    """Drawings from the prior: `latents` [b, t, ...], `strokes` [b] how many of them count, `canvas` [b, h, w]."""

    latents: Latents
    strokes: Tensor
    canvas: Tensor


class DooD(nn.Module):
    """Drawing out of Distribution (Liang et al., NeurIPS 2022): points transformed by the layout, and a latent pen.

    The configuration chooses the components: appearance, prior, memory and likelihood are the generative model. With
    others it is an ablation of DooD, or AIR (Eslami et al., 2016); `dood.training.presets.MODELS` names them.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.layout_range = LayoutRange(config)
        self.appearance = APPEARANCES[config.appearance](config)
        self.composite = CANVASES[config.canvas]
        self.prior = PRIORS[config.prior](config, self.appearance)
        self.memory = Memory(self.appearance.width, self.prior.features, config.hidden)
        self.likelihood = Likelihood(config)
        self.recognition = RECOGNITIONS[config.guidance](config, self.appearance)
        spline = self.appearance
        self.expost = ExPostPrior(config, spline) if config.expost and isinstance(spline, Spline) else None
        self.widths = (LAYOUT, self.appearance.width)

    def noise(
        self, batch: int, *, strokes: int | None = None, generator: torch.Generator | None = None
    ) -> Float[Tensor, "b t d"]:
        """Standard normal numbers, each row of which picks one posterior sample: layout and stroke, t times.

        They come apart from the inference so that a sample depends on neither batch size nor device nor number of
        processes. They are on the CPU where `generator` is, or is left out.
        """
        t = self.config.strokes if strokes is None else strokes
        return torch.randn(batch, t, sum(self.widths), generator=generator)

    def forward(
        self,
        images: Float[Tensor, "b h w"],
        noise: Float[Tensor, "b t d"] | None = None,
        *,
        strokes: int | None = None,
    ) -> Trace:
        """Infer the strokes of images and weigh them under the prior; arguments as for `infer`."""
        i = self.infer(images, noise, strokes=strokes)
        if self.expost is not None:
            log_p, stop_p = self.expost.log_prob(i.latents, self.expost.gist.nearest(images))
        else:
            log_p = self._log_prior(i.latents, i.canvases[:, :-1].detach(), i.states)
            stop_p = self.prior.stop(i.embedding, i.states)
        return Trace(i.latents, i.canvases, i.log_q, i.stop_q, i.stop_features, log_p, stop_p)

    def infer(
        self,
        images: Float[Tensor, "b h w"],
        noise: Float[Tensor, "b t d"] | None = None,
        *,
        strokes: int | None = None,
        given: LatentStrokes | None = None,
    ) -> Inference:
        """Infer strokes one after another from what is left of the image (eq. 6).

        Arguments:
            images: ink in [0, 1], 1 is ink.
            noise: what picks the posterior sample (see `noise`), for t strokes; without it every Gaussian gives its
                mean.
            strokes: how many to unroll without noise; the configuration's number by default.
            given: strokes that are on the canvas already; those inferred follow them, and they are not in the result.

        Raises:
            DoodError: the images are no floats.
        """
        if not images.is_floating_point():
            raise DoodError(f"images have type {images.dtype}: give floats in [0, 1], 1 is ink (images.float() / 255)")
        prior, rec, config = self.prior, self.recognition, self.config
        unrolled = (config.strokes if strokes is None else strokes) if noise is None else noise.shape[1]
        target = shrink(images, config.frame_size)
        state, latents, ink = self._begin(torch.zeros_like(images), given)
        canvases, steps = [self.composite(ink)], []
        for t in range(unrolled):
            for_layout, for_stroke = noise[:, t].split(self.widths, -1) if noise is not None else (None, None)
            canvas = canvases[-1].detach()
            embedding, recognised = prior.encode(canvas), rec.encode(target, canvas)
            state = self.memory.advance(state, latents, embedding)
            q_layout = rec.layout(recognised, state.layout)
            layout = rsample(q_layout, for_layout)
            q_stroke = rec.stroke(images, canvas, layout, state.stroke)
            latents = Latents(layout, rsample(q_stroke, for_stroke))
            densities = [q.base_dist for q in (q_layout, q_stroke)]
            mean, std = (torch.cat(parts, -1) for parts in zip(*((q.loc, q.scale) for q in densities), strict=True))
            steps.append((latents, mean, std, state, embedding, rec.stop_features(recognised, state)))
            ink = ink + self.render(latents, *images.shape[-2:])
            canvases.append(self.composite(ink))
        return self._gather(steps, torch.stack(canvases, 1))

    def _begin(self, blank: Float[Tensor, "b h w"], given: LatentStrokes | None) -> tuple[State, Latents, Tensor]:
        """Recurrent states, last stroke and ink from which to go on."""
        batch = len(blank)
        state, latents = self.memory.start(batch), self._no_stroke(batch, blank.device)
        if given is None:
            return state, latents, blank
        ink = self._ink(given, blank.shape[-1]).cumsum(1)
        before = self.composite(torch.cat([torch.zeros_like(ink[:, :1]), ink[:, :-1]], 1))
        states = self._states(given.latents, before)[0]
        last = torch.arange(batch), (given.strokes - 1).clamp(min=0)

        def latest(parts: Tensor, before: Tensor) -> Tensor:
            return torch.where(given.strokes.view(-1, *[1] * (before.ndim - 1)) > 0, parts[last], before)

        state = State(*(latest(parts, before) for parts, before in zip(states, state, strict=True)))
        latents = Latents(*(latest(parts, before) for parts, before in zip(given.latents, latents, strict=True)))
        return state, latents, ink[:, -1]

    def _ink(self, given: LatentStrokes, side: int) -> Float[Tensor, "b t n n"]:
        """Ink of each stroke that counts, and none of the others."""
        ink = self.render(given.latents, side, side)
        mask = torch.arange(ink.shape[1], device=ink.device) < given.strokes.unsqueeze(-1)
        return ink * mask[..., None, None]

    def _no_stroke(self, batch: int, device: torch.device) -> Latents:
        """What stands before the first stroke."""
        return Latents.none(self.appearance.width, batch, device)

    def _gather(self, steps: list[tuple], canvases: Float[Tensor, "b t1 h w"]) -> Inference:
        """All strokes in one batch: their densities need no order."""
        latents, mean, std, states, embedding, stop_features = zip(*steps, strict=True)
        mean, std, embedding, stop_features = (torch.stack(part, 1) for part in (mean, std, embedding, stop_features))
        latents, states = Latents.stack(list(latents)), State.stack(list(states))
        log_q = Independent(Normal(mean, std, validate_args=False), 1, validate_args=False).log_prob(latents.flat())
        stop_q = self.recognition.stop(stop_features)
        return Inference(latents, canvases, log_q, std, stop_q, states, embedding, stop_features)

    def log_prior(
        self, images: Float[Tensor, "b h w"], latents: Latents, canvases: Float[Tensor, "b t1 h w"]
    ) -> tuple[Float[Tensor, "b t"], Categorical]:
        """Log prior density of each stroke of images, and the prior of how many there are, once all are given."""
        if self.expost is not None:
            return self.expost.log_prob(latents, self.expost.gist.nearest(images))
        states, embedding = self._states(latents, canvases[:, :-1])
        return self._log_prior(latents, canvases[:, :-1], states), self.prior.stop(embedding, states)

    def _states(self, latents: Latents, before: Float[Tensor, "b t h w"]) -> tuple[State, Float[Tensor, "b t f"]]:
        """Recurrent states at each of the given strokes, and what the prior sees of the canvas `before` it."""
        batch, strokes = before.shape[:2]
        embedding = self.prior.encode(before.flatten(0, 1)).unflatten(0, (batch, strokes))
        state, previous, states = self.memory.start(batch), self._no_stroke(batch, before.device), []
        for t in range(strokes):
            state = self.memory.advance(state, previous, embedding[:, t])
            previous = Latents(*(part[:, t] for part in latents))
            states.append(state)
        return State.stack(states), embedding

    def render(self, latents: Latents, height: int, width: int) -> Float[Tensor, "*b {height} {width}"]:
        """Ink of each stroke on its own."""
        return self.appearance.ink(latents.stroke, self.layout_range.frame(latents.layout), height, width)

    def canvases(self, latents: Latents, height: int, width: int) -> Float[Tensor, "b t1 {height} {width}"]:
        """What the first 0, 1, ... t strokes draw."""
        ink = self.render(latents, height, width)
        return self.composite(torch.cat([torch.zeros_like(ink[:, :1]), ink], 1).cumsum(1))

    def _log_prior(self, latents: Latents, canvas: Float[Tensor, "b t h w"], states: State) -> Float[Tensor, "b t"]:
        """All strokes in one batch: once the latents are known, only the recurrent states are sequential."""
        layout, stroke = (part.flatten(0, 1) for part in latents)
        layout_state, stroke_state = (part.flatten(0, 1) for part in states)
        p_stroke = self.prior.stroke(stroke_state, layout, canvas.flatten(0, 1))
        log_p = self.prior.layout(layout_state).log_prob(layout) + p_stroke.log_prob(stroke)
        return log_p.unflatten(0, canvas.shape[:2])

    @torch.no_grad()
    def sample(
        self,
        batch: int,
        *,
        resolution: int | None = None,
        strokes: int | None = None,
        temperature: float = 1.0,
        given: LatentStrokes | None = None,
        generator: torch.Generator | None = None,
    ) -> Sample:
        """Draw from the prior, stroke by stroke (ancestral sampling of eq. 1).

        Arguments:
            resolution: side of the canvases; that of training by default.
            strokes: most strokes; as many as in training by default.
            temperature: factor of the Gaussians' deviations.
            given: strokes that are on the canvases already; those sampled follow them, and they are not in the result,
                but for the canvas. They come from the prior that sees the canvas, even where there is an ex-post one
                (see `dood.concepts.completion`).
        """
        side, strokes = resolution or self.config.resolution, self.config.strokes if strokes is None else strokes
        if self.expost is None or given is not None:
            return self._sample(batch, side, strokes, temperature, given, generator)
        latents, mask = self.expost.sample(batch, strokes, temperature, generator)
        ink = (self.render(latents, side, side) * mask[..., None, None]).sum(1)
        return Sample(latents, mask.sum(-1), self.composite(ink))

    def _sample(
        self,
        batch: int,
        side: int,
        strokes: int,
        temperature: float,
        given: LatentStrokes | None,
        generator: torch.Generator | None,
    ) -> Sample:
        """From the prior that was learned with the model."""
        prior, device = self.prior, self.likelihood.raw.device
        state, latents, ink = self._begin(torch.zeros(batch, side, side, device=device), given)
        on = torch.ones(batch, dtype=torch.bool, device=device)
        steps, count = [], torch.zeros(batch, dtype=torch.long, device=device)
        for _ in range(strokes):
            canvas = self.composite(ink)
            embedding = prior.encode(canvas)
            state = self.memory.advance(state, latents, embedding)
            go = prior.on(embedding, state).sigmoid()
            on = on & (torch.rand(batch, device=device, generator=generator) < go)
            layout = sample(prior.layout(state.layout), generator, temperature)
            latents = Latents(layout, prior.stroke(state.stroke, layout, canvas).sample(generator, temperature))
            ink = ink + self.render(latents, side, side) * on[:, None, None]
            count += on
            steps.append(latents)
        return Sample(Latents.stack(steps), count, self.composite(ink))
