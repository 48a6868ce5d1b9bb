"""Cubics through points of known curves."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dood.tracing.chains import Path
from dood.tracing.cubics import Chain, polyline
from dood.tracing.smoothing import corners_of, evenly
from dood.tracing.splines import fit, simplified
from tests.tracing.inked import circle


def path(points: np.ndarray, closed: bool = False) -> Path:
    return Path(np.asarray(points, float), np.full(len(points), 4.0), closed)


def bezier(controls: list, count: int = 200) -> np.ndarray:
    u = np.linspace(0, 1, count)[:, None]
    a, b, c, d = np.array(controls, float)
    return a * (1 - u) ** 3 + 3 * b * u * (1 - u) ** 2 + 3 * c * u * u * (1 - u) + d * u**3


def farthest(points: np.ndarray, line: np.ndarray) -> float:
    return float(np.hypot(*np.moveaxis(points[:, None] - line[None], -1, 0)).min(1).max())


def test_a_cubic_takes_hardly_more_than_one_piece() -> None:
    curve = bezier([[0, 0], [30, 60], [70, 60], [100, 0]])
    lines = evenly([path(curve)])
    (chain,) = fit(lines, np.zeros(len(lines.points), bool), 0.3)
    assert len(chain.points) <= 7
    assert farthest(curve, polyline(chain, 0.2)[0]) < 0.3
    np.testing.assert_allclose(chain.points[[0, -1]], curve[[0, -1]], atol=1e-9)


def test_a_square_has_its_corners_and_straight_sides() -> None:
    square = path(np.array([[0, 0], [60, 0], [60, 60], [0, 60], [0, 0.0]]), closed=True)
    lines = evenly([square])
    corners = corners_of(lines, 4.0)
    (chain,) = fit(lines, corners, 0.3)
    assert chain.closed
    assert np.flatnonzero(corners).tolist() == [0, 60, 120, 180, 240]
    np.testing.assert_allclose(chain.points[::3], square.points, atol=1.01)


def test_a_circle_is_closed_and_smooth() -> None:
    lines = evenly([path(circle(50, 50, 30), closed=True)])
    (chain,) = fit(lines, corners_of(lines, 4.0), 0.2)
    assert chain.points[0].tolist() == chain.points[-1].tolist()
    first, last = chain.points[1] - chain.points[0], chain.points[-1] - chain.points[-2]
    assert first @ last / np.hypot(*first) / np.hypot(*last) == pytest.approx(1.0, abs=1e-6)
    np.testing.assert_allclose(np.hypot(*(polyline(chain)[0] - 50).T), 30, atol=0.3)


@given(hnp.arrays(float, (4, 2), elements=st.floats(0, 80)), st.sampled_from([0.1, 0.5, 2.0]))
@example(np.array([[71.5, 70.75], [0, 0], [9, 0], [71, 0]]), 0.1)
@settings(max_examples=40)
def test_no_point_is_farther_from_its_chain_than_the_tolerance(points: np.ndarray, tolerance: float) -> None:
    curve = bezier((points + np.arange(4)[:, None] * 40.0).tolist())
    lines = evenly([path(curve), path(curve[::-1] + 7)])
    chains = fit(lines, corners_of(lines, 4.0), tolerance)
    for i, chain in enumerate(chains):
        own = lines.points[lines.starts[i] : lines.starts[i + 1]]
        assert farthest(own, polyline(chain, 0.05)[0]) <= tolerance + 0.05
        np.testing.assert_allclose(chain.points[[0, -1]], own[[0, -1]])
        assert len(chain.widths) == len(chain.corners) == (len(chain.points) - 1) // 3 + 1


def test_a_step_is_the_least_piece_however_noisy_the_points() -> None:
    generator = np.random.default_rng(0)
    lines = evenly([path(generator.uniform(0, 80, (12, 2)))])
    noisy = lines._replace(points=lines.points + generator.normal(0, 1, lines.points.shape))
    (chain,) = fit(noisy, np.zeros(len(noisy.points), bool), 1e-9)
    pieces, steps = len(chain.points) // 3, len(noisy.points) - 1
    assert 0.6 * steps <= pieces <= steps
    assert farthest(noisy.points, polyline(chain, 0.05)[0]) < 0.05


def test_a_chain_of_many_pieces_needs_few() -> None:
    """A half circle cut into 30 pieces, with a straight leg behind a corner."""
    angle = np.linspace(0, np.pi, 91)
    half = np.stack([40 + 25 * np.cos(angle), 40 - 25 * np.sin(angle)], 1)
    leg = half[-1] + np.linspace(0, 1, 10)[1:, None] * [20.0, 0.0]
    corners = np.zeros(34, bool)
    corners[30] = True
    dot = Chain(np.array([[3.0, 4.0]]), np.array([2.0]), np.zeros(1, bool), False)
    long = Chain(np.concatenate([half, leg]), np.linspace(2, 5, 34), corners, False)
    fill = long._replace(fill=True)
    spot, few, kept = simplified([dot, long, fill], 0.1)
    assert spot is dot
    assert kept is fill
    assert len(few.widths) < 8
    assert few.corners.sum() == 1
    points, widths = polyline(few)
    away = np.hypot(*(points[points[:, 1] < 39] - 40).T)
    np.testing.assert_allclose(away, 25, atol=0.15)
    assert (widths[0], widths[-1]) == (2, 5)
    assert simplified([dot], 0.1) == [dot]
