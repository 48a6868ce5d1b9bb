"""One inference, step by step: what the recognition model sees, guesses and doubts before each stroke."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dood.core.geometry import shrink
from dood.core.noise import Source, standard_normal
from dood.inference.checks import check_images
from dood.models.dood import DooD, Trace
from dood.models.latents import Latents
from dood.models.memory import State
from dood.models.recognition import Look

__all__ = ["Steps", "steps"]


class Steps(NamedTuple):
    """An inference of b images in t steps, each a stroke, at the mean of every Gaussian.

    Attributes:
        trace: latents, canvases and densities of the strokes (`dood.models.dood.Trace`).
        glimpses: [b, t, c, g, g], the view under the layout: the image and, with guidance, the residual.
        drafts: [b, t, 1 + corrections, g, g], what the guesses of the stroke draw in the glimpse; the last is taken.
        go_on: [b, t], probability q(o_t = 1) of drawing stroke t, given the strokes before it.
        log_likelihood: [b, t + 1], log p(x | canvas after 0, 1, ... t strokes), in nats.
        samples: [b, t, k, ...], layout and stroke of each step sampled k times, given the strokes before it.
    """

    trace: Trace
    glimpses: Tensor
    drafts: Tensor
    go_on: Tensor
    log_likelihood: Tensor
    samples: Latents


@torch.no_grad()
def steps(
    model: DooD,
    images: Float[Tensor, "b h w"],
    *,
    strokes: int | None = None,
    samples: int = 8,
    generator: Source = None,
) -> Steps:
    """Infer strokes at the mean of the posterior, and look at every step.

    What a step saw and guessed is computed once more for all steps at once, since the strokes before each are known
    then.

    Arguments:
        images: ink in [0, 1], 1 is ink.
        strokes: how many to unroll; the model's own number by default.
        samples: k, of each step.
        generator: of the samples' noise: one, or one for each image, whose samples then depend on no other image.

    Raises:
        DoodError: the images are no squares of ink in [0, 1].
    """
    check_images(images)
    trace = model(images, strokes=strokes)
    (batch, count), before = trace.log_q.shape, trace.canvases[:, :-1]
    states, _ = model.memory.unroll(trace.latents, before)
    look = model.recognition.look(
        _rows(images, count), before.flatten(0, 1), trace.latents.layout.flatten(0, 1), states.stroke.flatten(0, 1)
    )
    noise = standard_normal((batch, count * samples, sum(model.widths)), generator).to(images.device)
    return Steps(
        trace,
        look.glimpse.unflatten(0, (batch, count)),
        _drafts(model, look, trace.latents.layout.flatten(0, 1)).unflatten(0, (batch, count)),
        model.recognition.continue_logit(trace.stop_features).sigmoid(),
        model.likelihood(trace.canvases).log_prob(images.unsqueeze(1)),
        _sampled(model, images, before, states, noise.unflatten(1, (count, samples))),
    )


def _drafts(model: DooD, look: Look, layout: Float[Tensor, "b 4"]) -> Float[Tensor, "b n g g"]:
    """What the mean of each guess draws in the glimpse."""
    scale, (_, width) = model.layout_range.frame(layout).scale, model.widths
    ink = [model.appearance.draft(guess[:, :width], scale, model.config.glimpse_size) for guess in look.guesses]
    return model.composite(torch.stack(ink, 1))


def _sampled(
    model: DooD,
    images: Float[Tensor, "b h w"],
    before: Float[Tensor, "b t h w"],
    states: State,
    noise: Float[Tensor, "b t k d"],
) -> Latents:
    """The strokes that noise selects at each step, [b, t, k, ...]."""
    count, samples = noise.shape[1:3]
    repeated = _rows(images, count * samples)
    canvases, *state = (_rows(part.flatten(0, 1), samples) for part in (before, *states))
    target = shrink(repeated, model.config.frame_size)
    found = model.infer_step(repeated, target, canvases, State(*state), noise.flatten(0, 2)).latents
    return Latents(*(part.unflatten(0, noise.shape[:3]) for part in found))


def _rows(values: Tensor, times: int) -> Tensor:
    """Each row as often as that, one copy after another."""
    return values.repeat_interleave(times, 0)
