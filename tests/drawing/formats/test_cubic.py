"""Curves of any degree as chains of cubics."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dood.drawing import MAX_COORDINATE, Drawing, Stroke
from dood.drawing.formats.cubic import MOST, elevate, to_cubics
from dood.drawing.formats.svg import to_svg
from dood.errors import DoodError
from tests.drawing.made import controls


@given(controls(1, 4))
def test_low_degrees_become_cubics_exactly(points: np.ndarray) -> None:
    (cubic,) = to_cubics(points[None], 0.01)
    u = np.linspace(0, 1, 50)
    np.testing.assert_allclose(Stroke(cubic, 1).at(u), Stroke(points, 1).at(u), atol=1e-9)


@given(controls(1, 8), st.integers(0, 6))
def test_elevation_keeps_the_curve(points: np.ndarray, more: int) -> None:
    elevated = elevate(points, len(points) + more)
    assert len(elevated) == len(points) + more
    np.testing.assert_allclose(Stroke(elevated, 1).curve(50), Stroke(points, 1).curve(50), atol=1e-9)


@given(controls(5, 12), st.sampled_from([0.001, 0.05, 2.0, 50.0]))
@settings(max_examples=60)
def test_cubics_stay_within_the_tolerance(points: np.ndarray, tolerance: float) -> None:
    pieces = to_cubics(points[None], tolerance)
    curve = Stroke(points, 1)
    worst, end = 0.0, 0.0
    for piece, (low, high) in zip(pieces, _intervals(points, pieces), strict=True):
        assert low == end
        end = high
        apart = Stroke(piece, 1).curve(80) - curve.at(np.linspace(low, high, 80))
        worst = max(worst, np.hypot(*apart.T).max())
    assert end == 1
    assert worst <= tolerance + 1e-9


def _intervals(points: np.ndarray, pieces: np.ndarray) -> list[tuple[float, float]]:
    """Which parameters each piece stands for: the dyadic interval whose ends and start velocity agree."""
    found, low, degree = [], 0.0, len(points) - 1
    curve, velocity = Stroke(points, 1), Stroke(degree * np.diff(points, axis=0), 1)
    for piece in pieces:
        for depth in range(24):
            high = low + 0.5**depth
            ends = curve.at(np.array([low, high]))
            speed = velocity.at(np.array([low]))[0] * (high - low) / 3
            if high <= 1 and np.allclose([ends[0], ends[1], ends[0] + speed], piece[[0, 3, 1]], rtol=0, atol=1e-7):
                break
        else:
            pytest.fail(f"no part of the curve begins at {low} and is {piece}")
        found.append((low, high))
        low = high
    return found


def test_a_finer_tolerance_takes_more_pieces(drawing: Drawing) -> None:
    points = drawing.strokes[0].points
    counts = [len(to_cubics(points[None], tolerance)) for tolerance in (100.0, 0.1, 0.001)]
    assert counts[0] == 1
    assert counts[0] < counts[1] < counts[2] < 100


@pytest.mark.parametrize("tolerance", [0.0, -1.0, 1e-7, math.nan, math.inf])
def test_bad_tolerances_are_named(drawing: Drawing, tolerance: float) -> None:
    with pytest.raises(DoodError, match=f"tolerance {tolerance} is out of range: give at least 1e-06 pixels"):
        to_svg(drawing, tolerance)


def test_wild_curves_of_high_degree_take_bounded_time() -> None:
    wild = np.random.default_rng(0).uniform(-MAX_COORDINATE, MAX_COORDINATE, (256, 2))
    assert len(to_cubics(wild[None], 0.01)) <= MOST
