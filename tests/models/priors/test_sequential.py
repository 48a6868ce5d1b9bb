"""Priors that decide stroke by stroke: their mass, and what they depend on."""

import dataclasses

import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor
from torch.distributions import Normal

from dood.core.distributions import stop_time
from dood.models.latents import LAYOUT, Latents
from dood.models.memory import Memory, State
from dood.models.priors.registry import PRIORS
from dood.models.priors.sequential import SequentialPrior
from tests.tiny import TINY, scribbles, seeded, tiny_model

CONFIGS = {name: dataclasses.replace(TINY, prior=name) for name in PRIORS}


@pytest.fixture(params=sorted(PRIORS))
def prior(request: pytest.FixtureRequest) -> SequentialPrior:
    return a_prior(request.param)


def a_prior(name: str) -> SequentialPrior:
    prior = tiny_model(CONFIGS[name]).prior
    assert isinstance(prior, SequentialPrior)
    return prior.requires_grad_(False)


def states(*shape: int, seed: int = 1) -> State:
    return State(*torch.randn(2, *shape, TINY.hidden, generator=seeded(seed)))


def test_the_layout_has_mass_1(prior: SequentialPrior) -> None:
    wide = Normal(0.0, 3.0)
    where = 3.0 * torch.randn(20_000, 2, LAYOUT, generator=seeded())
    log_ratio = prior.layout(states(2).layout).log_prob(where) - wide.log_prob(where).sum(-1)
    assert_allclose(log_ratio.exp().mean(0), 1, atol=0.1)


def test_what_is_drawn_has_mass_1_in_every_block(prior: SequentialPrior) -> None:
    wide = Normal(0.0, 3.0)
    density = prior.stroke(states(2).stroke, torch.randn(2, LAYOUT, generator=seeded(2)), scribbles(2))
    for part in density.parts:
        where = 3.0 * torch.randn(40_000, *part.batch_shape, *part.event_shape, generator=seeded())
        assert_allclose((part.log_prob(where) - wide.log_prob(where).sum(-1)).exp().mean(0), 1, atol=0.1)


def test_the_number_of_strokes_has_mass_1(prior: SequentialPrior) -> None:
    embedding = torch.randn(5, 3, TINY.features // 2, generator=seeded())
    stop = stop_time(prior.continue_logit(embedding, states(5, 3)))
    assert stop.probs.shape == (5, 4)
    assert_allclose(stop.probs.sum(-1), 1, atol=1e-6)


def depends(name: str) -> dict[str, bool]:
    """Whether the density of a stroke changes with the canvas, and with the strokes before."""
    model, prior = tiny_model(CONFIGS[name]).requires_grad_(False), a_prior(name)

    def densities(canvas: Tensor, state: State) -> Tensor:
        layout = torch.zeros(1, LAYOUT)
        stroke = prior.stroke(state.stroke, layout, canvas)
        stop = prior.continue_logit(model.memory.encode(canvas), state)
        value = torch.zeros(1, sum(part.batch_shape[-1] * part.event_shape[-1] for part in stroke.parts))
        return torch.stack([prior.layout(state.layout).log_prob(layout), stroke.log_prob(value), stop])

    plain = densities(scribbles(1), states(1))
    return {
        "canvas": not torch.equal(plain, densities(scribbles(1, seed=3), states(1))),
        "strokes": not torch.equal(plain, densities(scribbles(1), states(1, seed=5))),
    }


def test_each_prior_sees_what_it_should() -> None:
    assert {name: depends(name) for name in CONFIGS} == {
        "canvas": {"canvas": True, "strokes": True},
        "recurrent": {"canvas": False, "strokes": True},
        "fixed": {"canvas": False, "strokes": False},
    }


def test_the_fixed_prior_goes_on_with_even_odds_and_has_nothing_to_learn() -> None:
    prior = a_prior("fixed")
    assert not list(prior.parameters())
    stop = stop_time(prior.continue_logit(torch.zeros(1, 3, 0), states(1, 3)))
    assert_allclose(stop.probs, [[0.5, 0.25, 0.125, 0.125]])


def test_the_memory_starts_at_zero_and_moves() -> None:
    memory = Memory(TINY, 7).requires_grad_(False)
    start = memory.start(2)
    assert all((part == 0).all() and part.shape == (2, TINY.hidden) for part in start)
    embedding = memory.encode(scribbles(2))
    after = memory.advance(start, Latents.none(7, 2, torch.device("cpu")), embedding)
    assert all((new != old).any(-1).all() for new, old in zip(after, start, strict=True))
