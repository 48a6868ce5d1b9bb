"""From the real line to frames."""

import torch

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


def test_stack_puts_strokes_after_the_batch() -> None:
    none = Latents.none(7, 3, torch.device("cpu"))
    assert all((part == 0).all() for part in none)
    assert [part.shape for part in Latents.stack([none, none])] == [(3, 2, LAYOUT), (3, 2, 7)]


def test_latents_are_the_same_laid_end_to_end_and_back() -> None:
    latents = Latents(torch.randn(2, 3, LAYOUT), torch.randn(2, 3, 7))
    back = Latents.from_flat(latents.flat())
    assert all(torch.equal(one, other) for one, other in zip(latents, back, strict=True))
