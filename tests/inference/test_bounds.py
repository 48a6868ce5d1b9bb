"""Figures of merit against their definitions, and the bound against a likelihood found by brute force."""

import dataclasses
import math

import pytest
import torch
from numpy.testing import assert_allclose

from dood.inference.bounds import importance_bound, parse_errors, summarise
from dood.inference.objectives import elbo, importance_weights, terms
from dood.inference.parsing import parse
from dood.inference.variational import amortised
from dood.models.dood import DooD
from dood.models.priors.expost import ExPostPrior
from tests.tiny import TINY, scribbles, scribbles_uint8, seeded, tiny_model


@pytest.fixture
def model() -> DooD:
    return tiny_model().eval().requires_grad_(False)


def vague_model(*, expost: bool = False) -> DooD:
    """One stroke on a grey 8 x 8 image, and a posterior as wide as the prior, so that samples of either will do."""
    config = dataclasses.replace(
        TINY,
        resolution=8,
        strokes=1,
        points=2,
        pen_points=1,
        likelihood_range=(0.01, 4.0),
        corrections=0,
        expost=expost,
    )
    model = tiny_model(config).requires_grad_(False)
    model.likelihood.raw.fill_(0.5)
    for head in (model.recognition.layout_head, model.recognition.stroke_head):
        head[-1].weight.zero_()  # pyright: ignore[reportCallIssue]
        mean, log_std = head[-1].bias.chunk(2)  # pyright: ignore[reportCallIssue]
        mean.zero_()
        log_std.fill_(math.log(1.3))
    return model


def log_likelihood_by_brute_force(model: DooD, images: torch.Tensor, samples: int) -> torch.Tensor:
    """The mean likelihood under drawings from the prior."""
    canvas = model.sample(samples, generator=seeded(7)).canvas
    log_p = model.likelihood(canvas).log_prob(images.unsqueeze(1))
    return log_p.logsumexp(-1) - math.log(samples)


def test_a_summary_is_the_mean_over_images(model: DooD) -> None:
    images = scribbles_uint8(5)
    target = images.float() / 255
    summary = summarise(model, images, generator=seeded())
    parsed = parse(model, target)
    bound = elbo(terms(model, model(target, model.noise(len(target), generator=seeded())), target))
    assert summary.bound == pytest.approx(bound.mean().item(), rel=1e-5)
    assert summary.mse == pytest.approx((parsed.canvas - target).square().mean().item(), rel=1e-5)
    assert summary.mae == pytest.approx((parsed.canvas - target).abs().mean().item(), rel=1e-5)
    assert summary.strokes == pytest.approx(parsed.strokes.float().mean().item())


def test_a_summary_does_not_depend_on_how_images_are_batched(model: DooD) -> None:
    images = scribbles_uint8(7)
    together, apart = (summarise(model, images, batch=batch, generator=seeded()) for batch in (128, 3))
    assert_allclose(together[1:], apart[1:], rtol=1e-4)


def test_as_many_images_are_summarised_at_a_time_as_fit_into_memory(model: DooD) -> None:
    """Of 130 images 128: the noise of the last two, and so their bound, is that of a batch of their own."""
    images = scribbles_uint8(130)
    default, same, other = (
        summarise(model, images, **how, generator=seeded()) for how in ({}, {"batch": 128}, {"batch": 129})
    )
    assert default == same
    assert default.bound != other.bound


def test_errors_are_per_image(model: DooD) -> None:
    images = scribbles(3)
    rows = parse_errors(images, parse(model, images))
    assert_allclose(rows[1:2], parse_errors(images[1:2], parse(model, images[1:2])), rtol=1e-3, atol=1e-6)
    assert (rows[:, 0] <= rows[:, 1]).all(), "squares of what is below 1"


@pytest.mark.parametrize(("samples", "particles"), [(6, 4), (3, 3), (4, 100)])
def test_the_importance_bound_is_the_log_mean_of_weights(model: DooD, samples: int, particles: int) -> None:
    image = scribbles(1)
    bound = importance_bound(model, image, samples, particles=particles, generator=seeded())
    generator, weights = seeded(), []
    while sum(len(part) for part in weights) < samples:
        count = min(particles, samples - sum(len(part) for part in weights))
        repeated = image.expand(count, -1, -1)
        trace = model(repeated, model.noise(len(repeated), generator=generator))
        weights.append(importance_weights(terms(model, trace, repeated)))
    assert_allclose(bound, [torch.cat(weights).logsumexp(0).item() - math.log(samples)], rtol=1e-4)


