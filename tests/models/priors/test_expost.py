"""The ex-post prior, and the masked network that it is made of."""

import dataclasses

import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor
from torch.distributions import Normal

from dood.errors import DoodError
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes
from dood.models.priors.coordinates import ENDS
from dood.models.priors.expost import HIDDEN, LAYERS, ExPostPrior
from dood.models.priors.made import MADE
from dood.models.priors.places import EARLIER, before, places_along, places_of_end
from tests.tiny import TINY, USED, scribbles, seeded, tiny_model

CONFIG = dataclasses.replace(TINY, strokes=3, expost=True)


def a_made(width: int = 3, hidden: int = 16) -> MADE:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return MADE(width, context=4, hidden=hidden, mixtures=2).requires_grad_(False)


def context(batch: int, seed: int = 1) -> Tensor:
    return torch.randn(1, 4, generator=seeded(seed)).expand(batch, 4)


def a_prior() -> tuple[DooD, ExPostPrior]:
    model = tiny_model(CONFIG).requires_grad_(False)
    prior = model.prior
    assert isinstance(prior, ExPostPrior)
    prior.standardise(Latents(*(part.flatten(0, 1) for part in drawings(model, 20))))
    return model, prior


def drawings(model: DooD, batch: int = 5) -> Latents:
    return model.infer(scribbles(batch), model.noise(batch, generator=seeded())).latents


@pytest.mark.parametrize(("width", "hidden"), [(1, 4), (3, 16), (5, 7)])
def test_a_made_has_mass_1(width: int, hidden: int) -> None:
    wide = Normal(0.0, 2.0)
    where = 2.0 * torch.randn(200_000, width, generator=seeded())
    log_ratio = a_made(width, hidden).log_prob(where, context(len(where))) - wide.log_prob(where).sum(-1)
    assert log_ratio.exp().mean().item() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("shape", [(0,), (2, 0)])
def test_of_no_strokes_there_are_no_densities(shape: tuple[int, ...]) -> None:
    assert a_made().log_prob(torch.zeros(*shape, 3), torch.zeros(*shape, 4)).shape == shape


