"""From images to strokes in one go."""

import torch
from numpy.testing import assert_allclose
from torch import Tensor

from dood.core.renderer import composite
from dood.inference.parsing import Parse, parse
from dood.models.dood import DooD
from dood.models.latents import LatentStrokes
from tests.engines.deciding import vary
from tests.tiny import scribbles, tiny_model


def drawn(model: DooD, parsed: Parse) -> Tensor:
    """The canvas of the strokes that count, drawn anew one image at a time."""
    canvases = []
    for b, count in enumerate(parsed.strokes.tolist()):
        latents = type(parsed.latents)(*(part[b : b + 1, :count] for part in parsed.latents))
        canvases.append(composite(model.render(latents, 12, 12).sum(1))[0])
    return torch.stack(canvases).detach()


def test_it_is_the_mean_and_the_most_probable_count() -> None:
    model, images = tiny_model(seed=1), scribbles(4)
    parsed, trace = parse(model, images), model(images)
    assert torch.equal(parsed.latents.stroke, trace.latents.stroke)
    assert torch.equal(parsed.strokes, trace.stop_q.probs.argmax(-1))
    assert not parsed.canvases.requires_grad


def test_the_canvas_shows_the_strokes_that_count() -> None:
    model, images = tiny_model(seed=1), scribbles(16)
    vary(model, images)
    parsed = parse(model, images)
    assert len(set(parsed.strokes.tolist())) > 1
    assert_allclose(parsed.canvas, drawn(model, parsed), atol=1e-5)


def test_more_strokes_may_be_asked_for_than_the_model_was_trained_with() -> None:
    parsed = parse(tiny_model(seed=1), scribbles(2), strokes=5)
    assert parsed.latents.layout.shape == (2, 5, 4)
    assert parsed.canvases.shape == (2, 6, 12, 12)
    assert (parsed.strokes <= 5).all()


def test_it_uses_no_randomness() -> None:
    before = torch.random.get_rng_state()
    parse(tiny_model(seed=1), scribbles(2))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_going_on_from_strokes_is_as_if_they_had_just_been_inferred() -> None:
    model, images = tiny_model(seed=1), scribbles(4)
    whole = model.infer(images, strokes=5)
    first = type(whole.latents)(*(part[:, :3] for part in whole.latents))
    later = model.infer(images, strokes=2, given=LatentStrokes(first, torch.full((4,), 3)))
    assert_allclose(later.latents.stroke.detach(), whole.latents.stroke[:, 3:].detach(), rtol=1e-3, atol=1e-4)
    assert_allclose(later.canvases.detach(), whole.canvases[:, 3:].detach(), atol=1e-4)


def test_strokes_that_do_not_count_are_not_gone_on_from() -> None:
    """With counts 0 to 3 of three strokes, each image goes on as it would from just those."""
    model, images, counts = tiny_model(seed=1), scribbles(4), torch.arange(4)
    whole = model.infer(images, strokes=4)
    first = type(whole.latents)(*(part[:, :3] for part in whole.latents))
    later = model.infer(images, strokes=1, given=LatentStrokes(first, counts))
    expected = whole.latents.stroke[torch.arange(4), counts]
    assert_allclose(later.latents.stroke[:, 0].detach(), expected.detach(), rtol=1e-3, atol=1e-4)
