"""Characters in the hands of drawers, beside their own."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from dood.evaluation import hands
from dood.evaluation.hands import AGAIN, GIVEN, REAL, TRACED, Figures, Sample, in_hand, measured, rows_of
from tests.concepts.glyphs import PEN, SCRIPT, SIDE

DRAWERS = 4


def drawn(k: int, drawer: int) -> np.ndarray:
    """Character k, ink 255, by a drawer, who has a size and a place."""
    generator = np.random.default_rng((k, drawer))
    image = Image.new("L", (SIDE, SIDE))
    size, place = 0.4 + 0.15 * drawer, 0.35 + 0.1 * drawer
    for corners in SCRIPT[k]:
        points = [(size * (x - 50) + place * SIDE, size * (y - 50) + 50) for x, y in corners]
        points = [(x + generator.normal(), y + generator.normal()) for x, y in points]
        ImageDraw.Draw(image).line(points, 255, PEN)
    return np.asarray(image)


def test_characters_in_a_hand_are_told_to_be_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "GIVENS", (1, 2))
    monkeypatch.setattr(hands, "TEMPLATES", 1)
    images = np.array([[drawn(k, drawer) for drawer in range(DRAWERS)] for k in range(6)])
    sample = measured(images, temperature=0.1)
    names = [REAL, TRACED, GIVEN, AGAIN, in_hand(1), in_hand(2)]
    assert sorted(sample.figures) == sorted(names)
    assert sample.figures[REAL].told > 0.7
    assert sample.figures[TRACED].told > 0.7
    assert sample.figures[GIVEN].source > 0.7 > 0.3 > sample.figures[GIVEN].told
    assert sample.figures[in_hand(2)].told > sample.figures[AGAIN].told + 0.2
    assert sample.figures[in_hand(2)].source < sample.figures[GIVEN].source
    assert sample.figures[in_hand(2)].kept > 0.7
    assert [len(some) for some in (sample.given, *sample.shown)] == [2, 4, 4, 4]


def test_rows_are_relative_to_the_drawers_own_beyond_chance() -> None:
    samples = [
        Sample({REAL: Figures(own, 0.65, 0.05, 1.0), AGAIN: Figures(0.15, 0.35, 0.2, 0.9)}, [], ([], [], []))
        for own in (0.2, 0.3)
    ]
    real, again = rows_of(samples)
    assert (real.relative, real.low, real.high, real.together_relative) == pytest.approx((1, 1, 1, 1))
    assert again.told == pytest.approx(0.15)
    assert again.relative == pytest.approx(0.1 / 0.2)
    assert (again.low, again.high) == pytest.approx((0.1 / 0.25, 0.1 / 0.15))
    assert again.together_relative == pytest.approx(0.3 / 0.6)
    assert (again.source, again.kept) == pytest.approx((0.2, 0.9))
