"""Strokes painted as pixels."""

import math

import numpy as np
import pytest

from dood.drawing import MAX_COORDINATE, MAX_SIZE, Drawing
from dood.drawing.formats.ink import Trace, paint
from dood.drawing.formats.png import to_png
from dood.errors import DoodError
from tests.drawing.made import EMPTY, ink, stroke


def test_png_has_ink_along_the_curve_and_nowhere_else(drawing: Drawing) -> None:
    found = ink(to_png(drawing))
    assert found.shape == (200, 300)
    y, x = np.indices(found.shape) + 0.5
    gap = np.full(found.shape, np.inf)
    for one in drawing.strokes:
        for (px, py), width in zip(one.curve(600), one.width_at(600), strict=True):
            gap = np.minimum(gap, np.hypot(x - px, y - py) - width / 2)
    assert found[gap < -0.75].min() == 1
    assert found[gap > 0.75].max() == 0
    edge = np.abs(gap) < 0.4
    assert np.abs(found[edge] - np.clip(0.5 - gap[edge], 0, 1)).max() < 0.12


@pytest.mark.parametrize("width", [0.6, 1, 1.5, 4, 9.3])
@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_png_has_as_much_ink_as_the_pen_gives(width: float, scale: float) -> None:
    one = stroke([[10.3, 12.2], [70.1, 40.7]], width)
    found = ink(to_png(Drawing(80, 60, (one,)), scale)).sum() / scale**2
    assert found == pytest.approx(one.length * width + math.pi * width**2 / 4, rel=0.04)


def test_png_shows_pens_that_are_all_but_nothing() -> None:
    found = ink(to_png(Drawing(50, 50, (stroke([[5, 25.5], [45, 25.5]], 1e-6),))))
    assert found[25, 10:40].min() == pytest.approx(0.5, abs=0.01)


def test_png_of_a_pen_wider_than_the_picture_is_quick_and_black() -> None:
    wide = Drawing(1000, 1000, (stroke([[0, 0], [9e6, -9e6], [1000, 1000], [-9e6, 9e6], [0, 9]], MAX_SIZE, 1e5, 1e6),))
    assert ink(to_png(wide)).min() == 1


def test_png_clips_what_leaves_the_picture() -> None:
    far = Drawing(20, 20, (stroke([[-MAX_COORDINATE, 10], [MAX_COORDINATE, 10]], 4), stroke([[1e6, 1e6]], 9)))
    found = ink(to_png(far))
    assert found[8:12].min() == 1
    assert found[:7].max() == found[13:].max() == 0


@pytest.mark.parametrize(
    ("width", "height", "scale", "size"),
    [(30, 20, 2.5, (75, 50)), (30, 20, 1e9, (4096, 2731)), (1, MAX_SIZE, 1.0, (1, 4096)), (30, 20, 1e-9, (1, 1))],
)
def test_png_sizes_are_bounded(width: int, height: int, scale: float, size: tuple[int, int]) -> None:
    assert to_png(Drawing(width, height), scale).size == size


def test_png_colours() -> None:
    image = to_png(Drawing(20, 20, (stroke([[10, 10]], 8),)), ink="#ff0000", paper="navy")
    assert image.mode == "RGB"
    assert image.getpixel((10, 10)) == (255, 0, 0)
    assert image.getpixel((0, 0)) == (0, 0, 128)


def test_bad_options_of_png_are_named() -> None:
    for scale in (0.0, -2.0, math.nan, math.inf):
        with pytest.raises(DoodError, match=f"scale {scale} is out of range"):
            to_png(EMPTY, scale)
    with pytest.raises(DoodError, match="colour 'blak' is unknown"):
        to_png(EMPTY, ink="blak")


def test_chords_painted_together_are_those_painted_alone() -> None:
    rng = np.random.default_rng(0)
    lines = [Trace(rng.uniform(-5, 45, (n, 2)), rng.uniform(0.3, 6, n)) for n in rng.integers(2, 9, 30)]
    together, alone = np.zeros((2, 40, 50), np.float32)
    paint(together, lines)
    for line in lines:
        for i in range(len(line.points) - 1):
            paint(alone, [Trace(line.points[i : i + 2], line.radii[i : i + 2])])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert 0.3 < together.mean() < 1
