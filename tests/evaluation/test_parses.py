"""Agreement of parses by drawings of which it is known, and drawings brought onto one another."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from dood.evaluation.parses import POINTS, Parsed, agreement, ink_points, parsed
from dood.evaluation.registration import carried

Line = NDArray[np.float64]


def straight(start: tuple[float, float], end: tuple[float, float], count: int = 40) -> Line:
    return np.linspace(start, end, count)


ROWS = [straight((10, y), (90, y)) for y in (20.0, 50.0, 80.0)]
INK = np.concatenate(ROWS)


def test_a_parse_agrees_with_itself_in_everything() -> None:
    assert agreement(parsed(ROWS, INK), parsed(ROWS, INK)) == (1, 1, 1, 1)


def test_other_directions_and_other_orders_each_lower_their_own_figure() -> None:
    own = parsed(ROWS, INK)
    turned = agreement(own, parsed([line[::-1] for line in ROWS], INK))
    assert (turned.grouping, turned.order, turned.direction) == (1, 1, -1)
    last_first = agreement(own, parsed(ROWS[::-1], INK))
    assert (last_first.grouping, last_first.order, last_first.direction) == (1, -1, 1)
    swapped = agreement(own, parsed([ROWS[1], ROWS[0], ROWS[2]], INK))
    assert swapped.order == pytest.approx(2 * 2 / 3 - 1)
    assert turned.parse < 1
    assert last_first.parse < swapped.parse < 1


def test_grouping_is_the_adjusted_rand_index() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    one, other = (Parsed(rng.integers(0, 3, 60), rng.permutation(60).astype(float)) for _ in range(2))
    close = one._replace(stroke=np.where(rng.random(60) < 0.8, one.stroke, other.stroke))
    for each in (other, close):
        expected = metrics.adjusted_rand_score(one.stroke, each.stroke)
        assert agreement(one, each).grouping == pytest.approx(expected, abs=1e-12)


def test_chance_agrees_in_nothing() -> None:
    rng = np.random.default_rng(1)
    found = [
        agreement(*(Parsed(rng.integers(0, 4, 80), rng.permutation(80).astype(float)) for _ in range(2)))
        for _ in range(40)
    ]
    assert np.abs(np.mean(found, axis=0)).max() < 0.05


def test_one_stroke_has_no_order_of_strokes() -> None:
    line = [np.concatenate(ROWS)]
    same = agreement(parsed(line, INK), parsed(line, INK))
    assert same[:2] == (1, 1)
    assert math.isnan(same.order)
    turned = agreement(parsed(line, INK), parsed([line[0][::-1]], INK))
    assert (turned.grouping, turned.direction) == (1, -1)
    assert turned.parse < -0.9


def test_dots_are_strokes_too() -> None:
    dots = [np.array([[10.0, 10.0]]), np.array([[50.0, 50.0]])]
    found = agreement(parsed(dots, np.concatenate(dots)), parsed(dots[::-1], np.concatenate(dots)))
    assert found.order == -1


def test_points_of_ink_are_its_pixels_centres_and_not_too_many() -> None:
    ink = np.zeros((20, 30), bool)
    ink[4, 7] = True
    assert ink_points(ink).tolist() == [[7.5, 4.5]]
    ink[5:15] = True
    assert len(ink_points(ink)) == POINTS


def test_a_drawing_is_carried_onto_another_of_another_size_and_place() -> None:
    theirs = INK * np.array([0.5, 0.8]) + np.array([30.0, 5.0])
    assert np.abs(carried(INK, theirs) - theirs).max() < 1.5


def test_a_drawing_is_carried_onto_a_bent_one() -> None:
    angle = np.linspace(0, 1.5 * np.pi, 80)
    arc = 40 * np.stack([np.cos(angle), np.sin(angle)], 1) + 50
    bent = arc + np.stack([0.003 * (arc[:, 1] - 50) ** 2, 4 * np.sin(arc[:, 0] / 20)], 1)
    error = np.hypot(*(carried(arc, bent) - bent).T)
    assert error.max() < 3
