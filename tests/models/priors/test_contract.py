"""What every prior must pass: finite densities of its own samples, mass 1, shapes, the generator as the only chance."""

import dataclasses
import math
from functools import partial

import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor
from torch.distributions import Normal

from dood.errors import DoodError
from dood.models.dood import DooD
from dood.models.latents import LAYOUT, Latents, LatentStrokes
from dood.models.priors.base import Prior
from dood.models.priors.expost import ExPostPrior
from dood.models.priors.registry import PRIORS
from tests.tiny import TINY, scribbles, seeded, tiny_model

SMALL = dataclasses.replace(TINY, strokes=2, points=1, pen_points=1, corrections=0)
USED = 2
"""Codebook entries that the density is summed over."""
CONFIGS = {name: dataclasses.replace(SMALL, prior=name) for name in PRIORS} | {
    "expost": dataclasses.replace(SMALL, expost=True, points=2),
}


@pytest.fixture(params=sorted(CONFIGS))
def model(request: pytest.FixtureRequest) -> DooD:
    return tiny_model(CONFIGS[request.param]).requires_grad_(False)


def width(model: DooD) -> int:
    return sum(model.widths)


def images_and_canvases(model: DooD, drawings: LatentStrokes) -> tuple[Tensor, Tensor]:
    side = model.config.resolution
    canvases = model.canvases(drawings.latents, side, side)
    return canvases[torch.arange(len(canvases)), drawings.strokes], canvases


def total_log_prob(model: DooD, drawings: LatentStrokes) -> Tensor:
    """log p(n, z_1, ..., z_n), whatever the drawings' codebook entries where the prior has a codebook."""
    prior = model.prior
    if isinstance(prior, ExPostPrior):
        entries = torch.arange(USED)
        each = [prior.drawing_log_prob(drawings, entry.expand(len(drawings.strokes))) for entry in entries]
        densities = torch.stack(each).logsumexp(0)
        return torch.where(drawings.strokes == 0, densities - math.log(USED), densities)
    log_p, stop = prior.log_prob(*parts(model, drawings))
    return (log_p * drawings.mask).sum(-1) + stop.log_prob(drawings.strokes)


def parts(model: DooD, drawings: LatentStrokes) -> tuple[Tensor, Latents, Tensor]:
    images, canvases = images_and_canvases(model, drawings)
    return images, drawings.latents, canvases


def independent(model: DooD, latents: Latents) -> tuple[Tensor, Tensor]:
    """Numbers of each stroke that a prior before learning takes for nearly independent, and the log |det| to them."""
    if not isinstance(model.prior, ExPostPrior):
        return latents.flat(), torch.zeros(latents.layout.shape[:-1])
    return model.prior.coordinates.numbers(latents), model.prior.coordinates.log_volume(latents)


def test_samples_have_finite_densities(model: DooD) -> None:
    drawings = model.prior.sample(50, 3, generator=seeded())
    log_p, stop = model.prior.log_prob(*parts(model, drawings))
    assert log_p.shape == (50, 3)
    assert log_p.isfinite().all()
    assert_allclose(stop.probs.sum(-1), torch.ones(50), atol=1e-5)
    assert stop.probs.shape == (50, 4)
    assert stop.log_prob(drawings.strokes).isfinite().all()


def test_samples_have_the_shapes_that_are_asked_for(model: DooD) -> None:
    drawings = model.prior.sample(7, 3, generator=seeded())
    assert drawings.latents.layout.shape == (7, 3, LAYOUT)
    assert drawings.latents.flat().shape == (7, 3, width(model))
    assert drawings.strokes.shape == (7,)
    assert drawings.strokes.dtype == torch.long
    assert torch.equal(drawings.mask.sum(-1), drawings.strokes)


