"""Densities of points near earlier strokes."""

import math

import pytest
import torch
from numpy.testing import assert_allclose

from dood.models.priors.places import PLACE
from dood.models.priors.pointers import Pointers
from tests.models.priors.test_places import some_places
from tests.tiny import seeded

SIDE = 200


def pointers(near: float = 0.0) -> Pointers:
    """With logits of the places raised by so much."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        made = Pointers(3, PLACE).requires_grad_(False)
    made.score.bias[0] += near
    made.score.weight.normal_(0, 0.3, generator=seeded(1))
    return made


@pytest.mark.parametrize("near", [-5.0, 4.0])
def test_the_density_has_mass_1(near: float) -> None:
    axis = (torch.arange(SIDE * 5) + 0.5) / SIDE - 2.5
    grid = torch.cartesian_prod(axis, axis)
    made = pointers(near)
    made.free[-1].bias.view(-1, 5)[:, 3:] = -0.5  # pyright: ignore
    made.score.bias[1:] = 1.0
    mixture = made(torch.zeros(1, 3), some_places())
    mass = sum(mixture.log_prob(part).exp().sum().item() for part in grid.split(50_000)) / SIDE**2
    assert mass == pytest.approx(1, abs=0.02)


def test_what_is_selected_has_the_density_that_it_says() -> None:
    n = 40_000
    mixture = pointers(4.0)(torch.zeros(1, 3), some_places())
    many = type(mixture)(*(part.expand(n, *part.shape[1:]) for part in mixture))
    generator = seeded(2)
    picked = many.select(torch.rand(n, generator=generator), torch.randn(n, 2, generator=generator))
    density, weight = mixture.log_prob(picked), mixture.logits.softmax(-1)[0]
    assert_allclose(picked.mean(0), weight @ mixture.mean[0], atol=0.02)
    # E[1 / p] over a box that samples fall into is the box's area.
    box = (picked.abs() < 0.4).all(-1)
    assert ((-density).exp() * box).mean().item() == pytest.approx(0.64, abs=0.08)
    assert density.isfinite().all()


def test_a_gaussian_is_as_wide_along_its_direction_as_it_says() -> None:
    mixture = pointers()(torch.zeros(1, 3), some_places())
    one = type(mixture)(*(part[:, -1:] for part in mixture))  # the last place, of a stroke that is not there
    one = one._replace(logits=torch.zeros(1, 1), log_std=torch.tensor([[[math.log(0.2), math.log(0.01)]]]))
    at_0 = one.log_prob(one.mean[:, 0])
    along = one.log_prob(one.mean[:, 0] + 0.2 * one.direction[:, 0])
    across = one.log_prob(one.mean[:, 0] + 0.01 * one.direction[:, 0].flip(-1) * torch.tensor([-1.0, 1.0]))
    assert_allclose(at_0 - along, [0.5], atol=1e-3)
    assert_allclose(at_0 - across, [0.5], atol=1e-3)


def test_strokes_that_are_not_there_have_no_weight() -> None:
    weights = pointers(4.0)(torch.zeros(1, 3), some_places(present=1)).logits.softmax(-1)[0]
    places = len(some_places().present[0])
    there = some_places(present=1).present[0]
    assert (weights[-places:][~there] == 0).all()
    assert (weights[-places:][there] > 0.01).all()
