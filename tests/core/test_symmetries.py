"""The eight symmetries of the square."""

import numpy as np
import pytest

from dood.core.symmetries import SYMMETRIES, stroke_numbers, turned_pixels

CONTROLS, WIDTH = 8, 15


def test_pixels_go_where_turns_and_mirrors_of_numpy_put_them() -> None:
    picture = np.arange(9).reshape(3, 3)
    turned = picture.ravel()[turned_pixels(3)].reshape(SYMMETRIES, 3, 3)
    assert (turned[0] == picture).all()
    assert (turned[3] == np.rot90(picture, 3)).all()
    assert (turned[4] == picture[:, ::-1]).all()
    assert len({each.tobytes() for each in turned}) == SYMMETRIES


@pytest.mark.parametrize("k", range(SYMMETRIES))
def test_numbers_of_a_stroke_are_permuted_and_none_is_lost(k: int) -> None:
    source, sign = (part[k] for part in stroke_numbers(CONTROLS, WIDTH))
    assert sorted(source) == list(range(WIDTH))
    assert set(np.abs(sign)) == {1}
    unchanged = [0, *range(4 + CONTROLS, WIDTH)]
    assert (source[unchanged] == unchanged).all()
    assert (sign[unchanged] == 1).all(), "scale and pen are the same in every view"
    assert sign[3] == (-1 if k >= 4 else 1), "mirrors alone change the sense of rotations"


def test_a_point_of_a_turned_picture_is_where_it_was_before() -> None:
    """A quarter turn puts what is right on top (y points down)."""
    source, sign = (part[1] for part in stroke_numbers(CONTROLS, WIDTH))
    turned = np.zeros(WIDTH)
    turned[2] = -1
    assert (sign * turned[source])[1:3].tolist() == [1, 0]
