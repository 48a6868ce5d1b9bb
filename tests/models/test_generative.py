"""The prior: its mass, its states, and the image likelihood."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from PIL import Image
from torch import Tensor
from torch.distributions import Distribution, Independent, Laplace, Normal

from dood.models.config import ModelConfig
from dood.models.generative import START_LIKELIHOOD_SCALE, Generative, shrink
from dood.models.latents import Latents
from tests.tiny import TINY, scribbles, seeded, tiny_model


def prior(config: ModelConfig = TINY) -> Generative:
    return tiny_model(config).generative.requires_grad_(False)


def mass(density: Distribution, shape: tuple[int, ...], samples: int = 20_000) -> Tensor:
    """Integral of a density over the real axes, by importance sampling from a wide Gaussian."""
    wide = Normal(0.0, 3.0)
    where = 3.0 * torch.randn(samples, *shape, generator=seeded())
    log_wide = wide.log_prob(where).flatten(1 + len(density.batch_shape)).sum(-1)
    return (density.log_prob(where) - log_wide).exp().mean(0)


def test_shrink_is_pillows_bilinear() -> None:
    image = torch.rand(20, 20, generator=seeded())
    pillow = Image.fromarray(image.numpy()).resize((8, 8), Image.Resampling.BILINEAR)
    assert_allclose(shrink(image[None], 8)[0], np.asarray(pillow), atol=1e-6)


def test_the_states_start_at_zero_and_move() -> None:
    gen = prior()
    start = gen.start(3)
    assert all((part == 0).all() and part.shape == (3, TINY.hidden) for part in start)
    seen = gen.look(scribbles(3))
    after = gen.advance(start, Latents.none(TINY, 3, torch.device("cpu")), seen)
    assert all((new != old).any(-1).all() for new, old in zip(after, start, strict=True))


def test_the_layout_has_mass_1() -> None:
    gen = prior()
    density = gen.layout(torch.randn(2, TINY.hidden, generator=seeded(1)))
    assert density.event_shape == (4,)
    assert_allclose(mass(density, (2, 4)), 1, atol=0.1)


def test_each_point_and_the_pen_have_mass_1() -> None:
    gen = prior()
    states, layout = torch.randn(2, TINY.hidden, generator=seeded(1)), torch.randn(2, 4, generator=seeded(2))
    points, pen = gen.stroke(states, layout, scribbles(2))
    assert (points.event_shape, pen.event_shape) == ((TINY.points, 2), (TINY.pen_points + 1,))
    assert isinstance(points, Independent)
    assert_allclose(mass(points.base_dist, (2, TINY.points, 2)), 1, atol=0.05)
    assert_allclose(mass(pen, (2, TINY.pen_points + 1)), 1, atol=0.1)


def test_the_points_are_independent_given_the_state() -> None:
    points, _ = prior().stroke(torch.zeros(1, TINY.hidden), torch.zeros(1, 4), scribbles(1))
    assert isinstance(points, Independent)
    where = torch.randn(1, TINY.points, 2, generator=seeded())
    assert_allclose(points.log_prob(where), points.base_dist.log_prob(where).sum(-1), rtol=1e-6)


def test_the_number_of_strokes_has_mass_1() -> None:
    gen = prior()
    stop = gen.stop(torch.randn(5, 3, TINY.features // 2, generator=seeded()))
    assert stop.probs.shape == (5, 4)
    assert_allclose(stop.probs.sum(-1), 1, atol=1e-6)


@pytest.mark.parametrize(("name", "family"), [("laplace", Laplace), ("normal", Normal)])
def test_the_likelihood_starts_at_its_scale_on_every_pixel(name: str, family: type) -> None:
    gen = prior(dataclasses.replace(TINY, likelihood=name))
    canvas, image = scribbles(2), scribbles(2, seed=1)
    slow = family(canvas, START_LIKELIHOOD_SCALE).log_prob(image).sum((1, 2))
    assert_allclose(gen.likelihood(canvas).log_prob(image), slow, rtol=1e-4)


def test_the_likelihood_has_a_scale_of_its_own_for_each_pixel() -> None:
    gen = prior()
    gen.likelihood_raw[3, 7] = 50
    density = gen.likelihood(torch.zeros(1, 12, 12))
    off = torch.zeros(2, 12, 12)
    off[0, 3, 7], off[1, 7, 3] = 1, 1
    wide, narrow = (density.log_prob(torch.zeros(1, 12, 12)) - density.log_prob(off)).tolist()
    assert wide == pytest.approx(1 / TINY.likelihood_range[1], rel=1e-4)
    assert narrow == pytest.approx(1 / START_LIKELIHOOD_SCALE, rel=1e-4)


@pytest.mark.parametrize("raw", [-100.0, 100.0])
def test_the_scale_of_the_likelihood_stays_in_its_range(raw: float) -> None:
    gen = prior()
    gen.likelihood_raw.fill_(raw)
    low, high = TINY.likelihood_range
    expected = -144 * math.log(2 * (low if raw < 0 else high))
    assert gen.likelihood(torch.zeros(1, 12, 12)).log_prob(torch.zeros(1, 12, 12)).item() == pytest.approx(
        expected, rel=1e-3
    )


@pytest.mark.parametrize("side", [8, 20])
def test_the_likelihood_works_at_another_resolution(side: int) -> None:
    """A uniform scale stays what it is, so the log likelihood per pixel of a perfect canvas does too."""
    gen = prior()
    canvas = scribbles(2, side)
    log_p = gen.likelihood(canvas).log_prob(canvas) / side**2
    assert_allclose(log_p, -math.log(2 * START_LIKELIHOOD_SCALE), rtol=1e-4)
