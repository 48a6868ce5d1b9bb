"""Learning to tell drawings from a prior's samples."""

import dataclasses

import pytest
import torch
from torch import Tensor

from dood.core.geometry import shrink
from dood.models.latents import LatentStrokes
from dood.models.priors.expost import ExPostPrior
from dood.training import critic as module
from dood.training.critic import learn_critic
from tests.tiny import TINY, seeded, tiny_model

CONFIG = dataclasses.replace(TINY, expost=True)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAMPLES", 250)


def prior_and_drawings() -> tuple[ExPostPrior, LatentStrokes]:
    """A prior, and drawings of it that have more strokes than its own."""
    prior = tiny_model(CONFIG).requires_grad_(False).prior
    assert isinstance(prior, ExPostPrior)
    drawings = prior.sample(120, TINY.strokes, generator=seeded())
    return prior, drawings._replace(strokes=torch.full_like(drawings.strokes, TINY.strokes))


def test_it_tells_drawings_from_samples() -> None:
    prior, drawings = prior_and_drawings()
    critic = learn_critic(prior, drawings, torch.full((100,), 0.01), 60, seed=0)
    unseen = drawings._replace(
        latents=type(drawings.latents)(*(part[100:] for part in drawings.latents)), strokes=drawings.strokes[100:]
    )
    with torch.no_grad():
        real = critic(prior.canvases(unseen))
        made = critic(prior.canvases(prior.sample(200, TINY.strokes, generator=seeded(5))))
    assert real.mean() > made.mean() + 0.5
    assert not critic.training


def test_it_is_a_function_of_the_seed_and_leaves_torchs_own_alone() -> None:
    prior, drawings = prior_and_drawings()
    weight, before = torch.full((120,), 1 / 120), torch.get_rng_state()
    one, same, other = (learn_critic(prior, drawings, weight, 2, seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(tensor, same[name]) for name, tensor in one.items())
    assert not torch.equal(one["out.weight"], other["out.weight"])


def test_pictures_are_shifted_together_and_keep_their_size() -> None:
    pictures = torch.zeros(2, 9, 7, dtype=torch.uint8)
    pictures[:, 4, 3] = torch.tensor([100, 200], dtype=torch.uint8)
    torch.manual_seed(0)
    places = set[tuple[int, ...]]()
    for _ in range(200):
        shifted = module._shifted(pictures)
        assert shifted.shape == pictures.shape
        (one, other) = (place.tolist() for place in shifted.nonzero())
        assert one[1:] == other[1:]
        places.add(tuple(one[1:]))
    assert places == {(row, column) for row in range(2, 7) for column in range(1, 6)}


def test_a_drawing_of_weight_0_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    prior, drawings = prior_and_drawings()
    shown: list[Tensor] = []
    plain = module._shifted
    monkeypatch.setattr(module, "_shifted", lambda pictures: shown.append(pictures[: module.BATCH]) or plain(pictures))
    weight = torch.zeros(120)
    weight[7] = 1
    learn_critic(prior, drawings, weight, 2, seed=0)
    assert (torch.cat(shown) == shown[0][0]).all()
    assert shrink(shown[0][:1].float(), 1) > 0
