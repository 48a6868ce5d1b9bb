"""Looking at a picture in the eight views of the square."""

import dataclasses

import pytest
import torch
from numpy.testing import assert_allclose
from torch import nn

from dood.core.symmetries import SYMMETRIES
from dood.errors import DoodError
from dood.inference.variational import amortised, most_probable
from dood.inference.views import best_views, infer_viewed
from dood.models.dood import DooD
from dood.training.presets import MODELS
from tests.tiny import TINY, scribbles, seeded, tiny_model

EACH = torch.arange(SYMMETRIES)


@pytest.fixture
def model() -> DooD:
    """Recognition that says something else of every picture."""
    model = tiny_model().requires_grad_(False)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        for head in (model.recognition.layout_head, model.recognition.stroke_head):
            nn.init.normal_(head[-1].weight, std=0.5)
    return model


def turned(images: torch.Tensor) -> torch.Tensor:
    each = [(image.flip(-1) if k >= 4 else image).rot90(k % 4) for k, image in enumerate(images)]
    return torch.stack(each)


def test_the_view_as_it_is_is_no_other_than_the_models_own(model: DooD) -> None:
    images, noise = scribbles(3), model.noise(3, generator=seeded())
    seen, own = infer_viewed(model, images, torch.zeros(3, dtype=torch.long), noise), model.infer(images, noise)
    for part, expected in zip(
        (*seen.latents, seen.canvases, seen.std), (*own.latents, own.canvases, own.std), strict=True
    ):
        assert torch.equal(part, expected)


def test_what_is_seen_in_a_view_is_what_the_model_says_of_the_turned_picture(model: DooD) -> None:
    image = scribbles(1)
    noise = model.noise(1, generator=seeded()).expand(SYMMETRIES, -1, -1)
    images = image.expand(SYMMETRIES, -1, -1)
    seen, said = infer_viewed(model, images, EACH, noise), model.infer(turned(images), noise)
    assert_allclose(seen.log_q, said.log_q, rtol=1e-5)
    for k in range(SYMMETRIES):
        back = said.canvases[k].rot90(-(k % 4), (1, 2))
        assert torch.equal(seen.canvases[k], back.flip(-1) if k >= 4 else back)


def test_the_strokes_draw_what_was_seen(model: DooD) -> None:
    """Rendered anew they give the canvas that was turned back, so points, shifts and angles went the right way."""
    images = scribbles(1).expand(SYMMETRIES, -1, -1)
    seen = infer_viewed(model, images, EACH, model.noise(SYMMETRIES, generator=seeded()))
    assert seen.latents.layout[..., 3].abs().min() > 1e-3, "strokes lie at an angle"
    assert_allclose(model.canvases(seen.latents, 12, 12), seen.canvases, atol=1e-5)


def test_the_posterior_of_a_view_has_its_strokes_and_deviations(model: DooD) -> None:
    images = scribbles(1).expand(SYMMETRIES, -1, -1)
    posterior, seen = amortised(model, images, view=EACH), infer_viewed(model, images, EACH)
    assert_allclose(most_probable(model, images, posterior).canvases, seen.canvases, atol=1e-5)
    assert torch.equal(posterior.log_std, seen.std.log())
    assert_allclose(posterior.log_std.sort(-1).values, model.infer(turned(images)).std.log().sort(-1).values)


def test_the_best_view_is_the_one_in_which_the_picture_is_read_right(model: DooD) -> None:
    """A model that sees the same strokes in every picture is right where the picture shows them."""
    for head in (model.recognition.layout_head, model.recognition.stroke_head):
        nn.init.zeros_(head[-1].weight)
        nn.init.normal_(head[-1].bias, std=0.5, generator=seeded(2))
    model.likelihood.raw.fill_(-2)
    pictures = infer_viewed(model, scribbles(SYMMETRIES), EACH).canvases[:, -1]
    assert torch.equal(best_views(model, pictures), EACH)


def test_codes_of_a_network_cannot_beturned() -> None:
    model = tiny_model(dataclasses.replace(TINY, **MODELS["difference-air"])).requires_grad_(False)
    with pytest.raises(DoodError, match="appearance 'neural' has no control points to turn"):
        best_views(model, scribbles(2))
