"""Tracing anew around mended strokes: what stays, what stays away, and what is found beside it."""

import numpy as np
import pytest

from dood.drawing import Drawing, Stroke
from dood.studio.mended import around


def line(*points: tuple[float, float], width: float = 4.0) -> Stroke:
    return Stroke(points, width, pieces=len(points) - 1)


ACROSS, DOWN = line((10, 50), (90, 50)), line((50, 10), (50, 90))
CROSS = Drawing(100, 100, (ACROSS, DOWN))


def test_without_mending_all_is_as_found() -> None:
    assert around(CROSS, (), ()) == (CROSS, [])


def test_a_kept_stroke_takes_the_place_of_what_follows_it_and_what_crosses_it_stays_whole() -> None:
    kept = line((90, 51), (10, 51))
    drawing, where = around(CROSS, [kept], [])
    assert drawing.strokes == (kept, DOWN)
    assert where == [0]


def test_a_deleted_stroke_does_not_come_back() -> None:
    assert around(CROSS, [], [DOWN])[0].strokes == (ACROSS,)


def test_kept_strokes_stay_in_the_persons_order() -> None:
    drawing, where = around(CROSS, [DOWN, ACROSS], [])
    assert drawing.strokes == (DOWN, ACROSS)
    assert where == [0, 1]


def test_of_a_stroke_that_goes_on_beyond_a_kept_one_the_rest_stays() -> None:
    found = Stroke([(10, 50), (30, 50), (60, 50), (90, 50)], [2.0, 4.0, 4.0, 4.0])
    kept = line((8, 50), (45, 50))
    drawing, where = around(Drawing(100, 100, (found,)), [kept], [])
    assert where == [0]
    rest = drawing.strokes[1]
    assert rest.points[0] == pytest.approx((47.5, 50), abs=1.5)
    np.testing.assert_allclose(rest.points[-1], (90, 50))
    parameter = np.interp(rest.points[0][0], found.curve(4096)[:, 0], np.linspace(0, 1, 4096))
    assert rest.widths[0] == pytest.approx(
        np.interp(parameter, np.linspace(0, 1, 4096), found.width_at(4096)), abs=1e-2
    )


def test_parts_over_several_pieces_follow_the_same_curve() -> None:
    found = line((10, 20), (40, 20), (40, 60), (80, 60), width=2.0)
    drawing, _ = around(Drawing(100, 100, (found,)), [line((40, 18), (40, 62), width=2.0)], [])
    ends = [stroke.points[[0, -1], 0] for stroke in drawing.strokes]
    np.testing.assert_allclose(ends, [(10, 40), (40, 40), (40, 80)], atol=2)


def test_dots_are_kept_and_deleted_too() -> None:
    dot, other = Stroke([(20, 20)], 5.0), Stroke([(60, 60)], 5.0)
    drawing, _ = around(Drawing(100, 100, (dot, other)), [], [Stroke([(21, 20)], 5.0)])
    assert drawing.strokes == (other,)
