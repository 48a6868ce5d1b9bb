"""The recognition model: what it looks at, and where it starts."""

import dataclasses
import itertools

import pytest
import torch
from numpy.testing import assert_allclose

from dood.core.geometry import shrink
from dood.models.config import ModelConfig
from dood.models.latents import START_SCALE
from dood.models.memory import State
from dood.models.recognition import START_LAYOUT_STD, Recognition
from tests.tiny import TINY, scribbles, seeded, tiny_model

UNGUIDED = dataclasses.replace(TINY, guidance=False, corrections=0)


@pytest.fixture
def recognition() -> Recognition:
    return tiny_model().recognition.requires_grad_(False)


def spread(distribution: torch.distributions.Distribution) -> torch.Tensor:
    return distribution.variance.sqrt()


def test_the_first_layout_is_in_the_middle_at_half_size_and_tight(recognition: Recognition) -> None:
    seen = torch.zeros(1, TINY.features)
    density = recognition.layout(seen, torch.zeros(1, TINY.hidden))
    frame = recognition.layout_range.frame(density.mean)
    assert frame.scale.item() == pytest.approx(START_SCALE, abs=0.03)
    assert_allclose(frame.shift, 0, atol=0.05)
    assert_allclose(frame.angle, 0, atol=0.05)
    assert_allclose(spread(density), START_LAYOUT_STD, rtol=0.2)


def test_the_first_stroke_is_what_the_appearance_starts_from(recognition: Recognition) -> None:
    """Whatever the image, once the weights of the heads, which start small, are taken out."""
    for name, weight in recognition.named_parameters():
        if name.endswith("_head.2.weight"):
            weight.zero_()
    appearance = tiny_model().appearance
    density = recognition.stroke(scribbles(1), torch.zeros(1, 12, 12), torch.zeros(1, 4), torch.zeros(1, TINY.hidden))
    assert_allclose(density.mean, appearance.start_mean.unsqueeze(0), atol=1e-6)
    assert_allclose(spread(density), appearance.start_std.unsqueeze(0), rtol=1e-4)


@pytest.mark.parametrize("guided", [True, False])
def test_what_is_drawn_already_is_seen_with_guidance_only(guided: bool) -> None:
    recognition = tiny_model(TINY if guided else UNGUIDED).recognition.requires_grad_(False)
    target, blank, drawn = scribbles(2), torch.zeros(2, 12, 12), scribbles(2, seed=1)
    state, layout = torch.zeros(2, TINY.hidden), torch.zeros(2, 4)
    without, given = (recognition.encode(shrink(target, TINY.frame_size), canvas) for canvas in (blank, drawn))
    assert without.shape == (2, TINY.features)
    assert (without != given).any() == guided
    without, given = (recognition.stroke(target, canvas, layout, state).mean for canvas in (blank, drawn))
    assert (without != given).any() == guided


def test_a_stroke_depends_on_the_image_under_its_layout_only(recognition: Recognition) -> None:
    """Ink in a far corner is not seen through a small frame in the opposite one."""
    layout = torch.tensor([[-20.0, -1.0, -1.0, 0.0]])
    state, blank = torch.zeros(1, TINY.hidden), torch.zeros(1, 12, 12)
    image = scribbles(1)
    far, near = image.clone(), image.clone()
    far[:, -2:, -2:] = 1
    near[:, :6, :6] += 0.5
    first, same, other = (recognition.stroke(x, blank, layout, state).mean for x in (image, far, near))
    assert torch.equal(first, same)
    assert not torch.allclose(first, other)


def test_it_starts_by_drawing_rather_than_by_stopping(recognition: Recognition) -> None:
    logits = recognition.continue_logit(torch.rand(4, TINY.features, generator=seeded()))
    assert logits.shape == (4,)
    assert (logits > 1).all()


@pytest.mark.parametrize("config", [TINY, UNGUIDED])
def test_stop_features_of_several_steps_are_those_of_each(config: ModelConfig) -> None:
    recognition = tiny_model(config).recognition.requires_grad_(False)
    seen, state = (torch.randn(2, 3, TINY.features, generator=seeded(i)) for i in (0, 1))
    together = recognition.stop_features(seen, State(state, state))
    assert together.shape == (2, 3, recognition.stop_width)
    for t in range(3):
        assert torch.equal(together[:, t], recognition.stop_features(seen[:, t], State(state[:, t], state[:, t])))


def test_a_stroke_is_the_last_guess_of_a_look() -> None:
    recognition = tiny_model(dataclasses.replace(TINY, corrections=2)).recognition.requires_grad_(False)
    given = scribbles(2), scribbles(2, seed=1), torch.zeros(2, 4), torch.zeros(2, TINY.hidden)
    look = recognition.look(*given)
    assert len(look.guesses) == 3
    assert look.glimpse.shape == (2, 2, TINY.glimpse_size, TINY.glimpse_size)
    assert_allclose(look.guesses[-1].chunk(2, -1)[0], recognition.stroke(*given).mean)
    assert all((one != other).any() for one, other in itertools.pairwise(look.guesses))
