"""Lines at even spacing, their corners, and what smoothing moves."""

import numpy as np
import pytest

from dood.tracing.chains import Path
from dood.tracing.smoothing import Lines, corners_of, evenly, smoothed
from tests.tracing.inked import circle


def path(*corners: tuple[float, float], closed: bool = False) -> Path:
    points = np.array(corners, float)
    return Path(points, np.linspace(1, 3, len(points)), closed)


def test_points_lie_evenly_along_each_path() -> None:
    lines = evenly([path((0, 0), (10, 0)), path((0, 5), (0, 5.5)), path((3, 0), (3, 4), (6, 4))])
    assert lines.starts.tolist() == [0, 11, 13, 21]
    np.testing.assert_allclose(lines.points[:11, 0], np.arange(11))
    np.testing.assert_allclose(lines.widths[:11], 1 + 0.2 * np.arange(11))
    np.testing.assert_allclose(lines.points[11:13], [[0, 5], [0, 5.5]])
    np.testing.assert_allclose(lines.points[[13, 17, 20]], [[3, 0], [3, 4], [6, 4]])
    assert lines.owner.tolist() == [0] * 11 + [1] * 2 + [2] * 8
    assert len(evenly([path((0, 0), (10, 0))], step=2.0).points) == 6


@pytest.mark.parametrize("pen", [1.0, 4.0])
def test_a_right_angle_is_a_corner_and_ends_and_bends_are_none(pen: float) -> None:
    bent = evenly([path((0, 0), (20, 0), (20, 20)), path((0, 40), (30, 40)), path(*circle(60, 60, 20).tolist())])
    assert np.flatnonzero(corners_of(bent, pen)).tolist() == [20]


def test_the_corner_of_a_closed_line_may_lie_where_it_was_cut() -> None:
    square = evenly([path((0, 0), (20, 0), (20, 20), (0, 20), (0, 0), closed=True)])
    assert np.flatnonzero(corners_of(square, 4.0)).tolist() == [0, 20, 40, 60, 80]


def test_an_angle_of_less_than_55_degrees_is_no_corner() -> None:
    for degrees, count in ((50, 0), (60, 1)):
        turn = np.deg2rad(degrees)
        bent = evenly([path((0, 0), (30, 0), (30 + 30 * np.cos(turn), 30 * np.sin(turn)))])
        assert corners_of(bent, 4.0).sum() == count


def zigzag() -> Lines:
    points = np.stack([np.arange(30.0), np.where(np.arange(30) % 2, 0.5, -0.5)], 1)
    return Lines(points, np.where(np.arange(30) % 2, 3.0, 1.0), np.array([0, 30]), np.array([False]))


def test_smoothing_evens_out_but_leaves_ends_and_breaks() -> None:
    breaks = np.zeros(30, bool)
    breaks[12] = True
    smooth = smoothed(zigzag(), breaks, 2.0)
    for kept in (0, 12, 29):
        np.testing.assert_allclose(smooth.points[kept], zigzag().points[kept])
        assert smooth.widths[kept] == zigzag().widths[kept]
    others = np.setdiff1d(np.arange(30), [0, 12, 29])
    assert np.abs(smooth.points[others, 1]).max() < 0.5
    assert np.abs(smooth.points[others, 1]).mean() < 0.15
    np.testing.assert_allclose(smooth.points[:, 0], np.arange(30), atol=0.1)


def test_a_straight_line_stays_and_lines_do_not_touch_each_other() -> None:
    together = evenly([path((0, 0), (20, 10)), path((0, 50), (20, 30))])
    smooth = smoothed(together, np.zeros(len(together.points), bool), 1.5)
    np.testing.assert_allclose(smooth.points, together.points, atol=1e-9)


def test_a_ring_has_no_end() -> None:
    ring = evenly([Path(circle(30, 30, 10), np.full(80, 2.0), True)])
    rough = ring._replace(points=ring.points + np.where(np.arange(len(ring.points)) % 63 == 0, 1.0, 0.0)[:, None])
    smooth = smoothed(rough, np.zeros(len(ring.points), bool), 1.0)
    np.testing.assert_allclose(smooth.points[0], smooth.points[-1])
    away = np.hypot(*(smooth.points - 30).T)
    assert abs(away[0] - 10) < 0.7 * abs(np.hypot(*(rough.points[0] - 30)) - 10)
    broken = np.zeros(len(ring.points), bool)
    broken[20] = True
    np.testing.assert_allclose(smoothed(rough, broken, 1.0).points[0], rough.points[0])


def test_corners_of_a_thin_pen_may_lie_three_pixels_apart() -> None:
    steps = [(3 * ((i + 1) // 2), 3 * (i // 2)) for i in range(8)]
    assert np.flatnonzero(corners_of(evenly([path(*steps)]), 1.0)).tolist() == [3, 6, 9, 12, 15, 18]
