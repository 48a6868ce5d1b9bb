"""Learning to tell drawings from samples of a prior (`dood.models.priors.critic`)."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from dood.models.latents import LatentStrokes
from dood.models.priors.critic import Critic
from dood.models.priors.expost import ExPostPrior
from dood.training.randomness import Stream, generator_at

__all__ = ["learn_critic"]

SAMPLES = 60_000
"""That drawings are told from."""
AT_ONCE, BATCH, SHIFT = 250, 64, 2
"""Samples that are drawn together; drawings of an update, and as many samples; pixels that both are shifted by."""
RATE, DECAY = 2e-3, 0.05


def learn_critic(
    prior: ExPostPrior,
    drawings: LatentStrokes,
    weight: Tensor,
    steps: int,
    seed: int,
    progress: Callable[[int], None] | None = None,
) -> Critic:
    """Return a critic of a prior's samples.

    Drawings are rendered as samples are, lest the critic tell ink on paper from strokes.

    Arguments:
        drawings: what was inferred of training images.
        weight: [n], how often each of the first n of them is shown, relative to the others.
        progress: called with the updates done.
    """
    with torch.no_grad():
        generator, strokes = generator_at(seed, Stream.MEASURE), drawings.latents.layout.shape[1]
        samples = [prior.sample(AT_ONCE, strokes, generator=generator) for _ in range(0, SAMPLES, AT_ONCE)]
        real = _pictures(prior, drawings.rows(slice(len(weight))))
        made = torch.cat([_pictures(prior, some) for some in samples])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        critic = Critic().train()
        optimiser = torch.optim.AdamW(critic.parameters(), lr=RATE, weight_decay=DECAY, fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
        label = torch.tensor([1.0, 0.0]).repeat_interleave(BATCH)
        for step in range(steps):
            some = real[torch.multinomial(weight, BATCH, replacement=True)], made[torch.randint(len(made), (BATCH,))]
            loss = functional.binary_cross_entropy_with_logits(critic(_shifted(torch.cat(some)).float() / 255), label)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            if progress:
                progress(step + 1)
    return critic.eval()


def _pictures(prior: ExPostPrior, drawings: LatentStrokes) -> Tensor:
    """Canvases, uint8 [n, h, w]."""
    return (prior.canvases(drawings) * 255).round().byte()


def _shifted(pictures: Tensor) -> Tensor:
    """All pictures shifted by so many pixels, what is left blank being paper."""
    height, width = pictures.shape[1:]
    down, right = torch.randint(2 * SHIFT + 1, (2,)).tolist()
    return functional.pad(pictures, (SHIFT,) * 4)[:, down : down + height, right : right + width]
