"""What the numbers of a stroke stand for."""

import dataclasses

import pytest
import torch
from numpy.testing import assert_allclose

from dood.core.geometry import Similarity, pixel_centres
from dood.models.appearance import APPEARANCES, START_HARDNESS, START_RADIUS, Appearance, Neural, NeuralStroke, Spline
from tests.tiny import TINY, seeded


def frames(*shape: int) -> Similarity:
    scale, angle = 0.2 + torch.rand(shape, generator=seeded()), torch.rand(shape, generator=seeded(1)) - 0.5
    return Similarity(scale, 0.5 * torch.randn(*shape, 2, generator=seeded(2)), angle)


@pytest.fixture(params=sorted(APPEARANCES))
def appearance(request: pytest.FixtureRequest) -> Appearance:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return APPEARANCES[request.param](dataclasses.replace(TINY, curve_samples=24, draft_samples=24)).requires_grad_(
            False
        )


def test_the_blocks_are_all_the_numbers(appearance: Appearance) -> None:
    assert sum(block.count * block.width for block in appearance.blocks) == appearance.width
    for moments in (appearance.start_mean, appearance.start_std, appearance.prior_std):
        assert moments.shape == (appearance.width,)


def test_nothing_learned_a_stroke_hardly_varies_and_a_patch_is_nearly_blank(appearance: Appearance) -> None:
    code = type(appearance) is Neural
    assert_allclose(appearance.start_std, 0.3 if code else 0.1)
    assert_allclose(appearance.prior_std, 1.0 if code else 0.5)
    if isinstance(appearance, Neural):
        last = [layer for layer in appearance.decoder.modules() if isinstance(layer, torch.nn.Linear)][-1]
        last.weight.zero_()
        torch.nn.init.zeros_(last.bias)
        assert_allclose(appearance.patch(appearance.start_mean), 0.126928, rtol=1e-5)


def test_strokes_are_drawn_alike_alone_and_together(appearance: Appearance) -> None:
    stroke, frame = torch.randn(2, 3, appearance.width, generator=seeded()), frames(2, 3)
    together = appearance.ink(stroke, frame, 10, 14)
    alone = appearance.ink(stroke[1, 2], Similarity(*(part[1, 2] for part in frame)), 10, 14)
    assert together.shape == (2, 3, 10, 14)
    assert (together >= 0).all()
    assert_allclose(together[1, 2], alone, atol=1e-5)


def test_a_draft_is_the_ink_in_a_frame_that_is_the_canvas(appearance: Appearance) -> None:
    """Where a frame of scale 1 lies in the middle, drawn at the side of a glimpse."""
    stroke = appearance.start_mean + 0.3 * torch.randn(2, appearance.width, generator=seeded())
    whole = Similarity(torch.ones(2), torch.zeros(2, 2), torch.zeros(2))
    draft = appearance.draft(stroke, whole.scale, TINY.glimpse_size)
    ink = appearance.ink(stroke, whole, TINY.glimpse_size, TINY.glimpse_size)
    assert_allclose(draft, ink, atol=0.1 * float(ink.max()))


def test_a_draft_of_another_side_has_the_same_shades(appearance: Appearance) -> None:
    stroke = appearance.start_mean + 0.3 * torch.randn(2, appearance.width, generator=seeded())
    side = TINY.glimpse_size
    whole, small = (appearance.draft(stroke, torch.ones(2), size) for size in (side, side // 2))
    assert whole.shape[1:] == (side, side)
    assert small.shape[1:] == (side // 2, side // 2)
    if isinstance(appearance, Neural):
        assert_allclose(small.mean((1, 2)), whole.mean((1, 2)), rtol=0.1)


def test_what_is_drawn_moves_and_grows_with_its_frame(appearance: Appearance) -> None:
    stroke = appearance.start_mean.expand(3, -1)
    frame = Similarity(
        torch.tensor([0.3, 0.3, 0.6]), torch.tensor([[0.0, 0.0], [0.4, -0.3], [0.0, 0.0]]), torch.zeros(3)
    )
    ink = appearance.ink(stroke, frame, 60, 60)
    centres = pixel_centres(60)
    mass = ink.sum((1, 2))
    x, y = (ink.sum(1) @ centres) / mass, (ink.sum(2) @ centres) / mass
    assert_allclose(x[1] - x[0], 0.4, atol=0.02)
    assert_allclose(y[1] - y[0], -0.3, atol=0.02)
    if isinstance(appearance, Neural):
        assert mass[2] / mass[0] == pytest.approx(4, rel=0.05)


def test_the_points_are_placed_by_the_frame() -> None:
    spline = Spline(TINY)
    stroke, frame = torch.randn(2, 3, spline.width, generator=seeded()), frames(2, 3)
    points = spline.points(stroke)
    assert points.shape == (2, 3, TINY.points, 2)
    placed = frame.apply(points)
    for b in range(2):
        for t in range(3):
            one = Similarity(*(part[b, t] for part in frame))
            assert_allclose(placed[b, t], one.apply(points[b, t]), atol=1e-6)


def test_every_pen_is_within_its_ranges() -> None:
    spline = Spline(TINY)
    pen = spline.pen(30 * torch.randn(500, spline.width, generator=seeded()))
    for value, (low, high) in ((pen.radius, TINY.radius_range), (pen.hardness, TINY.hardness_range)):
        assert low - 1e-6 <= value.min() < low + 0.05 * (high - low)
        assert high + 1e-6 >= value.max() > high - 0.05 * (high - low)


def test_the_last_numbers_are_the_radii_and_then_the_hardness() -> None:
    spline = Spline(TINY)
    pen = spline.pen(torch.tensor([0.0] * 2 * TINY.points + [-50.0, 0.0, 50.0]))
    low, high = TINY.radius_range
    assert_allclose(pen.radius, [low, (low + high) / 2], atol=1e-6)
    assert_allclose(pen.hardness, TINY.hardness_range[1], atol=1e-6)


def test_a_spline_starts_as_a_dot_with_a_plain_pen() -> None:
    spline = Spline(TINY)
    pen = spline.pen(spline.start_mean)
    assert_allclose(pen.radius, START_RADIUS, rtol=1e-4)
    assert_allclose(pen.hardness, START_HARDNESS, rtol=1e-4)
    assert (spline.points(spline.start_mean) == 0).all()


def test_a_neural_stroke_has_the_numbers_of_a_spline_and_a_neural_part_its_own() -> None:
    spline, stroke = Spline(TINY), NeuralStroke(TINY)
    assert (stroke.width, stroke.blocks) == (spline.width, spline.blocks)
    assert torch.equal(stroke.start_mean, spline.start_mean)
    assert Neural(dataclasses.replace(TINY, code=3)).width == 3
