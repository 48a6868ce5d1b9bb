"""Strokes beside those of people: thinning, joining and the three figures."""

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from dood.checkpoints import checkpoint
from dood.data.penpaths import load_pen_paths
from dood.errors import DoodError
from dood.evaluation.agreement import agreement, compare
from dood.evaluation.joining import join_lines
from dood.evaluation.skeleton import skeleton_lines
from tests.tiny import tiny_model

pytest.importorskip("sklearn", reason="agreement needs scikit-learn, the extra `eval`")
pytest.importorskip("skimage", reason="the baseline needs scikit-image, the extra `eval`")


def thick(*boxes: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    """An image of filled boxes (left, top, right, bottom)."""
    ink = np.zeros((60, 60), bool)
    for left, top, right, bottom in boxes:
        ink[top:bottom, left:right] = True
    return ink


def test_a_bar_is_one_line_along_its_middle() -> None:
    (line,) = skeleton_lines(thick((10, 20, 50, 25)))
    assert_allclose(line[:, 1], 22.5, atol=1)
    assert sorted((line[0, 0], line[-1, 0])) == pytest.approx([12, 48], abs=3)


def test_a_cross_is_four_lines_that_meet() -> None:
    lines = skeleton_lines(thick((10, 28, 50, 31), (28, 10, 31, 50)))
    arms = [line for line in lines if len(line) > 10]
    assert len(arms) == 4
    for line in arms:
        assert min(np.linalg.norm(end - [29.5, 29.5]) for end in (line[0], line[-1])) < 3


def test_a_ring_is_one_closed_line() -> None:
    ring = thick((15, 15, 45, 45)) & ~thick((19, 19, 41, 41))
    (line,) = skeleton_lines(ring)
    assert_allclose(line[0], line[-1])
    assert len(line) > 80


def test_a_dot_is_a_line_of_a_point_and_a_blank_image_has_none() -> None:
    (line,) = skeleton_lines(thick((30, 30, 31, 31)))
    assert_allclose(line, [[30.5, 30.5]])
    assert skeleton_lines(np.zeros((9, 9), bool)) == []


def straight(start: tuple[float, float], end: tuple[float, float], count: int = 30) -> NDArray[np.float64]:
    return np.linspace(start, end, count)


@pytest.mark.parametrize("turns", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_lines_that_continue_one_another_are_joined_in_order(turns: tuple[int, int]) -> None:
    one, other = straight((0, 0), (10, 0)), straight((12, 0), (20, 1))
    (line,) = join_lines([one[:: turns[0]], other[:: turns[1]]])
    assert np.ptp(line[:, 0]) == pytest.approx(20)
    steps = np.diff(line[:, 0])
    assert (steps > 0).all() or (steps < 0).all()


def test_lines_that_turn_back_or_lie_apart_or_cross_are_not_joined() -> None:
    one = straight((0, 0), (20, 0))
    for other in (straight((20, 1), (0, 2)), straight((40, 0), (60, 0)), straight((10, -10), (10, 10))):
        assert len(join_lines([one, other])) == 2


def test_the_pen_turns_a_corner_only_where_no_third_line_is() -> None:
    down, right = straight((0, 0), (0, 30)), straight((0, 30), (30, 30))
    (corner,) = join_lines([down, right])
    assert_allclose(sorted([corner[0].tolist(), corner[-1].tolist()]), [[0, 0], [30, 30]])
    crossbar = [down, right, straight((-30, 30), (-2, 30))]
    assert sorted(float(np.ptp(line[:, 0])) for line in join_lines(crossbar)) == pytest.approx([0, 60])


def test_ends_that_overlap_are_cut_where_they_are_nearest() -> None:
    (line,) = join_lines([straight((0, 0), (23, 1)), straight((20, 0), (40, 0))])
    assert np.ptp(line[:, 0]) == pytest.approx(40)
    assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(40, abs=1.5)


def test_the_best_of_several_continuations_is_taken() -> None:
    one = straight((0, 0), (20, 0))
    ahead, aside = straight((22, 0), (40, 0)), straight((22, 1), (35, 12))
    lines = join_lines([one, aside, ahead])
    longest = max(lines, key=lambda line: float(np.ptp(line[:, 0])))
    assert np.ptp(longest[:, 0]) == pytest.approx(40)
    assert len(join_lines([])) == 0


def test_the_same_drawing_agrees_whatever_the_order_and_the_way_it_was_drawn() -> None:
    drawn = [straight((0, 0), (30, 0)), straight((0, 20), (30, 20))]
    chamfer, close, ari = compare([drawn[1][::-1], drawn[0]], drawn)
    assert chamfer == pytest.approx(0, abs=0.3)
    assert close
    assert ari == pytest.approx(1)


def test_the_distance_is_that_of_the_lines() -> None:
    drawn = [straight((0, 0), (40, 0))]
    assert compare([straight((0, 3), (40, 3))], drawn)[0] == pytest.approx(3, abs=0.01)
    half = compare([straight((0, 0), (20, 0))], drawn)
    assert half[0] == pytest.approx((0 + 20 / 4) / 2, rel=0.05)


def test_strokes_that_are_lumped_together_lower_the_index_and_too_many_the_count() -> None:
    drawn = [straight((0, 10 * i), (30, 10 * i)) for i in range(4)]
    lumped = [np.concatenate([drawn[0], drawn[1][::-1]]), np.concatenate([drawn[2], drawn[3][::-1]])]
    assert 0.2 < compare(lumped, drawn)[2] < 0.8
    assert [compare(drawn[:n], drawn)[1] for n in (1, 2, 3, 4)] == [False, False, True, True]


def test_nothing_found_is_infinitely_far() -> None:
    assert compare([], [straight((0, 0), (9, 9))]) == (float("inf"), True, 0.0)


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six drawings of one bar or two, and how they were drawn."""
    images = np.zeros((6, 105, 105), np.uint8)
    points, strokes, drawings = [], [0], [0]
    for i in range(6):
        for row in (30, 70)[: 1 + i % 2]:
            images[i, row - 1 : row + 2, 20:80] = 255
            points.append(np.stack([np.linspace(20, 80, 20), np.full(20, row), np.arange(20)], 1))
            strokes.append(strokes[-1] + 20)
        drawings.append(len(strokes) - 1)
    np.savez(tmp_path / "omniglot_small.npz", small1_images=images)
    arrays = {"points": np.concatenate(points).astype(np.float32), "stroke_ptr": strokes, "drawing_ptr": drawings}
    np.savez(tmp_path / "omniglot_strokes.npz", **arrays)
    monkeypatch.setenv("DOOD_DATA", str(tmp_path))
    return tmp_path


def test_pen_paths_are_read_drawing_by_drawing_in_the_frame_of_pixels(people: Path) -> None:
    everyone, some = load_pen_paths(), load_pen_paths(3)
    assert [len(strokes) for strokes in everyone.strokes] == [1, 2, 1, 2, 1, 2]
    assert_allclose(everyone.strokes[1][1][0], [20.5, 70.5])
    assert len(some.images) == 3
    assert np.array_equal(some.images[2], everyone.images[5])


def test_missing_and_damaged_pen_paths_are_named(people: Path) -> None:
    (people / "omniglot_strokes.npz").write_bytes(b"nothing")
    with pytest.raises(DoodError, match=r"omniglot_strokes\.npz"):
        load_pen_paths()
    (people / "omniglot_strokes.npz").unlink()
    with pytest.raises(DoodError, match=r"omniglot_strokes\.npz is not on this machine"):
        load_pen_paths()


def test_the_table_has_the_baseline_and_each_model_plain_and_joined(people: Path, tmp_path: Path) -> None:
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors", {"model": "dood", "data": "scribbles"})
    rows = agreement([tmp_path / "model.safetensors"], tmp_path / "table.csv", limit=4)
    assert [(row.method, row.source) for row in rows] == [
        ("skeleton", ""),
        ("skeleton joined", ""),
        ("dood", "scribbles"),
        ("dood joined", "scribbles"),
    ]
    skeleton = rows[0]
    assert skeleton.chamfer_px < 1
    assert (skeleton.count_within_1, skeleton.drawings, skeleton.strokes) == (1, 4, 1.75)
    assert skeleton.ari == pytest.approx(1)
    with (tmp_path / "table.csv").open() as file:
        written = list(csv.DictReader(file))
    assert [row["method"] for row in written] == [row.method for row in rows]
