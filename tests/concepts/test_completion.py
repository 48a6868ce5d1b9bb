"""What whole drawings have remainder a part of them."""

import dataclasses

import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor

from dood.concepts.completion import TRIED, additions, completions, remainder
from dood.core.renderer import Pen
from dood.errors import DoodError
from dood.inference.strokes import Strokes, strokes_of
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes
from dood.models.priors.expost import ExPostPrior
from tests.tiny import TINY, scribbles, seeded, tiny_model

CONFIG = dataclasses.replace(TINY, expost=True)


def line(start: tuple[float, float], end: tuple[float, float]) -> Tensor:
    """Control points, evenly spread."""
    return torch.lerp(torch.tensor(start), torch.tensor(end), torch.linspace(0, 1, 4)[:, None])


def drawing(*lines: Tensor, radius: float = 0.06) -> Strokes:
    count = len(lines)
    pen = Pen(torch.full((1, count, 2), radius), torch.full((1, count), 2.0))
    return Strokes(torch.stack(lines)[None], pen, torch.ones(1, count, dtype=torch.bool))


def a_prior() -> tuple[DooD, ExPostPrior]:
    model = tiny_model(CONFIG).requires_grad_(False)
    assert isinstance(model.prior, ExPostPrior)
    return model, model.prior


def test_what_goes_on_where_the_part_ends_is_joined_to_it() -> None:
    part = drawing(line((-0.5, 0.0), (0.0, 0.0)))
    more = remainder(drawing(line((-0.5, 0.03), (0.5, 0.03)), radius=0.2), part)
    assert more.mask.all()
    assert_allclose(more.points[0, 0, 0], [0.0, 0.0], atol=1e-6)
    assert_allclose(more.points[0, 0, -1], [0.5, 0.03], atol=1e-6)


def test_what_the_part_has_already_is_left_out_and_the_rest_is_untouched() -> None:
    part = drawing(line((-0.5, 0.0), (0.5, 0.0)))
    on_it, crossing, far = line((0.4, 0.02), (-0.4, 0.02)), line((0.0, -0.3), (0.0, 0.6)), line((-0.5, 0.7), (0.5, 0.7))
    more = remainder(drawing(on_it, crossing, far), part)
    assert more.mask.tolist() == [[False, True, True]]
    assert_allclose(more.points[0, 2], far, atol=1e-6)
    # Of what crosses the part the longer side, from the part on.
    assert_allclose(more.points[0, 1, 0], [0.0, 0.0], atol=0.05)
    assert_allclose(more.points[0, 1, -1], [0.0, 0.6], atol=1e-6)


def test_additions_have_the_pen_of_the_part() -> None:
    part = drawing(line((-0.5, 0.0), (0.0, 0.0)), radius=0.04)
    more = remainder(drawing(line((-0.5, 0.5), (0.5, 0.5)), line((0.0, -0.5), (0.5, -0.5)), radius=0.2), part)
    assert_allclose(more.pen.radius, torch.full((1, 2, 2), 0.04))
    assert more.pen.hardness.shape == (1, 2)


def test_of_all_that_are_tried_the_one_that_has_the_part_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    model, prior = a_prior()
    latents, _ = prior.sample(TRIED, 2, generator=seeded(3))
    tried = LatentStrokes(latents, torch.full((TRIED,), 2))
    one = strokes_of(model, *tried).rows(torch.tensor([17]))
    part = one._replace(mask=torch.tensor([[True, False]]))
    monkeypatch.setattr(prior, "propose", lambda *_, **__: tried)
    more = additions(model, part, 1)
    expected = remainder(one, part)
    assert torch.equal(more.mask, expected.mask)
    assert torch.equal(more.points, expected.points)
    assert not more.mask[0, 0]


