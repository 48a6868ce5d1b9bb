"""Drawers told apart by pixels."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from dood.evaluation.writers import looks, relative, told


def picture(lean: float = 0.0, size: float = 0.6, place: float = 0.5, pen: int = 4, side: int = 105) -> np.ndarray:
    """Ink 255: an upright line and a level one, which lean, of a size, in a place."""
    image = Image.new("L", (side, side))
    draw = ImageDraw.Draw(image)
    reach, middle = side * size / 2, side * place
    draw.line((middle - lean * reach, middle + reach, middle + lean * reach, middle - reach), 255, pen)
    draw.line((middle - reach, middle, middle + reach, middle), 255, pen)
    return np.asarray(image)


def test_looks_differ_by_place_size_lean_and_pen_and_hardly_by_resolution() -> None:
    plain = looks(picture())
    # But for the thickness of the ink, which is in whole pixels.
    noise = np.abs(looks(picture(side=210, pen=8)) - plain)
    assert np.delete(noise, 20).max() < 0.06
    for other in (picture(lean=0.5), picture(size=0.4), picture(place=0.6), picture(pen=8)):
        assert np.abs(looks(other) - plain).max() > 0.1
    assert np.isfinite(looks(np.zeros((28, 28), np.uint8))).all()


def test_relative_leaves_out_whose_drawing_it_is() -> None:
    real = np.random.default_rng(0).normal(size=(3, 4, 2))
    for d in range(4):
        others = np.delete(real, d, 1).mean(1)
        np.testing.assert_allclose(relative(real, real)[:, d], real[:, d] - others)


@pytest.mark.parametrize("noise", [0.1, 10.0])
def test_a_drawer_is_told_where_chance_is_less_than_what_is_its(noise: float) -> None:
    generator = np.random.default_rng(1)
    hands, characters = generator.normal(size=(20, 6)), generator.normal(size=(40, 1, 6))
    real = hands + characters + noise * generator.normal(size=(40, 20, 6))
    seen = relative(real, real)
    right = told(seen[20:], seen[:20])
    assert right.shape == (20, 20)
    assert right.mean() > 0.9 if noise < 1 else right.mean() < 0.3
    moved = (np.arange(20) + 3) % 20
    assert told(seen[20:][:, moved], seen[:20], moved).mean() == pytest.approx(right.mean())
