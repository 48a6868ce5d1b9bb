"""The outline of ink lies where the ink's edge is known to be."""

import numpy as np
import pytest

from dood.tracing.outline import line_level, outline_of
from tests.tracing.inked import inked


@pytest.mark.parametrize("dark", [1.0, 0.6])
def test_a_dots_outline_is_its_circle_however_pale(dark: float) -> None:
    points = outline_of(np.float32(dark) * inked([[(20.3, 17.6)]], (40, 36), pen=14, fine=16), 14.0)
    away = np.hypot(*(points - (20.3, 17.6)).T)
    np.testing.assert_allclose(away, 7, atol=0.12)
    around = np.sort(np.arctan2(*(points - (20.3, 17.6)).T))
    assert np.diff(around).max() < 0.3


def test_an_upright_edge_is_told_to_a_fraction_of_a_pixel() -> None:
    ink = np.zeros((9, 12), np.float32)
    ink[:, 5:] = 1
    ink[:, 4] = 0.3
    points = outline_of(ink, 4.0)
    assert len(points) == 9
    np.testing.assert_allclose(
        points[:, 0], 5.5 - 0.5 / 0.7, atol=1e-6
    )  # half of the ink between 0.3 at 4.5 and 1 at 5.5
    np.testing.assert_allclose(points[:, 1], np.arange(9) + 0.5)


def test_the_level_is_half_of_what_is_darkest_nearby() -> None:
    ink = np.zeros((3, 60), np.float32)
    ink[1, 10], ink[1, 40] = 0.9, 0.2
    level = line_level(ink, 2.0)
    assert level[1, 12] == pytest.approx(0.45)
    assert level[1, 20] == level[1, 40] == 0.25  # what is nearly blank is compared with half of full ink


def test_there_is_none_without_ink() -> None:
    assert outline_of(np.zeros((5, 5), np.float32), 3.0).shape == (0, 2)
