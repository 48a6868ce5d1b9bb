"""Chains of cubics as polylines."""

import numpy as np
import pytest

from dood.tracing.cubics import Chain, cubic_basis, polyline, sampled


def level(y: float, start: float, end: float, width: float = 2.0) -> Chain:
    points = np.stack([np.linspace(start, end, 4), np.full(4, float(y))], 1)
    return Chain(points, np.full(2, width), np.zeros(2, bool), False)


def test_a_polyline_follows_the_curve_and_the_widths() -> None:
    points, widths = polyline(level(5, 0, 9, 2.0)._replace(widths=np.array([1.0, 3.0])))
    np.testing.assert_allclose(points, np.stack([np.arange(10.0), np.full(10, 5.0)], 1), atol=1e-9)
    np.testing.assert_allclose(widths, 1 + 2 * np.arange(10) / 9)
    half, _ = polyline(level(5, 0, 9), step=0.5)
    assert len(half) == 19
    two = Chain(np.linspace((0, 0), (12, 0), 7), np.array([1.0, 2.0, 3.0]), np.zeros(3, bool), False)
    np.testing.assert_allclose(polyline(two, 2.0)[0][:, 0], np.arange(0, 13, 2.0), atol=1e-9)
    np.testing.assert_allclose(polyline(two, 2.0)[1], 1 + np.arange(7) / 3)
    spot = Chain(np.array([[3.0, 4.0]]), np.array([5.0]), np.zeros(1, bool), False)
    assert [part.tolist() for part in polyline(spot)] == [[[3, 4]], [5]]


def test_ends_of_pieces_are_among_the_points() -> None:
    """Three pieces of different lengths; the second is a bow."""
    points = np.array([(0, 0), (1, 0), (2, 0), (3, 0), (3, 4), (9, 4), (9, 0), (9.2, 0), (9.4, 0), (9.6, 0)], float)
    chain = Chain(points, np.array([1.0, 2.0, 4.0, 3.0]), np.zeros(4, bool), False)
    line, widths, ends = sampled(chain)
    np.testing.assert_allclose(line[ends], points[::3])
    np.testing.assert_allclose(widths[ends], chain.widths)
    assert np.hypot(*np.diff(line, axis=0).T).max() < 1.3
    middle = (ends[1] + ends[2]) / 2
    assert line[int(middle), 1] == pytest.approx(3, abs=0.1)


def test_what_control_points_count_is_one_in_all() -> None:
    u = np.linspace(0, 1, 11)
    np.testing.assert_allclose(cubic_basis(u).sum(-1), 1)
    np.testing.assert_allclose(cubic_basis(u) @ [0, 1, 2, 3], 3 * u)
    assert cubic_basis(u[:, None]).shape == (11, 1, 4)
