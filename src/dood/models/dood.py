"""DooD, its ablations and its baselines: a generative and a recognition model, unrolled together over the strokes."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Categorical, Independent, Normal

from dood.core.distributions import rsample
from dood.core.geometry import shrink
from dood.core.noise import Source, standard_normal
from dood.errors import DoodError
from dood.models.appearance import APPEARANCES, CANVASES, Appearance
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, Latents, LatentStrokes, LayoutRange
from dood.models.likelihood import Likelihood
from dood.models.memory import Memory, State, Unrolled
from dood.models.priors.base import Prior
from dood.models.priors.registry import make_prior
from dood.models.priors.sequential import SequentialPrior
from dood.models.recognition import RECOGNITIONS
from dood.models.rendering import StrokeRenderer

__all__ = ["DooD", "Inference", "Sample", "Trace"]


class Inference(NamedTuple):
    """One posterior sample q(n, z | x) for every image, unrolled over all t strokes.

    The unrolling goes on whether the drawing stops before or not: given that step t is reached every earlier decision
    was to go on, so nothing before t depends on the number n of strokes, and n can be summed over.

    Attributes:
        latents: all strokes, [b, t, ...].
        canvases: [b, t + 1, h, w], the canvas after 0, 1, ... t strokes.
        log_q: [b, t], log posterior density of layout and stroke, in nats.
        std: [b, t, d], posterior standard deviations of layout and stroke, end to end.
        stop_q: posterior distribution of n, over 0..t.
        stop_features: [b, t, e], the features that the posterior's stop decisions were made from.
        unrolled: what the memory held before each stroke.
    """

    latents: Latents
    canvases: Tensor
    log_q: Tensor
    std: Tensor
    stop_q: Categorical
    stop_features: Tensor
    unrolled: Unrolled


class Trace(NamedTuple):
    """An inference with its density under the prior.

    Attributes:
        latents, canvases, log_q, stop_q, stop_features: as in `Inference`.
        log_p: [b, t], log prior density of layout and stroke, in nats.
        stop_p: prior distribution of the number of strokes, over 0..t.
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


class _Step(NamedTuple):
    """One step of the unrolling: the stroke, its Gaussians, and the features of the stop decision before it."""

    latents: Latents
    mean: Tensor
    std: Tensor
    stop_features: Tensor


