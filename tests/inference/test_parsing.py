"""From images to strokes: the best guess, the best of several, and refinement."""

from typing import Any

import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor, nn

from dood.core.distributions import stop_time
from dood.core.renderer import composite
from dood.inference.parsing import Parse, error, extend, parse, prune, refine, search
from dood.models.dood import DooD, Inference
from dood.models.latents import LatentStrokes
from tests.tiny import TINY, scribbles, seeded, tiny_model


@pytest.fixture
def model() -> DooD:
    return tiny_model(seed=1)


def drawn(model: DooD, parsed: Parse) -> Tensor:
    """The canvas of the strokes that count, drawn anew one image at a time."""
    canvases = []
    for b, count in enumerate(parsed.strokes.tolist()):
        latents = type(parsed.latents)(*(part[b : b + 1, :count] for part in parsed.latents))
        canvases.append(composite(model.render(latents, 12, 12).sum(1))[0])
    return torch.stack(canvases).detach()


def vary(model: DooD, images: Tensor) -> None:
    """Make the number of strokes depend on the image, so that about half of a batch stops at once."""
    last = model.recognition.on_head[-1]
    assert isinstance(last, nn.Linear)
    with torch.no_grad():
        last.weight.mul_(5000)
        last.bias.sub_(model.recognition.continue_logit(model.infer(images).stop_features[:, 0]).median() + 1e-3)


def test_one_sample_is_the_mean_and_the_most_probable_count(model: DooD) -> None:
    images = scribbles(4)
    parsed, trace = parse(model, images), model(images)
    assert torch.equal(parsed.latents.stroke, trace.latents.stroke)
    assert torch.equal(parsed.strokes, trace.stop_q.probs.argmax(-1))
    assert not parsed.canvases.requires_grad


@pytest.mark.parametrize("samples", [1, 4])
def test_the_canvas_shows_the_strokes_that_count(model: DooD, samples: int) -> None:
    images = scribbles(16)
    vary(model, images)
    parsed = parse(model, images, samples=samples, generator=seeded())
    assert len(set(parsed.strokes.tolist())) > 1
    assert_allclose(parsed.canvas, drawn(model, parsed), atol=1e-5)
    assert_allclose(error(images, parsed), (parsed.canvas - images).square().mean((1, 2)), rtol=1e-6)


def test_more_samples_are_never_worse_and_sometimes_better(model: DooD) -> None:
    images = scribbles(8)
    one, two, many = (error(images, parse(model, images, samples=k, generator=seeded())) for k in (1, 2, 12))
    assert (two <= one).all()
    assert (many <= two).all()
    assert (many < one).any()


