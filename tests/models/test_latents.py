"""From the real line to geometry."""

import torch
from numpy.testing import assert_allclose

from dood.geometry import Similarity
from dood.models.latents import Latents, Ranges
from tests.tiny import TINY, seeded


def test_every_layout_and_pen_is_within_its_ranges() -> None:
    ranges = Ranges(TINY)
    raw = 30 * torch.randn(500, 4, generator=seeded())
    layout, pen = ranges.layout(raw), ranges.pen(raw)
    for value, (low, high) in (
        (layout.scale, TINY.scale_range),
        (layout.shift, (-TINY.shift_range, TINY.shift_range)),
        (layout.angle, (-TINY.angle_range, TINY.angle_range)),
        (pen.radius, TINY.radius_range),
        (pen.hardness, TINY.hardness_range),
    ):
        assert low - 1e-6 <= value.min() < low + 0.05 * (high - low)
        assert high + 1e-6 >= value.max() > high - 0.05 * (high - low)


def test_the_layout_is_applied_to_the_points() -> None:
    ranges = Ranges(TINY)
    latents = Latents(*(torch.randn(2, 3, *shape, generator=seeded()) for shape in ((4,), (5, 2), (3,))))
    layout = ranges.layout(latents.layout)
    for b in range(2):
        for t in range(3):
            one = Similarity(*(part[b, t] for part in layout))
            assert_allclose(ranges.place(latents)[b, t], one.apply(latents.points[b, t]), atol=1e-6)


def test_the_last_value_of_the_pen_is_its_hardness() -> None:
    pen = Ranges(TINY).pen(torch.tensor([[-50.0, 0.0, 50.0]]))
    low, high = TINY.radius_range
    assert_allclose(pen.radius, [[low, (low + high) / 2]], atol=1e-6)
    assert_allclose(pen.hardness, [TINY.hardness_range[1]], atol=1e-6)


def test_stack_puts_strokes_after_the_batch() -> None:
    none = Latents.none(TINY, 3, torch.device("cpu"))
    assert all((part == 0).all() for part in none)
    shapes = [part.shape for part in Latents.stack([none, none, none, none])]
    assert shapes == [(3, 4, 4), (3, 4, TINY.points, 2), (3, 4, TINY.pen_points + 1)]