def test_blank_samples_are_not_taken_while_there_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    model, prior = a_prior()
    latents, _ = prior.sample(TRIED, 2, generator=seeded(3))
    tried = LatentStrokes(latents, 2 * (torch.arange(TRIED) == 5).long())
    monkeypatch.setattr(prior, "propose", lambda *_, **__: tried)
    far = drawing(line((0.95, 0.95), (0.97, 0.97)), radius=0.01)
    assert additions(model, far, 1).mask.any()


def test_additions_are_as_many_as_asked_for_and_differ() -> None:
    model, _ = a_prior()
    part = drawing(line((-0.5, 0.0), (0.5, 0.0)))
    more = additions(model, part, 3, generator=seeded(1))
    assert more.points.shape == (3, TINY.strokes, TINY.points, 2)
    assert len({tuple(points.flatten().tolist()) for points in more.points}) == 3
    fewer = additions(model, part, 2, generator=seeded(1))
    assert torch.equal(fewer.points, more.points[:2])


def test_proposals_are_asked_for_with_the_part_as_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    model, prior = a_prior()
    part, asked, plain = drawing(line((-0.5, 0.0), (0.5, 0.0))), [], prior.propose
    monkeypatch.setattr(prior, "propose", lambda *args, **options: asked.append(args) or plain(*args, **options))
    additions(model, part, 2, generator=seeded())
    assert len(asked) == 2
    assert torch.equal(asked[0][0], part.canvas(TINY.resolution)[0].clamp(max=1))


@pytest.mark.parametrize("expost", [False, True])
def test_a_drawing_without_strokes_is_completed_by_samples(expost: bool) -> None:
    model = tiny_model(dataclasses.replace(TINY, expost=expost)).requires_grad_(False)
    nothing = LatentStrokes(Latents(*(torch.zeros(1, 2, width) for width in model.widths)), torch.zeros(1).long())
    sample = model.sample(5, generator=seeded(1))
    completed = completions(model, nothing, 5, generator=seeded(1))
    assert torch.equal(completed.points, strokes_of(model, sample.latents, sample.strokes).points)


def test_a_prior_that_can_go_on_does() -> None:
    model = tiny_model().requires_grad_(False)
    inference = model.infer(scribbles(1))
    given = LatentStrokes(inference.latents, torch.tensor([1]))
    completed = completions(model, given, 5, strokes=3, generator=seeded(1))
    five = LatentStrokes(Latents(*(part.expand(5, -1, -1) for part in given.latents)), given.strokes.expand(5))
    followed = model.prior.follow(five, 3, generator=seeded(1))
    assert torch.equal(completed.points, strokes_of(model, *followed).points)
    assert torch.equal(completed.mask, followed.mask)


def test_the_papers_way_goes_on_with_the_prior_that_was_learned_with_the_model() -> None:
    model, prior = a_prior()
    latents = Latents(torch.zeros(1, 2, 4), torch.zeros(1, 2, model.appearance.width))
    given = LatentStrokes(latents, torch.tensor([1]))
    completed = completions(model, given, 4, way="paper", strokes=2, generator=seeded(3))
    repeated = LatentStrokes(Latents(*(part.expand(4, -1, -1) for part in latents)), torch.ones(4, dtype=torch.long))
    expected = strokes_of(model, *prior.joint.follow(repeated, 2, generator=seeded(3)))
    assert_allclose(completed.points, expected.points)
    assert completed.mask.tolist() == expected.mask.tolist()
    nothing = LatentStrokes(latents, torch.tensor([0]))
    sampled = strokes_of(model, *prior.joint.sample(4, 2, generator=seeded(3)))
    assert_allclose(completions(model, nothing, 4, way="paper", generator=seeded(3)).points, sampled.points)


def test_an_unknown_way_is_refused() -> None:
    model, _ = a_prior()
    latents = Latents(torch.zeros(1, 2, 4), torch.zeros(1, 2, model.appearance.width))
    with pytest.raises(DoodError, match="way 'other' of completing is unknown: use best or paper"):
        completions(model, LatentStrokes(latents, torch.tensor([1])), 1, way="other")
