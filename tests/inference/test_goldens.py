"""What objectives, bounds and fits make of models of several kinds is what they made of them before.

A golden test: it says that something changed, not that it is wrong. Where a change is meant, write the figures anew
with `python -m tests.inference.test_goldens`.
"""

import dataclasses
from pathlib import Path

import pytest
import torch
from torch import Tensor

from dood.inference.bounds import importance_bound
from dood.inference.least_squares import levenberg_marquardt
from dood.inference.objectives import OBJECTIVES, LossWeights, elbo, importance_weights, terms
from dood.inference.parsing import parse
from dood.inference.steps import steps
from dood.inference.strokes import strokes_of
from dood.inference.variational import amortised, fit, most_probable, posterior_terms
from dood.models.appearance import Spline
from dood.models.dood import DooD
from tests.lively import in_doubles, lively_model, waves
from tests.models.test_dood import VARIANTS
from tests.prints import changed, print_of, read, write
from tests.tiny import scribbles, seeded

GOLDENS = Path(__file__).with_name("goldens.json")

NAMES = ("dood", "dood-no-guidance", "air-normal", "normal", "expost")

ROUNDING = 1e-8
"""Of the sum of magnitudes: other processors and versions add in another order."""

WEIGHTS = {"bound": LossWeights(), "training": LossWeights(1.5, 0.7, 0.3), "early": LossWeights(1.0, 0.2, 0.9)}

Tensors = dict[str, Tensor]


def drawn(model: DooD) -> tuple[Tensor, Tensor]:
    """Images, and noise for three strokes."""
    return scribbles(4, model.config.resolution), waves(4, 3, sum(model.widths), rate=0.9)


def learned(model: DooD) -> Tensors:
    """Values of both objectives, and the sums that their gradients make of every parameter."""
    images, noise = drawn(model)
    found: Tensors = {}
    for stopping, kind in OBJECTIVES.items():
        objective = kind(model.recognition.stop_width)
        for value in objective.parameters():
            value.data = 0.3 * waves(*value.shape, rate=0.2)
        for name, weights in WEIGHTS.items():  # the moments that one leaves are where the next begins
            trace = model.requires_grad_()(images, noise)
            value = objective(terms(model, trace, images), trace.stop_features, weights, seeded(len(name)))
            every = [*model.parameters(), *objective.parameters()]
            gradients = torch.autograd.grad(value.sum(), every, allow_unused=True)
            found[f"{stopping}.{name}"] = value.detach()
            found[f"{stopping}.{name}.gradients"] = torch.stack(
                [torch.zeros(()) if g is None else g.sum() for g in gradients]
            )
        for name, moment in objective.named_buffers():
            found[f"{stopping}.{name}"] = moment
    return found


def bounded(model: DooD) -> Tensors:
    """Bounds, with all defaults, with few samples and with more than are held at a time."""
    images, noise = drawn(model)
    each = terms(model, model(images, noise), images)
    posterior = amortised(model, images)
    return {
        "terms": torch.cat(each, -1),
        "elbo": elbo(each),
        "weights": importance_weights(each),
        "bound": importance_bound(model, images[:2], generator=seeded()),
        "bound.few": importance_bound(model, images, 5, strokes=2, particles=12, generator=seeded()),
        "bound.more": importance_bound(model, images[:1], 203, generator=[seeded()]),
        "bound.posterior": importance_bound(model, images, 5, posterior=posterior, particles=3, generator=seeded()),
    }


def fitted(model: DooD) -> Tensors:
    """Posteriors, as they start and as few steps of either way leave them."""
    images, noise = drawn(model)
    start = amortised(model, images, strokes=3)
    few = start._replace(stop=start.rows(torch.tensor([2, 0, 3, 1])).stop)
    ways = {
        "start": start,
        "climbed": fit(model, images, few, 4, generator=seeded()),
        "narrowed": fit(model, images, start, 2, narrowed=0.9, generator=seeded()),
        "squared": levenberg_marquardt(model, images, few, 2),
        "scaled": levenberg_marquardt(model, images, few, 0),
    }
    found: Tensors = {}
    for name, posterior in ways.items():
        found |= {f"{name}.mean": posterior.mean, f"{name}.log_std": posterior.log_std}
        found[f"{name}.terms"] = torch.cat(posterior_terms(model, images, posterior, noise), -1)
        found[f"{name}.canvas"] = most_probable(model, images, posterior).canvas
    return found


def parsed(model: DooD) -> Tensors:
    """Strokes, and every step on the way to them."""
    images, _ = drawn(model)
    found, way = parse(model, images, strokes=3), steps(model, images, generator=seeded())
    result = {
        "strokes": found.strokes,
        "canvas": found.canvas,
        "glimpses": way.glimpses,
        "drafts": way.drafts,
        "go_on": way.go_on,
        "likelihood": way.log_likelihood,
        "samples": way.samples.flat(),
        "fewer": steps(model, images, strokes=1, samples=2, generator=seeded()).samples.flat(),
    }
    if isinstance(model.appearance, Spline):
        strokes = strokes_of(model, found.latents, found.strokes)
        result |= {
            "points": strokes.points,
            "radius": strokes.radius,
            "mask": strokes.mask,
            "again": strokes.canvas(11),
        }
    return result


def prints_of(name: str) -> dict[str, list[float]]:
    with in_doubles():
        model = lively_model(dataclasses.replace(VARIANTS[name], strokes=2))
        found = {f"learned.{what}": each for what, each in learned(model).items()}
        model.requires_grad_(False)
        views = (bounded, fitted, parsed)
        found |= {f"{view.__name__}.{what}": each for view in views for what, each in view(model).items()}
    return {what: print_of(each.numpy()) for what, each in found.items()}


@pytest.mark.parametrize("name", NAMES)
def test_inference_makes_what_it_made(name: str) -> None:
    assert changed(prints_of(name), read(GOLDENS)[name], ROUNDING) == []


if __name__ == "__main__":
    write(GOLDENS, {name: prints_of(name) for name in NAMES})
