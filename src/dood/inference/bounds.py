"""How well a model explains images: bounds in nats, reconstruction errors, stroke counts."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from dood.core.noise import Source, rows_of
from dood.inference.checks import check_images
from dood.inference.objectives import elbo, importance_weights, terms
from dood.inference.parsing import Parse, parse
from dood.inference.variational import Posterior, posterior_terms
from dood.inference.views import trace_viewed
from dood.models.dood import DooD

__all__ = ["Summary", "importance_bound", "parse_errors", "summarise"]


class Summary(NamedTuple):
    """Means over images: `bound` (one-sample ELBO, nats per image), `mse` and `mae` per pixel, `strokes` used."""

    bound: float
    mse: float
    mae: float
    strokes: float


@torch.no_grad()
def summarise(
    model: DooD,
    images: Tensor,
    *,
    strokes: int | None = None,
    batch: int = 128,
    generator: torch.Generator | None = None,
) -> Summary:
    """Return the means over uint8 images [n, h, w]."""
    rows = []
    for chunk in images.split(batch):
        target = chunk.float() / 255
        noise = model.noise(len(target), strokes=strokes, generator=generator).to(target.device)
        bound = elbo(terms(model, model(target, noise), target))
        errors = parse_errors(target, parse(model, target, strokes=strokes))
        rows.append(torch.cat([bound.unsqueeze(-1), errors], -1))
    return Summary(*torch.cat(rows).mean(0).tolist())


def parse_errors(images: Float[Tensor, "b h w"], parsed: Parse) -> Float[Tensor, "b 3"]:
    """Return squared and absolute error per pixel of each image's parse, and its number of strokes."""
    difference = parsed.canvas - images
    errors = difference.square().mean((1, 2)), difference.abs().mean((1, 2))
    return torch.stack([*errors, parsed.strokes.float()], -1)


@torch.no_grad()
def importance_bound(
    model: DooD,
    images: Float[Tensor, "b h w"],
    samples: int = 200,
    *,
    strokes: int | None = None,
    posterior: Posterior | None = None,
    view: Int[Tensor, " b"] | None = None,
    particles: int = 200,
    generator: Source = None,
) -> Float[Tensor, " b"]:
    """Return the importance-weighted bound on log p(x) in nats per image, log of the mean of K weights.

    Each weight has the number of strokes summed out (`importance_weights`; Burda et al., 2016).

    Arguments:
        samples: K, posterior samples per image.
        strokes: most strokes per drawing, where there is no `posterior` to say so.
        posterior: where the samples come from; from the recognition model by default.
        view: in which the recognition model looks at each image (`dood.inference.views`), if there is no `posterior`.
        particles: how many image-sample pairs are held in memory at a time; the result's distribution is the same.
        generator: of the samples' noise: one, or one for each image.

    Raises:
        DoodError: the images are no squares of ink in [0, 1].
    """
    check_images(images)
    per_pass = max(1, particles // samples)
    t = strokes if posterior is None else posterior.mean.shape[1]
    results = []
    for rows in torch.arange(len(images), device=images.device).split(per_pass):
        weights = []
        for taken in range(0, samples, particles):
            each = rows.repeat_interleave(min(particles, samples - taken))
            noise = model.noise(len(each), strokes=t, generator=rows_of(generator, each.tolist())).to(images.device)
            target = images[each]
            if posterior is not None:
                parts = posterior_terms(model, target, posterior.rows(each), noise)
            else:
                trace = model(target, noise) if view is None else trace_viewed(model, target, view[each], noise)
                parts = terms(model, trace, target)
            weights.append(importance_weights(parts).unflatten(0, (len(rows), -1)))
        results.append(torch.cat(weights, -1).logsumexp(-1) - torch.tensor(float(samples)).log())
    return torch.cat(results)
