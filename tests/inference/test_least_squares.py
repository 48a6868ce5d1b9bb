"""Least squares on each image: strokes that are a little off come to lie on the ink."""

import dataclasses

import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor
from torch.distributions import Laplace

from dood.core.distributions import stop_time
from dood.errors import DoodError
from dood.inference.least_squares import EVEN, PRIOR, levenberg_marquardt
from dood.inference.variational import Posterior, amortised
from dood.models.dood import DooD
from dood.models.latents import LAYOUT, Latents
from tests.tiny import TINY, scribbles, seeded, tiny_model

SIDE = TINY.resolution


@pytest.fixture
def model() -> DooD:
    return tiny_model().requires_grad_(False)


def of(mean: Tensor, count: int) -> Posterior:
    """A posterior that is sure of the number of strokes."""
    go = torch.where(torch.arange(mean.shape[1]) < count, 20.0, -20.0).expand(len(mean), -1)
    return Posterior(mean, torch.full_like(mean, -1.0), stop_time(go))


def drawn(model: DooD, mean: Tensor, count: int) -> Tensor:
    return model.canvases(Latents.from_flat(mean), SIDE, SIDE)[:, count]


def off(model: DooD, drawings: int = 4, strokes: int = 2) -> tuple[Tensor, Tensor]:
    """True means, and ones whose strokes are a little off."""
    true = model.prior.sample(drawings, strokes, generator=seeded(3)).latents.flat()
    noise = 0.15 * torch.randn(true.shape, generator=seeded(4))
    noise[..., :LAYOUT] = 0
    return true, true + noise


def errors(model: DooD, mean: Tensor, images: Tensor, count: int) -> Tensor:
    return (drawn(model, mean, count) - images).square().mean((1, 2))


def test_strokes_that_are_off_come_to_lie_on_the_ink(model: DooD) -> None:
    true, mean = off(model)
    images = drawn(model, true, 2)
    found = levenberg_marquardt(model, images, of(mean, 2), 8)
    before, after = (errors(model, each, images, 2) for each in (mean, found.mean))
    assert (after < before).all()
    assert after.median() < 1e-3 * before.median()


def test_more_steps_never_cost_more(model: DooD) -> None:
    images = scribbles(3)
    start = amortised(model, images)
    count = start.stop.logits.argmax(-1)

    def cost(mean: Tensor) -> Tensor:
        canvases = model.canvases(Latents.from_flat(mean), SIDE, SIDE)
        return -model.likelihood(canvases[torch.arange(3), count]).log_prob(images)

    costs = [cost(levenberg_marquardt(model, images, start, steps).mean) for steps in (0, 1, 2, 5)]
    for more, fewer in zip(costs[1:], costs, strict=False):
        assert (more <= fewer + 1e-3).all()
    assert (costs[-1] < costs[0] - 1).all()


def test_layouts_and_strokes_that_do_not_count_stay(model: DooD) -> None:
    true, mean = off(model)
    start = of(mean, 1)
    found = levenberg_marquardt(model, drawn(model, true, 2), start, 3)
    assert torch.equal(found.mean[..., :LAYOUT], mean[..., :LAYOUT])
    assert torch.equal(found.mean[:, 1:], mean[:, 1:])
    assert torch.equal(found.log_std[:, 1:], start.log_std[:, 1:])
    assert not torch.equal(found.mean[:, 0], mean[:, 0])
    assert torch.equal(found.stop.logits, start.stop.logits)


def test_deviations_are_those_of_the_laplace_approximation(model: DooD) -> None:
    """On an image that is explained exactly, by automatic differentiation of the canvas."""
    (true, _) = off(model, drawings=1, strokes=1)
    image = drawn(model, true, 1)
    found = levenberg_marquardt(model, image, of(true, 1), 0)
    slope = torch.autograd.functional.jacobian(lambda flat: drawn(model, flat[None, None], 1).flatten(), true[0, 0])
    scale = model.likelihood.range.squash(model.likelihood.raw).flatten()
    curvature = (slope.square() / (scale * EVEN).unsqueeze(-1)).sum(0)
    assert_allclose(found.log_std[0, 0].exp(), (curvature + PRIOR).rsqrt(), rtol=0.02)


def test_images_are_explained_apart(model: DooD) -> None:
    images = scribbles(3)
    together = levenberg_marquardt(model, images, amortised(model, images), 3)
    alone = levenberg_marquardt(model, images[:1], amortised(model, images[:1]), 3)
    assert_allclose(together.mean[0], alone.mean[0], atol=1e-3)


def test_gaussian_pixels_have_one_precision() -> None:
    torch.manual_seed(0)
    model = DooD(dataclasses.replace(TINY, likelihood="normal")).requires_grad_(False)
    true, mean = off(model)
    images = drawn(model, true, 2)
    found = levenberg_marquardt(model, images, of(mean, 2), 5)
    assert errors(model, found.mean, images, 2).mean() < 0.2 * errors(model, mean, images, 2).mean()


def test_a_likelihood_without_a_scale_is_refused(model: DooD, monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        def __init__(self, canvas: Tensor) -> None:
            self.canvas = canvas

        def log_prob(self, images: Tensor) -> Tensor:
            return Laplace(self.canvas, 0.1).log_prob(images).sum((-2, -1))

    monkeypatch.setattr(model.likelihood, "forward", Plain)
    with pytest.raises(DoodError, match="Plain has no scale"):
        levenberg_marquardt(model, scribbles(1), amortised(model, scribbles(1)), 1)