def test_each_image_gets_its_own_bound(model: DooD) -> None:
    """Several images in one pass: blank, full and grey ones must not be mixed up."""
    images = torch.stack([torch.full((12, 12), grey) for grey in (0.0, 1.0, 0.3, 0.6, 0.1)])
    together = importance_bound(model, images, 8, particles=24, generator=seeded())
    alone = torch.cat([importance_bound(model, images[i : i + 1], 8, generator=seeded()) for i in range(5)])
    assert together.shape == (5,)
    assert_allclose(together, alone, atol=12)
    assert alone.diff().abs().min() > 30


def test_the_bound_rises_with_k_to_the_likelihood() -> None:
    model, images = vague_model(), scribbles(2, 8)
    truth = log_likelihood_by_brute_force(model, images, 30_000)
    repeated = images.repeat_interleave(1500, 0)
    trace = terms(model, model(repeated, model.noise(len(repeated), generator=seeded(1))), repeated)
    weights = importance_weights(trace).view(2, 1500)
    bounds = [(weights.view(2, -1, k).logsumexp(-1) - math.log(k)).mean(-1) for k in (1, 5, 50)]
    assert (elbo(trace).view(2, -1).mean(-1) < bounds[0]).all()
    assert (bounds[0] < bounds[1]).all()
    assert (bounds[1] < bounds[2]).all()
    assert (bounds[0] < truth - 0.1).all()
    assert_allclose(importance_bound(model, images, 4000, generator=seeded()), truth, atol=0.1)


def test_a_fitted_posterior_bounds_the_same_likelihood() -> None:
    """Another proposal, the same number: neither the prior nor a density was lost on the way."""
    model, images = vague_model(), scribbles(2, 8)
    truth = log_likelihood_by_brute_force(model, images, 30_000)
    posterior = amortised(model, images)
    assert_allclose(importance_bound(model, images, 10_000, posterior=posterior, generator=seeded()), truth, atol=0.1)


@pytest.mark.parametrize("views", [[1, 6], [4, 3]])
def test_an_answer_to_another_view_bounds_the_same_likelihood(views: list[int]) -> None:
    model, images = vague_model(), scribbles(2, 8)
    truth = log_likelihood_by_brute_force(model, images, 30_000)
    bound = importance_bound(model, images, 10_000, view=torch.tensor(views), generator=seeded())
    assert_allclose(bound, truth, atol=0.1)


def test_the_bound_of_an_ex_post_prior_rises_to_the_joint_likelihood_of_image_and_entry() -> None:
    """Brute force: p(x, c(x)) is the mean likelihood under samples that are blank or have the image's entry."""
    model, images = vague_model(expost=True), scribbles(2, 8)
    prior = model.prior
    assert isinstance(prior, ExPostPrior)
    prior.begin.fill_(3)
    prior.codebook.share.zero_()[:3] = torch.tensor([0.6, 0.3, 0.1])
    entries = prior.codebook.sample(20_000, seeded(7))
    drawings = prior._ancestral(entries, 1, 1.0, seeded(8))
    canvases = model.canvases(drawings.latents, 8, 8)[torch.arange(len(entries)), drawings.strokes]
    log_p = model.likelihood(canvases).log_prob(images.unsqueeze(1))
    nearest = prior.codebook.nearest(images)
    assert nearest[0] != nearest[1]
    fits = (drawings.strokes == 0) | (entries == nearest.unsqueeze(-1))
    joint = log_p.masked_fill(~fits, -math.inf).logsumexp(-1) - math.log(len(entries))
    evidence = log_p.logsumexp(-1) - math.log(len(entries))
    bound = importance_bound(model, images, 3000, generator=seeded())
    assert_allclose(bound, joint, atol=0.15)
    assert (bound < evidence - 0.1).all()
    fitted = importance_bound(model, images, 3000, posterior=amortised(model, images), generator=seeded())
    assert_allclose(fitted, joint, atol=0.15)