def random_numbers(count: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = seeded()
    return torch.rand(count, width, generator=generator), torch.randn(count, width, generator=generator)


def test_what_made_picks_has_the_density_that_it_says() -> None:
    """The entropy of samples, against that of the density by importance sampling."""
    made, n = a_made(), 100_000
    picked = made.sample(context(n), *random_numbers(n, 3))
    wide = Normal(0.0, 2.0)
    where = 2.0 * torch.randn(n, 3, generator=seeded(5))
    density = made.log_prob(where, context(n))
    weight = (density - wide.log_prob(where).sum(-1)).exp()
    assert made.log_prob(picked, context(n)).mean().item() == pytest.approx((weight * density).mean().item(), abs=0.1)
    assert_allclose(picked.mean(0), (weight[:, None] * where).mean(0), atol=0.1)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_number_depends_on_those_before_it_alone(number: int) -> None:
    value = torch.zeros(1, 3, requires_grad=True)
    (gradient,) = torch.autograd.grad(a_made().terms(value, context(1))[0, number], value)
    assert (gradient[0, : number + 1] != 0).all()
    assert (gradient[0, number + 1 :] == 0).all()


def test_a_lower_temperature_narrows_what_is_picked() -> None:
    made = a_made(width=1)
    pick, noise = random_numbers(20_000, 1)
    wide, narrow = (made.sample(context(20_000), pick, temperature * noise).std() for temperature in (1.0, 0.5))
    assert narrow < 0.8 * wide


def test_strokes_have_the_same_density_together_and_one_after_another() -> None:
    model, prior = a_prior()
    latents, entries = drawings(model), torch.tensor([0, 7, 7, 3, USED - 1])
    together, stop = prior.entry_log_prob(latents, entries)
    code, state, entry = prior.codebook(entries), torch.zeros(LAYERS, 5, HIDDEN), prior.codebook.log_prob(entries)
    last = prior.beginning(5)
    for t in range(CONFIG.strokes):
        hidden, state = prior._step(last, code, state)
        earlier = last[:, len(prior.first) :].unflatten(-1, (EARLIER, -1))
        assert_allclose(earlier, before(prior.coordinates.points(latents))[:, t], atol=1e-5)
        stroke = Latents(*(part[:, t] for part in latents))
        assert_allclose(together[:, t], entry + density(prior, stroke, hidden, earlier), rtol=1e-4, atol=1e-3)
        go = prior._go_on(code, torch.full((5, 1), t)).squeeze(-1).sigmoid() if t else prior.begin.sigmoid()
        assert_allclose(stop.probs[:, t], stop.probs[:, t:].sum(-1) * (1 - go), rtol=1e-3, atol=1e-6)
        last, entry = prior._after(stroke, earlier), 0


def density(prior: ExPostPrior, stroke: Latents, hidden: Tensor, earlier: Tensor) -> Tensor:
    """Of start, of end given it, and of all else given both, in units of the latents."""
    numbers, places = prior.coordinates.numbers(stroke), places_along(earlier)
    start, end = numbers[:, :2], numbers[:, 2:ENDS]
    ends = prior.start(hidden, places).log_prob(start)
    ends = ends + prior.end(torch.cat([hidden, 2 * start], -1), places_of_end(start, places)).log_prob(end)
    given = prior.between(torch.cat([hidden, 2 * numbers[:, :ENDS]], -1))
    rest = prior.made.log_prob((numbers - prior.mean)[:, ENDS:] / prior.std[ENDS:], given)
    return ends + rest - prior.std[ENDS:].log().sum() + prior.coordinates.log_volume(stroke)


def test_samples_have_as_many_strokes_as_the_entry_says() -> None:
    _, prior = a_prior()
    prior.on_head[-1].weight.normal_(generator=seeded())  # pyright: ignore
    prior.begin.fill_(2.0)
    entries = torch.full((4000,), 3)
    samples = prior._ancestral(entries, 3, 1.0, seeded())
    stop = prior.entry_log_prob(Latents(*(part[:1] for part in samples.latents)), entries[:1])[1]
    assert_allclose(samples.strokes.bincount(minlength=4) / 4000, stop.probs[0], atol=0.03)
    assert stop.probs[0].std() > 0.05


def test_there_can_be_more_strokes_than_a_stroke_points_at() -> None:
    _, prior = a_prior()
    samples = prior.sample(3, EARLIER + 3, generator=seeded())
    each, stop = prior.entry_log_prob(samples.latents, torch.arange(3))
    assert each.isfinite().all()
    assert_allclose(stop.probs.sum(-1), torch.ones(3), atol=1e-5)


def test_the_density_of_a_drawing_is_that_of_its_strokes_and_their_number() -> None:
    model, prior = a_prior()
    latents, count, entries = drawings(model), torch.tensor([0, 1, 2, 3, 2]), torch.arange(5)
    each, stop = prior.entry_log_prob(latents, entries)
    expected = (each * (torch.arange(CONFIG.strokes) < count[:, None])).sum(-1) + stop.log_prob(count)
    assert_allclose(prior.drawing_log_prob(LatentStrokes(latents, count), entries), expected, rtol=1e-4, atol=1e-3)


def test_an_empty_drawing_has_the_same_probability_whatever_the_entry() -> None:
    model, prior = a_prior()
    empty = torch.zeros(5, dtype=torch.long)
    densities = prior.drawing_log_prob(LatentStrokes(drawings(model), empty), torch.arange(5))
    assert_allclose(densities, torch.nn.functional.logsigmoid(-prior.begin).expand(5), rtol=1e-5)


def test_it_needs_strokes() -> None:
    with pytest.raises(DoodError, match="expost needs strokes"):
        dataclasses.replace(TINY, appearance="neural", expost=True)
    with pytest.raises(DoodError, match=r"points \(=1\) must be 2"):
        dataclasses.replace(TINY, points=1, expost=True)


def test_proposals_have_entries_that_contain_the_part(monkeypatch: pytest.MonkeyPatch) -> None:
    _, prior = a_prior()
    chosen: list[Tensor] = []
    plain = prior.codebook.sample
    monkeypatch.setattr(prior.codebook, "sample", lambda *args: chosen.append(plain(*args)) or chosen[-1])
    part = scribbles(3)[2]
    prior.propose(part, 400, 1, generator=seeded())
    prior.sample(400, 1, generator=seeded())
    with_part, without = ((entries == 2).float().mean() for entries in chosen)
    assert with_part > 2 * without
