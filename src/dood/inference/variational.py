"""Semi-amortised inference: the recognition model's answer, improved for each image by gradient ascent of the bound.

Kim et al., 2018. What the recognition model says is a start; Gaussians over all strokes of an image are then fitted to
that image alone. Far from the training images, where the recognition model errs most, this is worth thousands of nats;
the generative model and the bound on log p(x) are the same.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.distributions import Categorical, Independent, Normal

from dood.core.distributions import rsample
from dood.core.noise import Source, standard_normal
from dood.inference.checks import check_images
from dood.inference.objectives import Terms, terms_of
from dood.inference.parsing import Parse
from dood.inference.views import infer_viewed
from dood.models.dood import DooD
from dood.models.latents import Latents

__all__ = ["Posterior", "amortised", "fit", "most_probable", "posterior_terms"]

RATE = 0.05
"""Of Adam, for means and log standard deviations alike."""
START_STD = 0.4
"""Share of the recognition model's deviations that a fit starts from: its Gaussians follow one another, each correcting
the one before; those of the fit are independent."""
MIN_LOG_STD, MAX_LOG_STD = math.log(1e-3), math.log(10.0)


class Posterior(NamedTuple):
    """Independent Gaussians over layout, points and pen of t strokes, and a distribution of how many of them count.

    Attributes:
        mean, log_std: [b, t, d], over unsquashed latents laid end to end (see `Latents.flat`).
        stop: of the number of strokes 0..t.
    """

    mean: Tensor
    log_std: Tensor
    stop: Categorical

    def rows(self, index: Int[Tensor, " n"]) -> "Posterior":
        """Return the posteriors of the images at `index`."""
        stop = Categorical(logits=self.stop.logits[index], validate_args=False)
        return Posterior(self.mean[index], self.log_std[index], stop)


@torch.no_grad()
def amortised(
    model: DooD,
    images: Float[Tensor, "b h w"],
    *,
    strokes: int | None = None,
    view: Int[Tensor, " b"] | None = None,
) -> Posterior:
    """Return the recognition model's posterior: each Gaussian is around the mean stroke, given the mean ones before.

    Arguments:
        strokes: most strokes; the model's own number by default.
        view: in which it looks at each image (`dood.inference.views`); as it is by default.

    Raises:
        DoodError: the images are no squares of ink in [0, 1].
    """
    check_images(images)
    if view is None:
        inference = model.infer(images, strokes=strokes)
    else:
        inference = infer_viewed(model, images, view, strokes=strokes)
    return Posterior(inference.latents.flat(), inference.std.log(), inference.stop_q)


def fit(
    model: DooD,
    images: Float[Tensor, "b h w"],
    start: Posterior,
    steps: int,
    *,
    narrowed: float = START_STD,
    generator: Source = None,
) -> Posterior:
    """Climb the bound in means and deviations; the distribution of the number of strokes stays as it is.

    The objective is E_q[log p(x | canvas_n) + log p(z)] plus the entropy of q, where log p(z) is what the prior says
    that a fit should climb (`Prior.fit_log_prob`).

    Arguments:
        steps: of Adam, all images at once; each takes one posterior sample.
        narrowed: factor of the start's deviations; 1 where they are those of independent Gaussians already.
        generator: of the samples' noise: one, or one for each image.
    """
    mean = start.mean.clone().requires_grad_()
    log_std = (start.log_std + math.log(narrowed)).requires_grad_()
    counted = start.stop.probs.detach()
    reached = counted[:, 1:].flip(-1).cumsum(-1).flip(-1)
    optimiser = torch.optim.Adam([mean, log_std], lr=RATE, betas=(0.9, 0.97))
    with torch.enable_grad():
        for step in range(steps):
            optimiser.param_groups[0]["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
            noise = standard_normal(mean.shape, generator).to(mean.device)
            latents = Latents.from_flat(mean + log_std.exp() * noise)
            canvases = model.canvases(latents, *images.shape[-2:])
            likelihood = model.likelihood(canvases).log_prob(images.unsqueeze(1))
            density = model.prior.fit_log_prob(images, latents, canvases)
            bound = (counted * likelihood).sum() + (reached * (log_std.sum(-1) + density)).sum()
            optimiser.zero_grad()
            (-bound).backward(inputs=[mean, log_std])
            optimiser.step()
            with torch.no_grad():
                log_std.clamp_(MIN_LOG_STD, MAX_LOG_STD)
    return Posterior(mean.detach(), log_std.detach(), start.stop)


def posterior_terms(
    model: DooD, images: Float[Tensor, "b h w"], posterior: Posterior, noise: Float[Tensor, "b t d"]
) -> Terms:
    """Return the parts of the bound at the posterior sample that `noise` selects."""
    density = Independent(Normal(posterior.mean, posterior.log_std.exp(), validate_args=False), 1, validate_args=False)
    flat = rsample(density, noise)
    latents = Latents.from_flat(flat)
    canvases = model.canvases(latents, *images.shape[-2:])
    log_p, stop_p = model.prior.log_prob(images, latents, canvases)
    likelihood = model.likelihood(canvases).log_prob(images.unsqueeze(1))
    return terms_of(likelihood, density.log_prob(flat) - log_p, stop_p, posterior.stop)


def most_probable(model: DooD, images: Float[Tensor, "b h w"], posterior: Posterior) -> Parse:
    """Return the mean strokes, and their most probable number."""
    latents = Latents.from_flat(posterior.mean)
    return Parse(latents, posterior.stop.logits.argmax(-1), model.canvases(latents, *images.shape[-2:]))
