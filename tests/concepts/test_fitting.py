"""Parts in the places of others."""

import numpy as np
import pytest

from dood.concepts.anatomy import Anatomy, Part, anatomy_of
from dood.concepts.fitting import SCALES, Tie, fitted, is_clear
from tests.concepts.glyphs import drawing, line

PEN = 0.03


def part(*corners: tuple[float, float]) -> Part:
    (only,) = anatomy_of(drawing(line(*corners))).parts
    return only


def fit(one: Part, ties: list[Tie], place: Part | None = None, free: tuple[float, float] = (0.0, 0.0)) -> Part | None:
    return fitted(one, place or one, ties, np.array(free), PEN, np.random.default_rng(0))


def tie(at: float, x: float, y: float, way: tuple[float, float] | None = None, smooth: bool = False) -> Tie:
    return Tie(at, np.array([x, y]), None if way is None else np.array(way), smooth)


def test_a_part_that_meets_none_goes_to_the_middle_of_its_place() -> None:
    made = fit(part((0, 0), (40, 0)), [], free=(0.5, 0.6))
    assert made is not None
    assert made.line.mean(0) == pytest.approx([0.5, 0.6])


def test_a_part_meets_one_or_two_others_exactly() -> None:
    bar = part((0, 0), (40, 0))
    one, two = fit(bar, [tie(1.0, 0.7, 0.2)]), fit(bar, [tie(0.0, 0.1, 0.1), tie(1.0, 0.6, 0.2)])
    assert one is not None
    assert two is not None
    assert one.line[-1] == pytest.approx([0.7, 0.2])
    assert two.line[[0, -1]] == pytest.approx(np.array([[0.1, 0.1], [0.6, 0.2]]))


@pytest.mark.parametrize("end", [(0.1, 0.5), (0.9, 0.1), (0.25, 0.1)])
def test_a_part_is_not_turned_stretched_or_shrunk_too_far(end: tuple[float, float]) -> None:
    assert fit(part((0, 0), (40, 0)), [tie(0.0, 0.1, 0.1), tie(1.0, *end)]) is None


def test_a_part_that_misses_a_third_place_does_not_fit() -> None:
    ties = [tie(0.0, 0.1, 0.1), tie(1.0, 0.5, 0.1)]
    assert fit(part((0, 0), (40, 0)), [*ties, tie(0.5, 0.3, 0.1)]) is not None
    assert fit(part((0, 0), (40, 0)), [*ties, tie(0.5, 0.3, 0.15)]) is None


def test_a_corner_is_seen_and_what_is_smooth_has_none() -> None:
    bar = part((0, 0), (40, 4))
    assert fit(bar, [tie(0.0, 0.1, 0.1, (1.0, 0.0))]) is None
    assert fit(bar, [tie(0.0, 0.1, 0.1, (0.0, 1.0))]) is not None
    smooth = fit(bar, [tie(0.0, 0.1, 0.1, (1.0, 0.0), smooth=True)])
    assert smooth is not None
    assert smooth.way(0.0) == pytest.approx([1.0, 0.0], abs=1e-6)
    assert fit(bar, [tie(0.0, 0.1, 0.1, (0.0, 1.0), smooth=True)]) is None


def test_size_is_between_that_of_the_part_and_of_its_place() -> None:
    made = fit(part((0, 0), (20, 0)), [], part((0, 0), (80, 0)))
    assert made is not None
    assert made.length == pytest.approx(SCALES[1] * 0.2)


def plan(*strokes: tuple[tuple[float, float], tuple[float, float]]) -> Anatomy:
    return anatomy_of(drawing(*(line(*stroke) for stroke in strokes)))


def test_a_part_is_clear_where_it_meets_only_what_it_should() -> None:
    tee = plan(((20, 20), (20, 80)), ((20, 50), (70, 50)))
    assert is_clear(tee, 1, tee.parts[1], {0: tee.parts[0]})
    assert not is_clear(tee, 1, part((20, 50), (22, 78)), {0: tee.parts[0]})


@pytest.mark.parametrize(("x", "clear"), [(50, True), (24, False), (20, False)])
def test_a_part_keeps_apart_from_what_it_does_not_meet(x: float, clear: bool) -> None:
    two = plan(((20, 20), (20, 80)), ((50, 20), (50, 80)))
    assert is_clear(two, 1, part((x, 20), (x, 80)), {0: two.parts[0]}) is clear


def test_what_was_near_in_the_plan_may_be_as_near() -> None:
    two = plan(((20, 20), (20, 80)), ((25, 20), (25, 80)))
    assert is_clear(two, 1, two.parts[1], {0: two.parts[0]})
    assert not is_clear(two, 1, part((24, 20), (24, 80)), {0: two.parts[0]})
