"""Paths of a pen along branches: where they go at the nodes between and at their ends."""

import numpy as np
import pytest

from dood.tracing.chains import Path, _inked, _meeting, blots_of, path_of, reversed_path
from dood.tracing.graph import FREE, Graph


def graph(**parts: np.ndarray) -> Graph:
    """Two nodes, at (10, 10) and (30, 10) with ink of radius 2 and 3, in a field with ink along y = 10 alone."""
    depth = np.zeros((20, 40), np.float32)
    depth[8:13] = 2.0
    whole = {
        "points": np.zeros((0, 2)),
        "widths": np.zeros(0),
        "starts": np.zeros(1, int),
        "nodes": np.zeros((0, 2), int),
        "closed": np.zeros(0, bool),
        "places": np.array([[10.0, 10.0], [30.0, 10.0]]),
        "radii": np.array([2.0, 3.0]),
        "pen": 4.0,
        "depth": depth,
    }
    return Graph(**{**whole, **parts})  # pyright: ignore[reportArgumentType]


def test_a_node_without_branches_is_a_dot_as_wide_as_its_ink() -> None:
    one, other = blots_of(graph())
    assert (one.points.tolist(), one.widths.tolist(), one.closed) == ([[10, 10]], [4], False)
    assert (other.points.tolist(), other.widths.tolist()) == ([[30, 10]], [6])
    (left,) = blots_of(graph(nodes=np.array([[0, FREE]])))
    assert left.points.tolist() == [[30, 10]]


def test_a_path_reaches_the_middle_of_the_nodes_that_it_ends_at() -> None:
    run = np.array([[13.0, 10.0], [20.0, 10.0], [26.0, 10.0]]), np.array([3.0, 4.0, 5.0])
    path = path_of(graph(), [run], [0, 1], False)
    assert path.points.tolist() == [[10, 10], [13, 10], [20, 10], [26, 10], [30, 10]]
    assert path.widths.tolist() == [3, 3, 4, 5, 5]
    assert (path.closed, path.meets) == (False, (2.0, 3.0))
    free = path_of(graph(), [run], [FREE, 1], False)
    assert free.points.tolist() == [[13, 10], [20, 10], [26, 10], [30, 10]]
    assert free.meets == (0.0, 3.0)


def test_a_closed_path_ends_where_it_begins() -> None:
    open_ring = np.array([[0.0, 0.0], [8.0, 0.0], [8.0, 8.0]]), np.array([1.0, 2.0, 3.0])
    path = path_of(graph(), [open_ring], [FREE, FREE], True)
    assert path.points.tolist() == [[0, 0], [8, 0], [8, 8], [0, 0]]
    assert path.widths.tolist() == [1, 2, 3, 1]
    shut = np.vstack([open_ring[0], [[0.0, 0.0]]]), np.array([1.0, 2.0, 3.0, 1.0])
    assert path_of(graph(), [shut], [FREE, FREE], True).points.tolist() == path.points.tolist()


def test_a_path_reversed_is_the_other_way() -> None:
    path = Path(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([1.0, 2.0]), False, (3.0, 4.0))
    back = reversed_path(path)
    assert back.points.tolist() == [[1, 0], [0, 0]]
    assert (back.widths.tolist(), back.meets) == ([2, 1], (4.0, 3.0))


def line(start: tuple[float, float], end: tuple[float, float], count: int = 20) -> np.ndarray:
    return np.linspace(start, end, count)


def test_lines_that_turn_meet_where_they_would_cross() -> None:
    level, upright = line((0, 0), (16, 0)), line((20, 4), (20, 20))
    found = _meeting(level, upright, 4.0)
    assert found is not None
    np.testing.assert_allclose(found, [20, 0], atol=1e-9)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (line((20, 0), (36, 0)), "goes straight on"),
        (line((17, 0.5), (17, 16)), "hardly a gap: less than half of the pen"),
        (line((16, 4), (0, 4)), "turns back"),
    ],
)
def test_lines_that_do_not_turn_at_a_joint_need_no_point_between(after: np.ndarray, why: str) -> None:
    assert _meeting(line((0, 0), (16, 0)), after, 4.0) is None, why


def test_lines_that_would_meet_before_the_joint_are_rounded_between_them() -> None:
    way = np.array([0.5, 0.75**0.5])
    found = _meeting(line((0, 0), (16, 0)), np.array([16.5, 4]) + np.linspace(0, 16, 20)[:, None] * way, 4.0)
    assert found is not None
    outward = np.array([1, 0]) - way
    np.testing.assert_allclose(found, [16.25, 2] + 0.5 * np.hypot(0.5, 4) * outward / np.hypot(*outward))


@pytest.mark.parametrize(
    ("at", "expected"),
    [((14, 11), (14, 11)), ((10, 11), (10, 11)), ((10, 16), (10, 11.4)), ((16, 18), (10.84, 11.12)), (None, None)],
)
def test_a_pen_that_would_leave_the_ink_of_a_node_is_brought_near_it(at: tuple | None, expected: tuple | None) -> None:
    via = None if at is None else np.array(at, float)
    found = _inked(graph(), via, np.array([12.0, 10.0]), 0)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        np.testing.assert_allclose(found, expected)


def test_what_lies_beyond_the_picture_has_the_ink_of_its_rim() -> None:
    for at in ([45.0, 10.0], [-5.0, 10.0]):
        found = _inked(graph(), np.array(at), np.zeros(2), 0)
        assert found is not None
        np.testing.assert_allclose(found, at)