class DooD(nn.Module):
    """Drawing out of Distribution (Liang et al., NeurIPS 2022), with a latent pen.

    The generative model is p(x, n, z) = p(n, z_1, ..., z_n) p(x | canvas(z_1, ..., z_n)): `prior`, `appearance` and
    `likelihood`. The recognition model q(n, z | x) is `recognition`. Both read the recurrent `memory`.

    The configuration names the parts. With other names the model is an ablation of DooD, or AIR (Eslami et al., 2016);
    `dood.training.presets.MODELS` lists them. Parts may also be given as modules (docs/extend.md):

        appearance = MySpline(config)
        model = DooD(config, appearance=appearance, prior=MyPrior(appearance.width))

    Arguments:
        config: sizes, ranges and names.
        appearance, prior, likelihood: modules to take in place of those that the configuration names.

    Raises:
        DoodError: the configuration's ex-post prior and the appearance do not go together.
    """

    def __init__(
        self,
        config: ModelConfig,
        *,
        appearance: Appearance | None = None,
        prior: Prior | None = None,
        likelihood: Likelihood | None = None,
    ) -> None:
        super().__init__()
        self.config = config
        self.layout_range = LayoutRange(config)
        self.appearance = appearance or APPEARANCES[config.appearance](config)
        self.renderer = StrokeRenderer(self.appearance, self.layout_range, CANVASES[config.canvas])
        self.memory = Memory(config, self.appearance.width)
        self.prior = prior or make_prior(config, self.appearance, self.memory, self.renderer)
        self.likelihood = likelihood or Likelihood(config)
        self.recognition = RECOGNITIONS[config.guidance](config, self.appearance)
        self.widths = (LAYOUT, self.appearance.width)

    def noise(self, batch: int, *, strokes: int | None = None, generator: Source = None) -> Float[Tensor, "b t d"]:
        """Return standard normal numbers; each row selects one posterior sample, layout and stroke t times.

        They are drawn apart from the inference, so that a sample depends on neither batch size nor device nor number of
        processes. They are on the CPU where `generator` is (one, or one for each row), or is left out.
        """
        t = self.config.strokes if strokes is None else strokes
        return standard_normal((batch, t, sum(self.widths)), generator)

    def forward(
        self,
        images: Float[Tensor, "b h w"],
        noise: Float[Tensor, "b t d"] | None = None,
        *,
        strokes: int | None = None,
    ) -> Trace:
        """Infer the strokes of images, and evaluate their density under the prior; arguments as for `infer`."""
        i = self.infer(images, noise, strokes=strokes)
        # A prior that reads the memory need not unroll it once more.
        reads = isinstance(self.prior, SequentialPrior) and self.prior.memory is self.memory
        known = {"unrolled": i.unrolled} if reads else {}
        return self.traced(images, i, **known)

    def traced(self, images: Float[Tensor, "b h w"], i: Inference, **known: Unrolled) -> Trace:
        """Return an inference with its density under the prior.

        Arguments:
            known: what the prior need not find anew (`SequentialPrior.log_prob`).
        """
        log_p, stop_p = self.prior.log_prob(images, i.latents, i.canvases, **known)
        return Trace(i.latents, i.canvases, i.log_q, i.stop_q, i.stop_features, log_p, stop_p)

    def infer(
        self,
        images: Float[Tensor, "b h w"],
        noise: Float[Tensor, "b t d"] | None = None,
        *,
        strokes: int | None = None,
        given: LatentStrokes | None = None,
    ) -> Inference:
        """Infer strokes one after another, each from what the canvas leaves of the image (eq. 6).

        Arguments:
            images: ink in [0, 1], 1 is ink.
            noise: selects the posterior sample (see `noise`), for t strokes; without it every Gaussian gives its mean.
            strokes: how many to unroll without noise; the configuration's number by default.
            given: strokes that are on the canvas already. Those inferred follow them, and the result is without them.

        Raises:
            DoodError: the images are not floats.
        """
        if not images.is_floating_point():
            raise DoodError(f"images have type {images.dtype}: give floats in [0, 1], 1 is ink (images.float() / 255)")
        rows: list[Tensor | None] = (
            list(noise.unbind(1))
            if noise is not None
            else [None] * (self.config.strokes if strokes is None else strokes)
        )
        target = shrink(images, self.config.frame_size)
        state, latents, ink = self.memory.begin(torch.zeros_like(images), self.renderer, given)
        canvases, steps, states, embeddings = [self.composite(ink)], [], [], []
        for row in rows:
            # The canvas is data for the next step: no gradient goes through it (paper 2.3).
            canvas = canvases[-1].detach()
            embeddings.append(self.memory.encode(canvas))
            state = self.memory.advance(state, latents, embeddings[-1])
            states.append(state)
            steps.append(self.infer_step(images, target, canvas, state, row))
            latents = steps[-1].latents
            ink = ink + self.render(latents, *images.shape[-2:])
            canvases.append(self.composite(ink))
        unrolled = Unrolled(State.stack(states), torch.stack(embeddings, 1))
        return self._gather(steps, torch.stack(canvases, 1), unrolled)

    def infer_step(
        self, images: Tensor, target: Tensor, canvas: Tensor, state: State, noise: Float[Tensor, "b d"] | None
    ) -> _Step:
        """Infer layout, then stroke (eqs. 7 and 8); `target` is the image at the size that the frame encoder reads."""
        rec = self.recognition
        for_layout, for_stroke = (None, None) if noise is None else noise.split(self.widths, -1)
        embedding = rec.encode(target, canvas)
        q_layout = rec.layout(embedding, state.layout)
        layout = rsample(q_layout, for_layout)
        q_stroke = rec.stroke(images, canvas, layout, state.stroke)
        gaussians = [q.base_dist for q in (q_layout, q_stroke)]
        mean, std = (torch.cat([getattr(g, name) for g in gaussians], -1) for name in ("loc", "scale"))
        return _Step(Latents(layout, rsample(q_stroke, for_stroke)), mean, std, rec.stop_features(embedding, state))

    def _gather(self, steps: list[_Step], canvases: Float[Tensor, "b t1 h w"], unrolled: Unrolled) -> Inference:
        """Put all strokes into one batch; their densities need no order."""
        latents, *parts = zip(*steps, strict=True)
        mean, std, stop_features = (torch.stack(part, 1) for part in parts)
        stacked = Latents.stack(list(latents))
        log_q = Independent(Normal(mean, std, validate_args=False), 1, validate_args=False).log_prob(stacked.flat())
        return Inference(stacked, canvases, log_q, std, self.recognition.stop(stop_features), stop_features, unrolled)

    def render(self, latents: Latents, height: int, width: int) -> Float[Tensor, "*b {height} {width}"]:
        """Return the ink of each stroke on a canvas of its own."""
        return self.renderer.ink(latents, height, width)

    def canvases(self, latents: Latents, height: int, width: int) -> Float[Tensor, "b t1 {height} {width}"]:
        """Return the canvas after the first 0, 1, ... t strokes."""
        return self.renderer.canvases(latents, height, width)

    def composite(self, ink: Float[Tensor, "*b h w"]) -> Float[Tensor, "*b h w"]:
        """Return the canvas that summed ink shows as."""
        return self.renderer.composite(ink)

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
        """Sample drawings from the prior.

        Arguments:
            batch: how many.
            resolution: side of the canvases; that of training by default.
            strokes: most strokes; as many as in training by default.
            temperature: factor of the Gaussians' deviations.
            given: strokes that are on the canvases already. Those sampled follow them; the result is without them, but
                for the canvas.

        Raises:
            DoodError: strokes are given, and the prior cannot go on from them.
        """
        side, strokes = resolution or self.config.resolution, self.config.strokes if strokes is None else strokes
        if given is None:
            sampled = self.prior.sample(batch, strokes, temperature=temperature, generator=generator)
            ink = self.renderer.counted_ink(sampled, side).sum(1)
        else:
            sampled = self.prior.follow(given, strokes, temperature=temperature, generator=generator)
            ink = self.renderer.counted_ink(sampled, side).sum(1) + self.renderer.counted_ink(given, side).sum(1)
        return Sample(*sampled, self.composite(ink))
