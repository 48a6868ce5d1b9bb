"""The ex-post prior of strokes that know where earlier ones run."""

import dataclasses

import pytest
import torch
from numpy.testing import assert_allclose

from dood.core.distributions import Interval
from dood.errors import DoodError
from dood.models.dood import DooD
from dood.models.latents import Latents
from dood.models.priors.expost import HIDDEN, LAYERS
from dood.models.priors.pointers import EARLIER
from dood.models.priors.relational import RelationalPrior, _before
from tests.tiny import TINY, scribbles, seeded, tiny_model

CONFIG = dataclasses.replace(TINY, strokes=3, expost=True, relations=True)


def a_prior() -> tuple[DooD, RelationalPrior]:
    model = tiny_model(CONFIG).requires_grad_(False)
    assert isinstance(model.prior, RelationalPrior)
    model.prior.standardise(Latents(*(part.flatten(0, 1) for part in drawings(model, 20))))
    return model, model.prior


def drawings(model: DooD, batch: int = 5) -> Latents:
    return model.infer(scribbles(batch), model.noise(batch, generator=seeded())).latents


def test_coordinates_are_another_way_to_write_a_stroke() -> None:
    model, prior = a_prior()
    latents = drawings(model)
    again = prior._latents(prior._coordinates(latents))
    assert_allclose(again.layout, latents.layout, atol=1e-5)
    assert_allclose(again.stroke, latents.stroke, atol=1e-4)


def test_the_volume_of_coordinates_is_2_points_log_scale() -> None:
    model, prior = a_prior()
    prior = prior.double()
    flat = drawings(model).flat()[0, 0].double()
    jacobian = torch.autograd.functional.jacobian(lambda z: prior._coordinates(Latents.from_flat(z)), flat)
    scale = Interval(*CONFIG.scale_range).squash(flat[0])
    assert_allclose(torch.linalg.slogdet(jacobian)[1], 2 * CONFIG.points * scale.log(), rtol=1e-6)


def test_the_strokes_before_each_come_latest_first() -> None:
    points = torch.arange(3.0).view(1, 3, 1, 1).expand(1, 3, 4, 2)
    before = _before(points)
    assert before.shape == (1, 3, EARLIER, 9)
    assert before[0, 0].count_nonzero() == 0
    assert before[0, 2, :, -1].tolist() == [1, 1, *[0] * (EARLIER - 2)]
    assert before[0, 2, :2, 0].tolist() == [1, 0]


def test_a_step_draws_what_its_density_is_of() -> None:
    """Densities of samples, by strokes together, against those along the samples' own history."""
    _, prior = a_prior()
    samples, entries = prior.sample(6, 3, generator=seeded()), torch.arange(6)
    together, _ = prior.entry_log_prob(samples.latents, entries)
    code, previous, state = prior.codebook(entries), prior.beginning(6), torch.zeros(LAYERS, 6, HIDDEN)
    unrolled = prior._unroll(samples.latents, entries)
    before = _before(prior._points(samples.latents)).flatten(2)
    for t in range(3):
        hidden, state = prior._step(previous, code, state)
        assert_allclose(hidden, unrolled[:, t], atol=1e-4)
        assert_allclose(previous[:, len(prior.first) :], before[:, t], atol=1e-5)
        stroke = Latents(*(part[:, t] for part in samples.latents))
        numbers = prior._standard(stroke)
        # What `_draw` returns for random numbers of 0 is a stroke; the history it returns is that of the next stroke.
        _, drawn = prior._draw(hidden, previous, torch.zeros_like(numbers), torch.zeros_like(numbers))
        assert drawn.shape == previous.shape
        older = previous[:, len(prior.first) :].unflatten(-1, (EARLIER, -1))[:, :-1]
        assert torch.equal(drawn[:, len(prior.first) :].unflatten(-1, (EARLIER, -1))[:, 1:], older)
        newest = torch.cat([prior._points(stroke).flatten(1), torch.ones(6, 1)], -1).unsqueeze(1)
        previous = torch.cat([prior._described(stroke), torch.cat([newest, older], 1).flatten(1)], -1)
    assert together.isfinite().all()


def test_samples_have_as_many_strokes_as_the_entry_says() -> None:
    _, prior = a_prior()
    prior.on_head[-1].weight.normal_(generator=seeded())  # pyright: ignore
    prior.begin.fill_(2.0)
    entries = torch.full((4000,), 3)
    samples = prior._ancestral(entries, 3, 1.0, seeded())
    stop = prior.entry_log_prob(Latents(*(part[:1] for part in samples.latents)), entries[:1])[1]
    assert_allclose(samples.strokes.bincount(minlength=4) / 4000, stop.probs[0], atol=0.03)
    assert stop.probs[0].std() > 0.05


def test_relations_need_strokes_with_two_ends() -> None:
    for change in ({"points": 1}, {"expost": False}):
        with pytest.raises(DoodError, match=r"points > 1, expost true"):
            dataclasses.replace(CONFIG, **change)
