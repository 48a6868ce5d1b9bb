"""The classical baseline: thinning, junctions, and the way of a hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from dood.evaluation.tidy import junctions_of, tidy_lines


def thick(*boxes: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    """An image of filled boxes (left, top, right, bottom)."""
    ink = np.zeros((60, 60), bool)
    for left, top, right, bottom in boxes:
        ink[top:bottom, left:right] = True
    return ink


def test_a_bar_is_one_line_along_its_middle_as_wide_as_it_is() -> None:
    (line,), (width,) = tidy_lines(thick((10, 20, 50, 25)))
    assert_allclose(line[:, 1], 22.5, atol=1)
    assert line[[0, -1], 0].tolist() == pytest.approx([12, 48], abs=3)
    assert width == pytest.approx(5, abs=0.6)


def test_a_cross_is_two_lines_that_go_through_one_junction() -> None:
    cross = thick((10, 28, 50, 31), (28, 10, 31, 50))
    down, across = sorted(tidy_lines(cross)[0], key=lambda line: float(np.ptp(line[:, 0])))
    assert_allclose(down[:, 0], 29.5, atol=1.5)
    assert_allclose(across[:, 1], 29.5, atol=1.5)
    assert (down[-1, 1] > down[0, 1], across[-1, 0] > across[0, 0]) == (True, True)
    (place,) = junctions_of(cross)
    assert_allclose(place, [29.5, 29.5], atol=1.5)


def test_a_tee_ends_one_line_on_another() -> None:
    lines, _ = tidy_lines(thick((10, 28, 50, 31), (28, 28, 31, 55)))
    assert sorted(round(float(np.ptp(line[:, 0])), -1) for line in lines) == [0, 40]


def test_a_ring_is_one_line_against_the_clock_from_the_top_left() -> None:
    ring = thick((15, 15, 45, 45)) & ~thick((19, 19, 41, 41))
    (line,), _ = tidy_lines(ring)
    assert_allclose(line[0], line[-1], atol=1.5)
    assert line[0] @ [0.5, 1] == (line @ [0.5, 1]).min()
    x, y = line.T
    assert (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() < 0
    assert len(junctions_of(ring)) == 0


def test_lines_are_sorted_from_the_top_left() -> None:
    lines, _ = tidy_lines(thick((10, 40, 50, 43), (5, 10, 50, 13)))
    assert [round(float(line[0, 1])) for line in lines] == [12, 42]


def test_a_dot_is_a_line_of_a_point_and_a_blank_image_has_none() -> None:
    (line,), _ = tidy_lines(thick((30, 30, 31, 31)))
    assert_allclose(line, [[30.5, 30.5]])
    assert tidy_lines(np.zeros((9, 9), bool)) == ([], [])
    assert junctions_of(np.zeros((9, 9), bool)).shape == (0, 2)
