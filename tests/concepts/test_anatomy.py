"""Parts of characters, and where they meet."""

import numpy as np
import pytest

from dood.concepts.anatomy import Joint, anatomy_of, drawing_from, moved
from dood.drawing import Stroke
from tests.concepts.glyphs import characters, drawing, line


def test_a_stroke_is_cut_at_its_corners_and_its_parts_meet_there() -> None:
    found = anatomy_of(drawing(line((20, 20), (20, 80), (70, 80))))
    assert [(part.follows, part.smooth) for part in found.parts] == [(False, False), (True, False)]
    assert [part.length for part in found.parts] == pytest.approx([0.6, 0.5])
    assert found.joints == (Joint(0, 1, 1.0, 0.0),)
    assert found.pen == 0.03


def test_a_slight_bend_is_no_corner() -> None:
    assert len(anatomy_of(drawing(line((20, 20), (50, 30), (80, 50)))).parts) == 1


def test_a_wave_is_cut_where_it_bends_the_other_way() -> None:
    curve = Stroke([(10, 50), (10, 20), (50, 20), (50, 50), (50, 80), (90, 80), (90, 50)], 3.0, pieces=2)
    found = anatomy_of(drawing(curve))
    assert [(part.follows, part.smooth) for part in found.parts] == [(False, False), (True, True)]


@pytest.mark.parametrize(
    ("other", "at", "to"),
    [
        (line((20, 50), (70, 50)), 0.5, 0.0),
        (line((70, 50), (20, 50)), 0.5, 1.0),
        (line((0, 35), (40, 35)), 0.25, 0.5),
        (line((20, 80), (70, 90)), 1.0, 0.0),
    ],
)
def test_strokes_meet_by_their_starts_their_ends_or_in_between(other: Stroke, at: float, to: float) -> None:
    (joint,) = anatomy_of(drawing(line((20, 20), (20, 80)), other)).joints
    assert joint[:2] == (0, 1)
    assert joint[2:] == pytest.approx((at, to), abs=0.03)
    assert (to in (0.0, 1.0)) == (joint.to in (0.0, 1.0))


def test_strokes_apart_do_not_meet_and_those_that_cross_twice_meet_twice() -> None:
    assert not anatomy_of(drawing(line((20, 20), (20, 80)), line((25, 20), (70, 20)))).joints
    bow = Stroke([(40, 30), (0, 30), (0, 70), (40, 70)], 3.0)
    assert len(anatomy_of(drawing(line((20, 10), (20, 90)), bow)).joints) == 2


def test_a_drawing_comes_back_from_its_parts() -> None:
    for given in characters():
        again = drawing_from(anatomy_of(given), given.width, given.height)
        assert len(again.strokes) <= len(given.strokes)
        points, others = (np.concatenate([stroke.points for stroke in each.strokes]) for each in (given, again))
        assert {tuple(row) for row in points.round(6)} == {tuple(row) for row in others.round(6)}


def test_a_dot_and_a_ring_stay_what_they_are_when_moved() -> None:
    ring = Stroke([(20, 20), (60, 20), (60, 60), (20, 20)], 3.0, closed=True)
    found = anatomy_of(drawing(Stroke([(80, 80)], 6.0), ring))
    shift = [moved(part, 2 * np.eye(2), np.array([0.1, 0.0])) for part in found.parts]
    again = drawing_from(found._replace(parts=tuple(shift)), 100, 100)
    assert (len(again.strokes[0].points), again.strokes[0].width) == (1, pytest.approx(6.0))
    assert again.strokes[1].closed
    assert again.strokes[0].points[0] == pytest.approx([170, 160])
    assert shift[1].length == pytest.approx(2 * found.parts[1].length)