def test_the_best_is_chosen_for_each_image_alone(model: DooD, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each image keeps its own best sample whole: latents, number of strokes and canvases."""
    images, infer, tries = scribbles(8), model.infer, []

    def undecided(*arguments: Any, **settings: Any) -> Inference:
        """The model's inference, with any number of strokes."""
        logits = 3 * torch.randn(8, TINY.strokes, generator=seeded(len(tries)))
        tries.append(infer(*arguments, **settings)._replace(stop_q=stop_time(logits)))
        return tries[-1]

    monkeypatch.setattr(model, "infer", undecided)
    best = parse(model, images, samples=5, generator=seeded())
    parses = [Parse(t.latents, t.stop_q.probs.argmax(-1), t.canvases) for t in tries]
    errors = torch.stack([error(images, p) for p in parses])
    chosen = errors.argmin(0).tolist()
    assert len(set(chosen)) > 2
    assert_allclose(error(images, best), errors.min(0).values, rtol=1e-6)
    for b, k in enumerate(chosen):
        assert best.strokes[b] == parses[k].strokes[b]
        assert torch.equal(best.canvases[b], parses[k].canvases[b])
        assert all(torch.equal(ours[b], its[b]) for ours, its in zip(best.latents, parses[k].latents, strict=True))


def test_more_strokes_may_be_asked_for_than_the_model_was_trained_with(model: DooD) -> None:
    parsed = parse(model, scribbles(2), strokes=5)
    assert parsed.latents.layout.shape == (2, 5, 4)
    assert parsed.canvases.shape == (2, 6, 12, 12)
    assert (parsed.strokes <= 5).all()


def test_parsing_the_mean_uses_no_randomness(model: DooD) -> None:
    before = torch.random.get_rng_state()
    parse(model, scribbles(2))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_refinement_comes_closer_and_keeps_the_count(model: DooD) -> None:
    images = scribbles(6)
    vary(model, images)
    parsed = parse(model, images)
    refined = refine(model, images, parsed, 30)
    drawing = parsed.strokes > 0
    assert drawing.any()
    assert (error(images, refined) <= error(images, parsed)).all()
    assert (error(images, refined) < error(images, parsed))[drawing].float().mean() > 0.8
    assert torch.equal(refined.strokes, parsed.strokes)
    assert torch.equal(refined.latents.layout, parsed.latents.layout)
    assert_allclose(refined.canvas, drawn(model, refined), atol=1e-5)


def test_refinement_finds_back_a_moved_stroke(model: DooD) -> None:
    parsed = parse(model, scribbles(2))
    shift = torch.tensor([0.15] * 2 * TINY.points + [0.0] * (TINY.pen_points + 1))
    moved = parsed.latents._replace(stroke=parsed.latents.stroke + shift)
    images = composite(model.render(moved, 12, 12).sum(1)).detach()
    start = parsed._replace(strokes=torch.full((2,), TINY.strokes))
    refined = refine(model, images, start, 100)
    assert (error(images, refined) < 0.1 * error(images, start)).all()


def test_refinement_leaves_the_parse_and_the_model_as_they_were(model: DooD) -> None:
    images = scribbles(2)
    parsed = parse(model, images)
    before = [part.clone() for part in parsed.latents]
    with torch.no_grad():
        refined = refine(model, images, parsed, 3)
    assert all(torch.equal(part, old) for part, old in zip(parsed.latents, before, strict=True))
    assert not any(part.requires_grad for part in refined.latents)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_drawing_that_cannot_gain_keeps_what_it_had(model: DooD) -> None:
    parsed = parse(model, scribbles(3))
    refined = refine(model, parsed.canvas, parsed, 4)
    assert all(torch.equal(new, old) for new, old in zip(refined.latents, parsed.latents, strict=True))
    same = refine(model, scribbles(3), parsed, 0)
    assert torch.equal(same.latents.stroke, parsed.latents.stroke)


def test_pruning_leaves_out_strokes_that_do_not_pay(model: DooD) -> None:
    """A stroke beside the drawing goes, one that draws it stays, and what is left draws what it drew."""
    parsed = parse(model, torch.zeros(3, 12, 12), strokes=4)
    parsed.latents.layout[..., 1] = torch.tensor([-3.0, 3.0, -1.0, 1.0])
    ink = model.render(parsed.latents, 12, 12)
    second_alone = composite(ink[:, 1])
    parsed = parsed._replace(strokes=torch.full((3,), 4))
    pruned = prune(model, second_alone, parsed)
    assert (error(second_alone, pruned) <= error(second_alone, parsed)).all()
    assert (pruned.strokes == 1).all()
    torch.testing.assert_close(pruned.latents.stroke[:, 0], parsed.latents.stroke[:, 1])
    torch.testing.assert_close(pruned.canvas, second_alone)


def test_going_on_from_strokes_is_as_if_they_had_just_been_inferred(model: DooD) -> None:
    images = scribbles(4)
    whole = model.infer(images, strokes=5)
    first = type(whole.latents)(*(part[:, :3] for part in whole.latents))
    later = model.infer(images, strokes=2, given=LatentStrokes(first, torch.full((4,), 3)))
    assert_allclose(later.latents.stroke.detach(), whole.latents.stroke[:, 3:].detach(), rtol=1e-3, atol=1e-4)
    assert_allclose(later.canvases.detach(), whole.canvases[:, 3:].detach(), atol=1e-4)


def test_strokes_that_do_not_count_are_not_gone_on_from(model: DooD) -> None:
    """With counts 0 to 3 of three strokes, each image goes on as it would from just those."""
    images, counts = scribbles(4), torch.arange(4)
    whole = model.infer(images, strokes=4)
    first = type(whole.latents)(*(part[:, :3] for part in whole.latents))
    later = model.infer(images, strokes=1, given=LatentStrokes(first, counts))
    expected = whole.latents.stroke[torch.arange(4), counts]
    assert_allclose(later.latents.stroke[:, 0].detach(), expected.detach(), rtol=1e-3, atol=1e-4)


def test_extending_adds_strokes_after_those_that_count(model: DooD) -> None:
    images = scribbles(3)
    before = parse(model, images, strokes=3)._replace(strokes=torch.tensor([0, 1, 3]))
    after = extend(model, images, before, 2)
    assert after.strokes.tolist() == [2, 3, 5]
    assert_allclose(after.latents.stroke[1, 0], before.latents.stroke[1, 0])
    assert_allclose(after.latents.stroke[2, :3], before.latents.stroke[2])
    assert_allclose(after.canvas, drawn(model, after), atol=1e-5)


def test_a_search_comes_closer_the_more_strokes_it_may_use(model: DooD) -> None:
    images = scribbles(4)
    errors = [error(images, search(model, images, strokes=n, refining=20)).mean() for n in (1, 2, 8)]
    assert errors[0] > errors[1] > errors[2]


def test_a_search_uses_no_more_strokes_than_allowed(model: DooD) -> None:
    images = scribbles(4)
    for strokes in (1, 2, 3, 7):
        found = search(model, images, strokes=strokes, refining=2)
        assert (found.strokes <= strokes).all()
        assert_allclose(found.canvas, drawn(model, found), atol=1e-5)


def test_a_search_without_refinement_still_prunes(model: DooD) -> None:
    images = scribbles(3)
    found = search(model, images, strokes=2, refining=0)
    assert_allclose(error(images, found), error(images, prune(model, images, parse(model, images))), rtol=1e-4)


def test_a_blank_image_needs_no_stroke(model: DooD) -> None:
    found = search(model, torch.zeros(2, 12, 12), strokes=4, refining=2)
    assert found.strokes.tolist() == [0, 0]
    assert found.canvas.max() == 0
