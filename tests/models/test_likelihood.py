"""The image around its canvas."""

import dataclasses
import math

import pytest
import torch
from numpy.testing import assert_allclose
from torch.distributions import Laplace, Normal

from dood.models.likelihood import START_SCALE, Likelihood
from tests.tiny import TINY, scribbles


@pytest.fixture
def likelihood() -> Likelihood:
    return Likelihood(TINY).requires_grad_(False)


@pytest.mark.parametrize(("name", "family"), [("laplace", Laplace), ("normal", Normal)])
def test_it_starts_at_one_scale_on_every_pixel(name: str, family: type) -> None:
    likelihood = Likelihood(dataclasses.replace(TINY, likelihood=name)).requires_grad_(False)
    canvas, image = scribbles(2), scribbles(2, seed=1)
    slow = family(canvas, START_SCALE).log_prob(image).sum((1, 2))
    assert_allclose(likelihood(canvas).log_prob(image), slow, rtol=1e-4)


def test_each_pixel_has_a_scale_of_its_own(likelihood: Likelihood) -> None:
    likelihood.raw[3, 7] = 50
    density = likelihood(torch.zeros(1, 12, 12))
    off = torch.zeros(2, 12, 12)
    off[0, 3, 7], off[1, 7, 3] = 1, 1
    wide, narrow = (density.log_prob(torch.zeros(1, 12, 12)) - density.log_prob(off)).tolist()
    assert wide == pytest.approx(1 / TINY.likelihood_range[1], rel=1e-4)
    assert narrow == pytest.approx(1 / START_SCALE, rel=1e-4)


@pytest.mark.parametrize("raw", [-100.0, 100.0])
def test_the_scale_stays_in_its_range(likelihood: Likelihood, raw: float) -> None:
    likelihood.raw.fill_(raw)
    low, high = TINY.likelihood_range
    expected = -144 * math.log(2 * (low if raw < 0 else high))
    log_p = likelihood(torch.zeros(1, 12, 12)).log_prob(torch.zeros(1, 12, 12))
    assert log_p.item() == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("side", [8, 20])
def test_it_works_at_another_resolution(likelihood: Likelihood, side: int) -> None:
    """A uniform scale stays what it is, so the log likelihood per pixel of a perfect canvas does too."""
    canvas = scribbles(2, side)
    log_p = likelihood(canvas).log_prob(canvas) / side**2
    assert_allclose(log_p, -math.log(2 * START_SCALE), rtol=1e-4)
