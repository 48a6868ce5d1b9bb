"""Densities against quadrature, enumeration and the definitions."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from torch import Tensor
from torch.distributions import Independent, Laplace, Normal

from dood.core.distributions import Interval, PixelLaplace, PixelNormal, gaussian, mixture, stop_time
from tests.tiny import seeded

seeds = st.integers(0, 2**32 - 1)


def grid_mass(log_density: Tensor, spacing: float, dimensions: int) -> float:
    return (log_density.double().exp().sum() * spacing**dimensions).item()


def slow_stop_time(logits: list[float]) -> list[float]:
    """P(n) by walking through every outcome of all the decisions, of which those after the first stop do not matter."""
    chances = [0.0] * (len(logits) + 1)
    for outcome in itertools.product([True, False], repeat=len(logits)):
        probability = math.prod(
            1 / (1 + math.exp(-logit if on else logit)) for logit, on in zip(logits, outcome, strict=True)
        )
        chances[(*outcome, False).index(False)] += probability
    return chances


@given(low=st.floats(-5, 5), span=st.floats(0.1, 10), share=st.floats(0.001, 0.999))
def test_interval_goes_there_and_back(low: float, span: float, share: float) -> None:
    interval = Interval(low, low + span)
    value = low + share * span
    assert_allclose(interval.squash(torch.tensor(interval.unsquash(value), dtype=torch.float64)), value, atol=1e-9)


def test_interval_stays_inside_and_rises() -> None:
    squashed = Interval(0.2, 0.9).squash(torch.linspace(-50, 50, 101))
    assert ((squashed >= 0.2 - 1e-6) & (squashed <= 0.9 + 1e-6)).all()
    assert (squashed.diff() >= 0).all()
    assert_allclose(squashed[50], 0.55, atol=1e-6)


@given(seed=seeds)
def test_gaussian_is_a_product_of_normals(seed: int) -> None:
    mean, log_std, value = torch.randn(3, 2, 4, generator=seeded(seed), dtype=torch.float64).clamp(-2, 2)
    density = gaussian(torch.cat([mean, log_std], -1))
    std = log_std.exp()
    slow = (-0.5 * ((value - mean) / std) ** 2 - std.log() - 0.5 * math.log(2 * math.pi)).sum(-1)
    assert_allclose(density.log_prob(value), slow)
    assert density.event_shape == (4,)


@pytest.mark.parametrize("log_std", [-100.0, 100.0])
def test_a_gaussian_can_neither_vanish_nor_explode(log_std: float) -> None:
    parameters = torch.tensor([0.0, log_std], requires_grad=True)
    density = gaussian(parameters)
    assert 1e-4 < density.variance.sqrt().item() < 100
    likelihood = density.log_prob(torch.zeros(1))
    likelihood.backward()
    assert likelihood.isfinite()
    assert parameters.grad is not None
    assert parameters.grad.isfinite().all()


@given(seed=seeds, components=st.integers(1, 5))
def test_mixture_integrates_to_1(seed: int, components: int) -> None:
    parameters = torch.randn(components, 5, generator=seeded(seed)) * torch.tensor([1, 1.5, 1.5, 0.3, 0.3])
    axis = torch.arange(-12, 12, 0.1)
    density = mixture(parameters)
    points = torch.cartesian_prod(axis, axis)
    assert grid_mass(density.log_prob(points), 0.1, 2) == pytest.approx(1, abs=1e-3)


@given(seed=seeds)
def test_mixture_is_the_weighted_sum_of_its_components(seed: int) -> None:
    parameters = torch.randn(2, 3, 7, generator=seeded(seed), dtype=torch.float64).clamp(-2, 2)
    value = torch.randn(2, 3, generator=seeded(seed + 1), dtype=torch.float64)
    weights = parameters[..., 0].softmax(-1)
    slow = sum(
        weights[:, m] * Normal(parameters[:, m, 1:4], parameters[:, m, 4:].exp()).log_prob(value).sum(-1).exp()
        for m in range(3)
    )
    assert_allclose(mixture(parameters).log_prob(value).exp(), slow)


@given(logits=st.lists(st.floats(-8, 8), min_size=1, max_size=6))
def test_stop_time_is_the_enumeration_of_all_decisions(logits: list[float]) -> None:
    chances = stop_time(torch.tensor([logits], dtype=torch.float64)).probs
    assert_allclose(chances[0], slow_stop_time(logits), atol=1e-9)


@given(logits=st.lists(st.floats(-90, 90, width=32), min_size=1, max_size=12))
def test_the_logits_of_stop_time_are_log_probabilities(logits: list[float]) -> None:
    """The objectives take them as such."""
    log_p = stop_time(torch.tensor(logits)).logits
    assert_allclose(log_p.logsumexp(-1), 0, atol=1e-5)
    assert log_p.isfinite().all()


@pytest.mark.parametrize(("ours", "theirs"), [(PixelLaplace, Laplace), (PixelNormal, Normal)])
@given(seed=seeds)
def test_pixels_are_independent_around_the_canvas(ours: type, theirs: type, seed: int) -> None:
    generator = seeded(seed)
    canvas, image = torch.rand(2, 2, 3, 5, 4, generator=generator, dtype=torch.float64)
    scale = 0.01 + torch.rand(5, 4, generator=generator, dtype=torch.float64)
    slow = Independent(theirs(canvas, scale.expand_as(canvas)), 2)
    fast = ours(canvas, scale)
    assert_allclose(fast.log_prob(image), slow.log_prob(image), rtol=1e-9)
    assert_allclose(fast.log_prob(image[:, :1]), slow.log_prob(image[:, :1].expand_as(image)), rtol=1e-9)
    assert_allclose(fast.mean, slow.mean)
    assert (fast.batch_shape, fast.event_shape) == (slow.batch_shape, slow.event_shape)


@pytest.mark.parametrize("family", [PixelLaplace, PixelNormal])
def test_the_density_of_a_pixel_integrates_to_1(family: type) -> None:
    values = torch.arange(-20, 20, 0.001).view(-1, 1, 1)
    density = family(torch.full((1, 1), 0.3), torch.full((1, 1), 0.5))
    assert grid_mass(density.log_prob(values), 0.001, 1) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("family", [PixelLaplace, PixelNormal])
def test_the_density_of_pixels_has_the_gradient_of_central_differences(family: type) -> None:
    canvas, image, scale = torch.rand(3, 3, 4, generator=seeded(), dtype=torch.float64).unbind()
    inputs = tuple(part.clone().requires_grad_() for part in (canvas, scale + 0.1, image))
    assert torch.autograd.gradcheck(lambda loc, size, value: family(loc, size).log_prob(value), inputs)
