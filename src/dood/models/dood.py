"""DooD: the generative and the recognition model, unrolled together over the strokes of a drawing."""

from typing import NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from dood.distributions import stop_time
from dood.models.config import ModelConfig
from dood.models.generative import Generative, State, shrink
from dood.models.latents import Latents
from dood.models.recognition import Recognition
from dood.renderer import composite, render

__all__ = ["DooD", "Drawn", "Inference", "Sample", "Trace"]


class Inference(NamedTuple):
    """One posterior sample of every image, unrolled over all t strokes whether the drawing stops before or not.

    Given that step t is reached every earlier o is 1, so nothing before t depends on the stop time, and the number n of
    strokes can be summed over.

    Attributes:
        latents: all strokes, [b, t, ...].
        canvases: [b, t + 1, h, w], the canvas after 0, 1, ... t strokes.
        log_q: [b, t], log posterior density of layout, points and pen of each stroke.
        std: [b, t, d], standard deviations of layout, points and pen, end to end.
        stop_q: distribution of the number of strokes 0..t.
        states: recurrent states at each stroke, [b, t, hidden].
        seen_p, seen_q: [b, t, f], embeddings of the canvas, and of target and residual, before each stroke.
    """

    latents: Latents
    canvases: Tensor
    log_q: Tensor
    std: Tensor
    stop_q: Categorical
    states: State
    seen_p: Tensor
    seen_q: Tensor


class Drawn(NamedTuple):
    """Strokes on the canvases of a batch: `latents` [b, t, ...], and in `strokes` [b] how many of them count."""

    latents: Latents
    strokes: Tensor


class Trace(NamedTuple):
    """An inference, weighed under the prior.

    Attributes:
        latents, canvases, log_q, stop_q: as in `Inference`.
        seen: [b, t, f], what the stop decisions of the posterior were made from.
        log_p: [b, t], log prior density of layout, points and pen of each stroke.
        stop_p: prior distribution of the number of strokes 0..t.
    """

    latents: Latents
    canvases: Tensor
    log_q: Tensor
    stop_q: Categorical
    seen: Tensor
    log_p: Tensor
    stop_p: Categorical


class Sample(NamedTuple):
    """Drawings from the prior: `latents` [b, t, ...], `strokes` [b] how many of them count, `canvas` [b, h, w]."""

    latents: Latents
    strokes: Tensor
    canvas: Tensor


