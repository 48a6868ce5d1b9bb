"""The critic of samples, and what is taken of those that it has seen."""

import dataclasses

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor

from dood.errors import DoodError
from dood.models.priors.candidates import CANDIDATES, taken
from dood.models.priors.critic import Critic
from dood.models.priors.expost import ExPostPrior
from tests.tiny import TINY, scribbles, seeded, tiny_model

CONFIG = dataclasses.replace(TINY, expost=True, critic=True)


def a_prior() -> ExPostPrior:
    prior = tiny_model(CONFIG).requires_grad_(False).prior
    assert isinstance(prior, ExPostPrior)
    return prior


class Ink(Critic):
    """Says that drawings have much ink."""

    def forward(self, canvases: Tensor) -> Tensor:
        return 200 * canvases.mean((1, 2))


@pytest.mark.parametrize("side", [28, 50, 105])
def test_canvases_of_any_size_are_judged(side: int) -> None:
    critic = Critic().eval()
    ratios = critic(scribbles(3, side))
    assert ratios.shape == (3,)
    assert torch.equal(ratios, critic(scribbles(3, side)))
    assert len(set(ratios.tolist())) == 3


def test_candidates_are_taken_in_proportion_to_their_ratios() -> None:
    count = 20_000
    ratios = np.tile(np.log(np.arange(1, CANDIDATES + 1)), count)
    rows = taken(ratios + 700, np.random.default_rng(0).random(count))
    assert (rows // CANDIDATES == np.arange(count)).all()
    shares = np.bincount(rows % CANDIDATES, minlength=CANDIDATES) / count
    assert_allclose(shares, np.arange(1, CANDIDATES + 1) / 136, atol=0.01)


def test_a_candidate_that_alone_can_be_is_taken_whatever_is_picked() -> None:
    ratios = np.full((2, CANDIDATES), -1e9)
    ratios[0, 3] = ratios[1, 15] = 0
    for pick in (0.0, 0.5, np.nextafter(1, 0)):
        assert taken(ratios.ravel(), np.full(2, pick)).tolist() == [3, CANDIDATES + 15]


def test_samples_are_more_like_what_the_critic_takes_for_drawings() -> None:
    prior = a_prior()
    prior.critic = None
    plain = prior.canvases(prior.sample(200, 3, generator=seeded())).mean()
    prior.critic = Ink()
    assert prior.canvases(prior.sample(200, 3, generator=seeded())).mean() > 1.2 * plain


def test_candidates_have_the_entry_of_their_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """So entries keep their shares, whatever the critic says."""
    prior, seen = a_prior(), list[Tensor]()
    prior.critic = Ink()
    plain = prior._ancestral
    monkeypatch.setattr(prior, "_ancestral", lambda entries, *rest: seen.append(entries) or plain(entries, *rest))
    prior.sample(7, 2, generator=seeded())
    (entries,) = seen
    assert torch.equal(entries, entries[::CANDIDATES].repeat_interleave(CANDIDATES))
    assert len(entries) == 7 * CANDIDATES


def test_densities_leave_the_critic_out() -> None:
    model = tiny_model(CONFIG).requires_grad_(False)
    images = scribbles(3)
    before = model(images).log_p
    assert isinstance(model.prior, ExPostPrior)
    model.prior.critic = None
    assert torch.equal(before, model(images).log_p)


def test_a_critic_needs_samples_to_choose_among() -> None:
    with pytest.raises(DoodError, match=r"model\.critic must be false where model\.expost is"):
        dataclasses.replace(TINY, critic=True)
