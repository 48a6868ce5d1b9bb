"""The recognition model: what it looks at, and where it starts."""

import pytest
import torch
from numpy.testing import assert_allclose

from dood.models.generative import START_HARDNESS, START_LAYOUT_STD, START_RADIUS, START_SCALE, shrink
from dood.models.recognition import START_PEN_STD, START_POINT_STD, Recognition
from tests.tiny import TINY, scribbles, seeded, tiny_model


@pytest.fixture
def recognition() -> Recognition:
    return tiny_model().recognition.requires_grad_(False)


def spread(distribution: torch.distributions.Distribution) -> torch.Tensor:
    return distribution.variance.sqrt()


def test_the_first_layout_is_in_the_middle_at_half_size_and_tight(recognition: Recognition) -> None:
    seen = torch.zeros(1, TINY.features)
    density = recognition.layout(seen, torch.zeros(1, TINY.hidden))
    layout = recognition.ranges.layout(density.mean)
    assert layout.scale.item() == pytest.approx(START_SCALE, abs=0.03)
    assert_allclose(layout.shift, 0, atol=0.05)
    assert_allclose(layout.angle, 0, atol=0.05)
    assert_allclose(spread(density), START_LAYOUT_STD, rtol=0.2)


def test_the_first_stroke_has_a_plain_pen(recognition: Recognition) -> None:
    """Whatever the image, once the weights of the heads, which start small, are taken out."""
    for name, weight in recognition.named_parameters():
        if name.endswith("_head.2.weight"):
            weight.zero_()
    density = recognition.stroke(scribbles(1), scribbles(1), torch.zeros(1, 4), torch.zeros(1, TINY.hidden))
    pen = recognition.ranges.pen(density.pen.mean)
    assert_allclose(pen.radius, START_RADIUS, rtol=1e-4)
    assert_allclose(pen.hardness, START_HARDNESS, rtol=1e-4)
    assert_allclose(density.points.mean, 0, atol=1e-6)
    assert_allclose(spread(density.points), START_POINT_STD, rtol=1e-4)
    assert_allclose(spread(density.pen), START_PEN_STD, rtol=1e-4)


def test_what_is_drawn_already_changes_what_is_seen(recognition: Recognition) -> None:
    target = shrink(scribbles(2), TINY.frame_size)
    blank, drawn = (recognition.look(target, canvas) for canvas in (torch.zeros(2, 12, 12), scribbles(2)))
    assert blank.shape == (2, TINY.features)
    assert (blank != drawn).any(-1).all()


def test_a_stroke_depends_on_the_image_under_its_layout_only(recognition: Recognition) -> None:
    """Ink in a far corner is not seen through a small frame in the opposite one."""
    layout = torch.tensor([[-20.0, -1.0, -1.0, 0.0]])
    state = torch.zeros(1, TINY.hidden)
    image = scribbles(1)
    far, near = image.clone(), image.clone()
    far[:, -2:, -2:] = 1
    near[:, :6, :6] += 0.5
    first, same, other = (recognition.stroke(x, x, layout, state).points.mean for x in (image, far, near))
    assert torch.equal(first, same)
    assert not torch.allclose(first, other)


def test_it_starts_by_drawing_rather_than_by_stopping(recognition: Recognition) -> None:
    logits = recognition.on(torch.rand(4, TINY.features, generator=seeded()))
    assert logits.shape == (4,)
    assert (logits > 1).all()
