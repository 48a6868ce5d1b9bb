"""The hand rule for order and direction, and the plotter's."""

import numpy as np

from dood.tracing.cubics import Chain
from dood.tracing.order import arranged


def straight(start: tuple[float, float], end: tuple[float, float]) -> Chain:
    return Chain(np.linspace(start, end, 4), np.array([1.0, 2.0]), np.array([True, False]), False)


def dot(x: float, y: float) -> Chain:
    return Chain(np.array([[x, y]], float), np.array([3.0]), np.zeros(1, bool), False)


def square(*corners: tuple[float, float]) -> Chain:
    """A closed chain of straight pieces, whose widths are 1, 2, ... from its first corner on."""
    points = [np.array([corners[0]])]
    for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        points.append(np.linspace(one, other, 4)[1:])
    widths = np.append(np.arange(1.0, len(corners) + 1), 1.0)
    return Chain(np.concatenate(points), widths, widths == 2, True)


def test_strokes_run_and_follow_one_another_to_the_right_and_down() -> None:
    low, high = straight((10, 30), (0, 30)), straight((0, 10), (0, 0))
    first, second, third = arranged([low, high, dot(10, 10)], "person")
    assert first.points[[0, -1]].tolist() == [[0, 0], [0, 10]]
    assert (first.widths.tolist(), first.corners.tolist()) == ([2, 1], [False, True])
    assert second.points.tolist() == [[10, 10]]
    assert third.points[[0, -1]].tolist() == [[0, 30], [10, 30]]


def test_as_they_are_given() -> None:
    given = [straight((10, 30), (0, 30)), dot(0, 0)]
    assert arranged(given, "given") is given


def test_a_closed_stroke_begins_at_its_top_and_goes_against_the_clock() -> None:
    clockwise = square((10, 10), (0, 10), (0, 0), (10, 0))
    (turned,) = arranged([clockwise], "person")
    assert turned.points[::3].tolist() == [[0, 0], [0, 10], [10, 10], [10, 0], [0, 0]]
    assert turned.widths.tolist() == [3, 2, 1, 4, 3]
    assert turned.corners.tolist() == [False, True, False, False, False]
    against = square((10, 10), (10, 0), (0, 0), (0, 10))
    (kept,) = arranged([against], "person")
    assert kept.points[::3].tolist() == turned.points[::3].tolist()
    assert kept.widths.tolist() == [3, 4, 1, 2, 3]


def test_a_plotter_goes_to_the_nearest_end_and_turns_strokes() -> None:
    far, near, middle = straight((90, 90), (40, 40)), straight((30, 0), (2, 2)), straight((38, 38), (32, 2))
    order = arranged([far, near, middle], "nearest")
    assert [chain.points[[0, -1]].tolist() for chain in order] == [
        [[2, 2], [30, 0]],
        [[32, 2], [38, 38]],
        [[40, 40], [90, 90]],
    ]
    assert order[0].widths.tolist() == [2, 1]
    assert order[2].widths.tolist() == [2, 1]
    assert arranged([], "nearest") == []


def test_a_plotter_finds_what_is_left_however_far() -> None:
    many = [dot(x, 0) for x in range(40)] + [dot(1000, 1000)]
    assert [chain.points[0, 0] for chain in arranged(many, "nearest")] == [*range(40), 1000]