class DooD(nn.Module):
    """Drawing out of Distribution (Liang et al., NeurIPS 2022): points transformed by the layout, and a latent pen."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.generative = Generative(config)
        self.recognition = Recognition(config)
        self.widths = (4, 2 * config.points, config.pen_points + 1)

    def noise(
        self, batch: int, *, strokes: int | None = None, generator: torch.Generator | None = None
    ) -> Float[Tensor, "b t d"]:
        """Standard normal numbers, each row of which picks one posterior sample: layout, points and pen of t strokes.

        Drawn apart from the inference so that a sample depends on neither batch size nor device nor number of
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
        log_p = self._log_prior(i.latents, i.canvases[:, :-1].detach(), i.states)
        return Trace(i.latents, i.canvases, i.log_q, i.stop_q, i.seen_q, log_p, self.generative.stop(i.seen_p))

    def infer(
        self,
        images: Float[Tensor, "b h w"],
        noise: Float[Tensor, "b t d"] | None = None,
        *,
        strokes: int | None = None,
        drawn: Drawn | None = None,
    ) -> Inference:
        """Infer strokes one after another from what is left of the image (eq. 6).

        Arguments:
            images: ink in [0, 1], 1 is ink.
            noise: what picks the posterior sample (see `noise`), for t strokes; without it every Gaussian gives its
                mean.
            strokes: how many to unroll without noise; the configuration's number by default.
            drawn: strokes that are on the canvas already; those inferred follow them, and they are not in the result.
        """
        gen, rec, config = self.generative, self.recognition, self.config
        unrolled = (config.strokes if strokes is None else strokes) if noise is None else noise.shape[1]
        target = shrink(images, config.frame_size)
        state, latents, ink = self._begin(images, drawn)
        canvases, steps = [composite(ink)], []
        for t in range(unrolled):
            for_layout, for_points, for_pen = noise[:, t].split(self.widths, -1) if noise is not None else [None] * 3
            canvas = canvases[-1].detach()
            seen_p, seen_q = gen.look(canvas), rec.look(target, canvas)
            state = gen.advance(state, latents, seen_p)
            q_layout = rec.layout(seen_q, state.layout)
            layout = draw(q_layout, for_layout)
            q_stroke = rec.stroke(images, images - canvas, layout, state.stroke)
            points, pen = draw(q_stroke.points, for_points), draw(q_stroke.pen, for_pen)
            latents = Latents(layout, points.unflatten(-1, (-1, 2)), pen)
            densities = [q.base_dist for q in (q_layout, q_stroke.points, q_stroke.pen)]
            mean, std = (torch.cat(parts, -1) for parts in zip(*((q.loc, q.scale) for q in densities), strict=True))
            steps.append((latents, mean, std, state, seen_p, seen_q))
            ink = ink + self.render(latents, *images.shape[-2:])
            canvases.append(composite(ink))
        return self._gather(steps, torch.stack(canvases, 1))

    def _begin(self, images: Float[Tensor, "b h w"], drawn: Drawn | None) -> tuple[State, Latents, Tensor]:
        """Recurrent states, last stroke and ink from which to go on."""
        batch = len(images)
        state, latents = self.generative.start(batch), Latents.none(self.config, batch, images.device)
        if drawn is None:
            return state, latents, torch.zeros_like(images)
        ink = self.render(drawn.latents, *images.shape[-2:])
        there = torch.arange(ink.shape[1], device=images.device) < drawn.strokes.unsqueeze(-1)
        ink = (ink * there[..., None, None]).cumsum(1)
        states = self._states(drawn.latents, composite(torch.cat([torch.zeros_like(ink[:, :1]), ink[:, :-1]], 1)))[0]
        last = torch.arange(batch), (drawn.strokes - 1).clamp(min=0)

        def latest(parts: Tensor, before: Tensor) -> Tensor:
            return torch.where(drawn.strokes.view(-1, *[1] * (before.ndim - 1)) > 0, parts[last], before)

        state = State(*(latest(parts, before) for parts, before in zip(states, state, strict=True)))
        latents = Latents(*(latest(parts, before) for parts, before in zip(drawn.latents, latents, strict=True)))
        return state, latents, ink[:, -1]

    def _gather(self, steps: list[tuple], canvases: Float[Tensor, "b t1 h w"]) -> Inference:
        """All strokes in one batch: their densities need no order."""
        latents, mean, std, states, seen_p, seen_q = zip(*steps, strict=True)
        mean, std, seen_p, seen_q = (torch.stack(part, 1) for part in (mean, std, seen_p, seen_q))
        latents = Latents.stack(list(latents))
        log_q = Independent(Normal(mean, std, validate_args=False), 1, validate_args=False).log_prob(latents.flat())
        states = State(*(torch.stack(part, 1) for part in zip(*states, strict=True)))
        stop_q = stop_time(self.recognition.on(seen_q))
        return Inference(latents, canvases, log_q, std, stop_q, states, seen_p, seen_q)

    def prior(self, latents: Latents, canvases: Float[Tensor, "b t1 h w"]) -> tuple[Float[Tensor, "b t"], Categorical]:
        """Log prior density of each stroke, and the distribution of how many there are, once all are drawn."""
        states, seen = self._states(latents, canvases[:, :-1])
        return self._log_prior(latents, canvases[:, :-1], states), self.generative.stop(seen)

    def _states(self, latents: Latents, before: Float[Tensor, "b t h w"]) -> tuple[State, Float[Tensor, "b t f"]]:
        """Recurrent states at each of the given strokes, and the embedded canvas `before` it."""
        gen, (batch, strokes) = self.generative, before.shape[:2]
        seen = gen.look(before.flatten(0, 1)).unflatten(0, (batch, strokes))
        state, previous, states = gen.start(batch), Latents.none(self.config, batch, before.device), []
        for t in range(strokes):
            state = gen.advance(state, previous, seen[:, t])
            previous = Latents(*(part[:, t] for part in latents))
            states.append(state)
        return State(*(torch.stack(part, 1) for part in zip(*states, strict=True))), seen

    def render(self, latents: Latents, height: int, width: int) -> Float[Tensor, "*b {height} {width}"]:
        """Ink of each stroke on its own."""
        ranges = self.generative.ranges
        return render(ranges.place(latents), ranges.pen(latents.pen), height, width, self.config.curve_samples)

    def canvases(self, latents: Latents, height: int, width: int) -> Float[Tensor, "b t1 {height} {width}"]:
        """What the first 0, 1, ... t strokes draw."""
        ink = self.render(latents, height, width)
        return composite(torch.cat([torch.zeros_like(ink[:, :1]), ink], 1).cumsum(1))

    def _log_prior(self, latents: Latents, canvas: Float[Tensor, "b t h w"], states: State) -> Float[Tensor, "b t"]:
        """All strokes in one batch: once the latents are known, only the recurrent states are sequential."""
        layout, points, pen = (part.flatten(0, 1) for part in latents)
        layout_state, stroke_state = (part.flatten(0, 1) for part in states)
        p_points, p_pen = self.generative.stroke(stroke_state, layout, canvas.flatten(0, 1))
        p_layout = self.generative.layout(layout_state)
        log_p = p_layout.log_prob(layout) + p_points.log_prob(points) + p_pen.log_prob(pen)
        return log_p.unflatten(0, canvas.shape[:2])

    @torch.no_grad()
    def sample(
        self,
        batch: int,
        *,
        resolution: int | None = None,
        strokes: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Sample:
        """Draw from the prior, stroke by stroke (ancestral sampling of eq. 1)."""
        gen, config = self.generative, self.config
        side = resolution or config.resolution
        device = gen.likelihood_raw.device
        state, latents = gen.start(batch), Latents.none(config, batch, device)
        ink = torch.zeros(batch, side, side, device=device)
        on = torch.ones(batch, dtype=torch.bool, device=device)
        steps, count = [], torch.zeros(batch, dtype=torch.long, device=device)
        for _ in range(config.strokes if strokes is None else strokes):
            canvas = composite(ink)
            seen = gen.look(canvas)
            go = gen.on(seen).sigmoid()
            on = on & (torch.rand(batch, device=device, generator=generator) < go)
            state = gen.advance(state, latents, seen)
            layout = pick(gen.layout(state.layout), generator)
            p_points, p_pen = gen.stroke(state.stroke, layout, canvas)
            latents = Latents(layout, pick(p_points.base_dist, generator), pick(p_pen, generator))
            ink = ink + self.render(latents, side, side) * on[:, None, None]
            count += on
            steps.append(latents)
        return Sample(Latents.stack(steps), count, composite(ink))


def draw(gaussian: Independent, noise: Float[Tensor, "*b d"] | None) -> Float[Tensor, "*b d"]:
    """The reparameterised sample of a Gaussian that `noise` picks, or its mean."""
    base = gaussian.base_dist
    return base.loc if noise is None else base.loc + base.scale * noise


def pick(mixture: MixtureSameFamily, generator: torch.Generator | None) -> Tensor:
    """A sample of a mixture of Gaussians."""
    weights = mixture.mixture_distribution.probs
    index = torch.multinomial(weights.flatten(0, -2), 1, generator=generator).view(*weights.shape[:-1], 1, 1)
    base = cast(Independent, mixture.component_distribution).base_dist
    loc, scale = (
        x.gather(-2, index.expand(*index.shape[:-1], x.shape[-1])).squeeze(-2) for x in (base.loc, base.scale)
    )
    return loc + scale * torch.randn(loc.shape, generator=generator, device=loc.device, dtype=loc.dtype)
