"""Steps of an inference: what is computed again for all of them at once is what the inference itself computed."""

import dataclasses

import pytest
import torch
from torch.testing import assert_close

from dood.errors import DoodError
from dood.inference.steps import steps
from dood.models.config import ModelConfig
from dood.models.dood import DooD
from dood.training.presets import MODELS
from tests.tiny import TINY, scribbles, seeded, tiny_model

CORRECTED = dataclasses.replace(TINY, corrections=2)


def lively(config: ModelConfig) -> DooD:
    """A model whose heads do not start small, so that its strokes differ by image and step."""
    model = tiny_model(config)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "_head" in name and name.endswith("weight"):
                weight.mul_(4)
    return model


@pytest.mark.parametrize("config", [CORRECTED, dataclasses.replace(TINY, guidance=False, corrections=0)])
def test_the_last_guess_is_the_stroke_that_was_inferred(config: ModelConfig) -> None:
    model, images = lively(config), scribbles(3)
    found = steps(model, images, strokes=4, samples=2, generator=seeded())
    stroke, layout = found.trace.latents.stroke, found.trace.latents.layout
    scale = model.layout_range.frame(layout.flatten(0, 1)).scale
    drawn = model.composite(model.appearance.draft(stroke.flatten(0, 1), scale, config.glimpse_size))
    assert_close(found.drafts[:, :, -1], drawn.unflatten(0, (3, 4)), atol=1e-5, rtol=1e-4)
    assert found.drafts.shape == (3, 4, 1 + config.corrections, 8, 8)
    assert found.glimpses.shape == (3, 4, 1 + config.guidance, 8, 8)
    if config.corrections:
        assert (found.drafts[:, :, 0] - found.drafts[:, :, -1]).abs().max() > 1e-3, "it is corrected"


def test_with_guidance_the_second_glimpse_is_what_the_canvas_leaves() -> None:
    model, images = lively(TINY), scribbles(2)
    found = steps(model, images, samples=1, generator=seeded())
    assert_close(found.glimpses[:, 0, 0], found.glimpses[:, 0, 1])
    left = found.glimpses[:, 1, 0] - found.glimpses[:, 1, 1]
    assert left.max() > 0.05, "the first stroke is taken off"
    assert left.min() > -1e-6


def test_going_on_makes_the_distribution_of_the_number_of_strokes() -> None:
    found = steps(lively(TINY), scribbles(3), strokes=5, samples=1, generator=seeded())
    reached = torch.cat([torch.ones(3, 1), found.go_on], 1).cumprod(1)
    stops = torch.cat([1 - found.go_on, torch.ones(3, 1)], 1)
    assert_close(found.trace.stop_q.probs, reached * stops, atol=1e-6, rtol=1e-5)


def test_samples_of_a_step_have_the_posteriors_moments() -> None:
    model, images = lively(TINY), scribbles(2)
    samples = steps(model, images, samples=4000, generator=seeded()).samples.layout
    inferred = model.infer(images)
    assert samples.shape == (2, 2, 4000, 4)
    assert_close(samples.mean(2), inferred.latents.layout.detach(), atol=0.01, rtol=0)
    assert_close(samples.std(2), inferred.std[..., :4].detach(), atol=0, rtol=0.1)


def test_samples_of_an_image_depend_on_no_other() -> None:
    model, images = lively(TINY), scribbles(2)
    both = steps(model, images, samples=3, generator=[seeded(1), seeded(2)]).samples
    alone = steps(model, images[1:], samples=3, generator=[seeded(2)]).samples
    assert_close(both.stroke[1:], alone.stroke, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_model_can_be_looked_into(name: str) -> None:
    model = tiny_model(dataclasses.replace(TINY, **MODELS[name]))
    found = steps(model, scribbles(2), samples=2, generator=seeded())
    assert found.drafts.shape[:2] == (2, 2)
    assert all(torch.isfinite(part).all() for part in (found.drafts, found.log_likelihood, found.trace.log_p))


def test_ink_out_of_range_is_refused() -> None:
    with pytest.raises(DoodError, match="ink lies in"):
        steps(tiny_model(), 255 * scribbles(1))
