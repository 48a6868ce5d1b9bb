"""Small cases worked out by hand, at the very edges of the tracing's rules."""

import numpy as np
import pytest

from dood.tracing import linking
from dood.tracing.fills import with_fills
from dood.tracing.graph import Graph, _branches, _neighbours, _Raw, _shorn
from dood.tracing.linking import _path, as_learned
from dood.tracing.parts import _filled, _rows, parts_of
from dood.tracing.splines import Chain
from dood.tracing.work import pen_width
from tests.tracing.crossing import words
from tests.tracing.test_linking import CROSS, graph


def _skeleton(*pixels: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    skeleton = np.zeros((5, 5), bool)
    skeleton[tuple(np.array(pixels).T)] = True
    return skeleton, np.argwhere(skeleton)


def test_no_diagonal_leads_past_the_first_pixel_of_all() -> None:
    near = _neighbours(*_skeleton((1, 1), (1, 2), (2, 1)))
    assert [sorted(row[row >= 0].tolist()) for row in near] == [[1, 2], [0], [0]]


def test_the_first_pixel_of_all_is_an_arm_of_a_fork() -> None:
    skeleton, pixels = _skeleton((1, 2), (2, 1), (2, 2), (2, 3))
    raw = _branches(skeleton, pixels, pixels[:, ::-1].astype(float), np.ones(4))
    assert raw.places.tolist() == [[2.0, 2.0]]
    assert len(raw.closed) == 3


@pytest.mark.parametrize(("length", "kept"), [(4.0, 1), (3.5, 0)])
def test_a_branch_that_leaves_its_node_by_just_enough_is_no_hair(length: float, kept: int) -> None:
    """Its ink reaches length + 2 - 4 beyond the disc of radius 4, of which a half is enough."""
    raw = _Raw(
        np.arange(2), np.array([0, 2]), np.array([[0, -1]]), np.zeros(1, bool), np.zeros((1, 2)), np.array([4.0])
    )
    assert len(_shorn(raw, np.array([[1.0, 0.0], [length, 0.0]]), np.full(2, 2.0), 4.0).closed) == kept


@pytest.mark.parametrize(("many", "ordered"), [(3, False), (4, True)])
def test_only_more_strokes_than_very_many_are_left_in_no_order(
    many: int, ordered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "MANY", many)
    linked = as_learned(graph(*CROSS), False)
    assert (len(linked.paths), linked.ordered) == (4, ordered)


def test_there_and_back_by_another_way_is_a_closed_stroke() -> None:
    x = np.arange(2.0, 19.0)
    lines = [np.stack([x, 20 + sign * x * (20 - x) / 10], 1) for sign in (-1, 1)]
    points = np.concatenate(lines)
    drawn = Graph(
        points, np.full(34, 4.0), np.array([0, 17, 34]), np.array([[0, 1], [0, 1]]), np.zeros(2, bool),
        np.array([[0.0, 20.0], [20.0, 20.0]]), np.full(2, 2.0), 4.0, np.full((40, 40), 2.0, np.float32),
    )  # fmt: skip
    runs = [(line[::way], np.full(17, 4.0)) for line in lines for way in (1, -1)]
    assert _path(drawn, [0, 3], runs).closed
    assert not _path(drawn, [0], runs).closed


def test_a_part_has_no_more_than_96_pieces_unless_told_otherwise() -> None:
    assert len(parts_of(words(1, 96))) == 1
    assert [len(part) for part in parts_of(words(1, 97))] != [97]


def test_rows_are_apart_by_more_than_half_a_typical_height() -> None:
    """Of bodies 10 high, 6 apart is a row of its own and 4 is not."""
    low = np.array([[0.0, 0.0], [20.0, 4.0], [0.0, 10.0]])
    assert [row.tolist() for row in _rows(low, low + 10.0)] == [[0, 1], [2]]


@pytest.mark.parametrize(
    ("left", "most", "cuts"),
    [([0, 2, 4, 9, 11], 4, [[0, 1, 2], [3, 4]]), ([0, 2, 4, 9], 3, [[0, 1, 2], [3]])],
)
def test_a_row_is_cut_at_its_widest_gap(left: list[int], most: int, cuts: list[list[int]]) -> None:
    begin = np.array(left, float)
    found = _filled(np.ones(len(left), int), begin, begin + 1, most)
    assert [part.tolist() for part in found] == cuts


def test_what_hangs_together_is_a_stretch_of_its_own_if_it_is_more_than_fits() -> None:
    begin = np.array([0.0, 4.0])
    for size, cuts in (([1, 5], [[0], [1]]), ([5, 1], [[0], [1]]), ([5, 5], [[0], [1]])):
        assert [part.tolist() for part in _filled(np.array(size), begin, begin + 1, 3)] == cuts


def test_a_closed_stroke_is_a_fills_outline_if_most_of_it_runs_beside_what_was_taken_out() -> None:
    """By the ends of its pieces; the control points between them may lie anywhere."""
    ends = np.array([[2, 2], [12, 2], [12, 8], [2, 8]], float)
    points = np.concatenate([np.vstack([end, [[5, 15], [5, 15]]]) for end in ends] + [ends[:1]])
    ring = Chain(points, np.ones(5), np.zeros(5, bool), True)
    near = np.zeros((20, 16), bool)
    near[:, :5] = True
    assert not with_fills([ring], near)[0].fill
    near = near.copy()
    near[2, 12] = True
    assert with_fills([ring], near)[0].fill
    assert not with_fills([ring._replace(closed=False)], near)[0].fill


def test_the_pen_of_a_single_pixel_is_about_one_wide() -> None:
    mask = np.zeros((5, 5), bool)
    mask[2, 2] = True
    assert pen_width(mask) == pytest.approx(1 / 1.1)
