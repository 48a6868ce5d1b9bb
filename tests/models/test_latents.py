"""From the real line to frames."""

import torch
from numpy.testing import assert_allclose

from dood.models.latents import LAYOUT, Latents, LayoutRange
from tests.tiny import TINY, seeded


def test_every_layout_is_within_its_range() -> None:
    frame = LayoutRange(TINY).frame(30 * torch.randn(500, LAYOUT, generator=seeded()))
    for value, (low, high) in (
        (frame.scale, TINY.scale_range),
        (frame.shift, (-TINY.shift_range, TINY.shift_range)),
        (frame.angle, (-TINY.angle_range, TINY.angle_range)),
    ):
        assert low - 1e-6 <= value.min() < low + 0.05 * (high - low)
        assert high + 1e-6 >= value.max() > high - 0.05 * (high - low)


def test_layouts_can_be_had_from_their_frames() -> None:
    layout_range, raw = LayoutRange(TINY), 2 * torch.randn(50, 3, LAYOUT, generator=seeded())
    assert_allclose(layout_range.raw(layout_range.frame(raw)), raw.clamp(-6.9, 6.9), atol=1e-2)
    far = layout_range.frame(raw)._replace(angle=torch.full((50, 3), 9.0))
    assert layout_range.raw(far).isfinite().all()
    assert_allclose(layout_range.frame(layout_range.raw(far)).angle, TINY.angle_range, atol=0.01)


def test_stack_puts_strokes_after_the_batch() -> None:
    none = Latents.none(7, 3, torch.device("cpu"))
    assert all((part == 0).all() for part in none)
    assert [part.shape for part in Latents.stack([none, none])] == [(3, 2, LAYOUT), (3, 2, 7)]


def test_latents_are_the_same_laid_end_to_end_and_back() -> None:
    latents = Latents(torch.randn(2, 3, LAYOUT), torch.randn(2, 3, 7))
    back = Latents.from_flat(latents.flat())
    assert all(torch.equal(one, other) for one, other in zip(latents, back, strict=True))