def test_the_density_has_mass_1_and_is_that_of_the_samples(model: DooD) -> None:
    """E[q(z) / p(z)] over samples is 1 for a q that is narrower than p, for drawings of every number of strokes."""
    if isinstance(model.prior, ExPostPrior):
        model.prior.codebook.share.zero_()[:USED] = torch.tensor([0.7, 0.3])
    drawings = model.prior.sample(12_000, 2, generator=seeded())
    total = total_log_prob(model, drawings)
    assert (drawings.strokes == 0).float().mean().item() == pytest.approx(
        total[drawings.strokes == 0].exp().mean().item(), abs=0.02
    )
    flat, log_volume = independent(model, drawings.latents)
    for count in (1, 2):
        rows = drawings.strokes == count
        numbers = flat[rows, :count].flatten(1)
        narrower = Normal(numbers.mean(0), 0.8 * numbers.std(0))
        log_q = narrower.log_prob(numbers).sum(-1) + log_volume[rows, :count].sum(-1)
        assert (log_q - total[rows]).exp().sum().item() / len(flat) == pytest.approx(1, abs=0.1), count


def test_the_generator_alone_decides_on_a_sample(model: DooD) -> None:
    before = torch.random.get_rng_state()
    one, same, other = (model.prior.sample(5, 2, generator=seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(one.latents.flat(), same.latents.flat())
    assert torch.equal(one.strokes, same.strokes)
    assert not torch.equal(one.latents.flat(), other.latents.flat())
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_lower_temperature_narrows_the_samples(model: DooD) -> None:
    wide, narrow = (
        model.prior.sample(2000, 1, temperature=temperature, generator=seeded()).latents.flat().std(0).mean()
        for temperature in (1.0, 0.3)
    )
    assert narrow < 0.8 * wide


def test_the_temperature_is_1_if_none_is_said(model: DooD) -> None:
    given, part = model.prior.sample(3, 2, generator=seeded()), scribbles(1)[0]
    for sample in (
        partial(model.prior.sample, 4, 2),
        partial(model.prior.propose, part, 4, 2),
        partial(model.prior.follow, given, 2),
    ):
        plain, warm = (sample(generator=seeded(1), **how).latents.flat() for how in ({}, {"temperature": 1.0}))
        assert torch.equal(plain, warm)


def test_a_drawing_has_the_same_density_alone_and_in_a_batch(model: DooD) -> None:
    drawings = model.prior.sample(6, 2, generator=seeded())
    images, latents, canvases = parts(model, drawings)
    all_of_them, stop = model.prior.log_prob(images, latents, canvases)
    alone, its_stop = model.prior.log_prob(images[2:3], Latents(*(part[2:3] for part in latents)), canvases[2:3])
    assert_allclose(alone[0], all_of_them[2], rtol=1e-4, atol=1e-4)
    assert_allclose(its_stop.probs[0], stop.probs[2], atol=1e-5)


def test_proposals_are_drawings(model: DooD) -> None:
    part = scribbles(1)[0]
    drawings = model.prior.propose(part, 5, 2, generator=seeded())
    assert drawings.latents.flat().shape == (5, 2, width(model))
    assert model.prior.log_prob(*parts(model, drawings))[0].isfinite().all()


def test_what_follows_given_strokes_is_new_strokes(model: DooD) -> None:
    given = model.prior.sample(5, 2, generator=seeded())
    drawings = model.prior.follow(given, 3, generator=seeded(1))
    assert drawings.latents.flat().shape == (5, 3, width(model))


def test_the_densities_that_a_fit_climbs_are_one_for_each_stroke(model: DooD) -> None:
    drawings = model.prior.sample(5, 2, generator=seeded())
    assert model.prior.fit_log_prob(*parts(model, drawings)).shape == (5, 2)


def test_a_prior_that_says_no_more_than_it_must_samples_whole_drawings() -> None:
    given = LatentStrokes(Latents(torch.zeros(1, 1, LAYOUT), torch.zeros(1, 1, 4)), torch.ones(1).long())
    with pytest.raises(DoodError, match="Prior samples whole drawings only"):
        Prior().follow(given, 2)
    assert Prior.completion == "whole"
    assert Prior().learned_jointly()
