"""Fitting the posterior to each image."""

import dataclasses

import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor

from dood.inference.objectives import elbo, terms
from dood.inference.parsing import parse
from dood.inference.variational import amortised, fit, most_probable, posterior_terms
from dood.models.dood import DooD
from dood.models.latents import LAYOUT
from dood.models.priors.coordinates import ENDS
from dood.models.priors.expost import ExPostPrior
from tests.engines.deciding import vary
from tests.tiny import TINY, scribbles, seeded, tiny_model


@pytest.fixture
def model() -> DooD:
    return tiny_model().requires_grad_(False)


def test_unfitted_and_without_noise_it_is_the_recognition_models_answer(model: DooD) -> None:
    images = scribbles(3)
    posterior = amortised(model, images)
    expected = terms(model, model(images), images)
    silent = torch.zeros_like(posterior.mean)
    for part, wanted in zip(posterior_terms(model, images, posterior, silent), expected, strict=True):
        assert_allclose(part, wanted, rtol=1e-4, atol=1e-3)
    assert_allclose(most_probable(model, images, posterior).canvas, parse(model, images).canvas, atol=1e-5)


def test_fitting_raises_the_bound_of_every_image(model: DooD) -> None:
    images = scribbles(4)
    start = amortised(model, images)
    fitted = fit(model, images, start, 60, generator=seeded())

    def bound(posterior):
        samples = [posterior_terms(model, images, posterior, model.noise(4, generator=seeded(i))) for i in range(20)]
        return torch.stack([elbo(sample) for sample in samples]).mean(0)

    assert (bound(fitted) > bound(start) + 1).all()
    assert torch.equal(fitted.stop.logits, start.stop.logits)
    assert not model.likelihood.raw.requires_grad


def test_fitting_leaves_no_gradient_behind() -> None:
    model = tiny_model()
    fit(model, scribbles(2), amortised(model, scribbles(2)), 2, generator=seeded())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_images_are_fitted_apart(model: DooD) -> None:
    """A neighbour in the batch changes nothing, be it before or after."""
    images = scribbles(3)
    vary(model, images)

    def fitted(images: Tensor) -> Tensor:
        return fit(model, images, amortised(model, images), 5, generator=[seeded(i) for i in range(3)]).mean

    together = fitted(images)
    for kept in range(3):
        others = torch.zeros_like(images)
        others[kept] = images[kept]
        assert_allclose(together[kept], fitted(others)[kept], rtol=1e-4, atol=1e-5)


def test_rows_picks_images(model: DooD) -> None:
    posterior = amortised(model, scribbles(3))
    picked = posterior.rows(torch.tensor([2, 2, 0]))
    assert torch.equal(picked.mean, posterior.mean[[2, 2, 0]])
    assert_allclose(picked.stop.probs, posterior.stop.probs[[2, 2, 0]])


def test_a_fit_climbs_the_density_of_an_ex_post_prior() -> None:
    """The same model with a prior that expects another pen: what is fitted comes nearer to what it expects."""
    model = tiny_model(dataclasses.replace(TINY, expost=True)).requires_grad_(False)
    prior, images = model.prior, scribbles(3)
    assert isinstance(prior, ExPostPrior)
    start = amortised(model, images)
    prior.std[ENDS:] = 0.3
    plain = fit(model, images, start, 30, generator=seeded())
    prior.mean[-1 - LAYOUT] += 2  # of the pen's last number
    elsewhere = fit(model, images, start, 30, generator=seeded())
    assert (elsewhere.mean[:, 0, -1] > plain.mean[:, 0, -1] + 0.1).all()


def test_a_fit_leaves_out_the_density_of_a_joint_prior(model: DooD, monkeypatch: pytest.MonkeyPatch) -> None:
    def log_prob(*_: object) -> None:
        pytest.fail("the joint prior's density costs time and is flat")

    images = scribbles(2)
    start = amortised(model, images)
    monkeypatch.setattr(model.prior, "log_prob", log_prob)
    fit(model, images, start, 2, generator=seeded())
