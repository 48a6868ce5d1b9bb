"""Sets of pen paths, and their pictures."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from dood.data.pensets import load_pen_set
from dood.errors import DoodError
from tests.pen_sets import write_omniglot, write_pen_set

ROW = [[10.0, 20.0], [50.0, 20.0]]
DRAWINGS = [[ROW], [ROW, [[30.0, 5.0]]], [ROW], [ROW, ROW, ROW], [ROW]]


def test_drawings_have_their_strokes_in_order(tmp_path: Path) -> None:
    write_pen_set(tmp_path, "rows", DRAWINGS, size=(64, 48), width=4)
    drawn = load_pen_set("rows", tmp_path)
    assert [len(one.strokes) for one in drawn] == [1, 2, 1, 3, 1]
    assert_allclose(drawn[1].strokes[1], [[30, 5]])
    assert (drawn[1].size, drawn[1].width, drawn[1].index, drawn[1].image) == ((64, 48), 4, 1, None)


@pytest.mark.parametrize(("limit", "indices"), [(3, [0, 2, 4]), (1, [0]), (5, [0, 1, 2, 3, 4]), (99, [0, 1, 2, 3, 4])])
def test_fewer_are_evenly_spaced(tmp_path: Path, limit: int, indices: list[int]) -> None:
    write_pen_set(tmp_path, "rows", DRAWINGS)
    assert [one.index for one in load_pen_set("rows", tmp_path, limit=limit)] == indices


def test_those_held_out_are_every_fifth(tmp_path: Path) -> None:
    write_pen_set(tmp_path, "rows", [[ROW]] * 23)
    assert [one.index for one in load_pen_set("rows", tmp_path, held_out=True)] == [4, 9, 14, 19]
    assert [one.index for one in load_pen_set("rows", tmp_path, held_out=True, limit=2)] == [4, 19]


def test_omniglot_has_its_own_pictures_in_the_frame_of_pixels(tmp_path: Path) -> None:
    images = write_omniglot(tmp_path, DRAWINGS)
    drawn = load_pen_set("omniglot", tmp_path, limit=2)
    assert_allclose(drawn[1].strokes[0], np.array(ROW) + 0.5)
    assert np.array_equal(np.asarray(drawn[1].image), 255 - images[4])
    assert drawn[1].size == (105, 105)
    assert [each.label for each in load_pen_set("omniglot", tmp_path)] == [i // 2 for i in range(len(DRAWINGS))]


def test_missing_and_damaged_sets_are_named(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"pen/rows\.npz is not on this machine"):
        load_pen_set("rows", tmp_path)
    write_pen_set(tmp_path, "rows", DRAWINGS)
    with np.load(tmp_path / "pen" / "rows.npz") as file:
        arrays = dict(file)
    for name, value in (("stroke_ptr", arrays["stroke_ptr"][:-1]), ("width", arrays["width"][:2])):
        np.savez(tmp_path / "pen" / "rows.npz", **(arrays | {name: value}))
        with pytest.raises(DoodError, match=r"rows\.npz does not hold pen paths: its arrays do not fit together"):
            load_pen_set("rows", tmp_path)
    (tmp_path / "pen" / "rows.npz").write_bytes(b"nothing")
    with pytest.raises(DoodError, match=r"rows\.npz does not hold pen paths"):
        load_pen_set("rows", tmp_path)
