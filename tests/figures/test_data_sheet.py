"""Sheets of the images of a set."""

import numpy as np
import pytest

from dood.data import ImageSet
from dood.errors import DoodError
from dood.figures.data_sheet import GAP, GREY, data_sheet


def flat_set(labels: list[int], train: bool = True) -> ImageSet:
    """Images of one grey value, 10 times the label and 1 more."""
    numbers = np.array(labels, np.int64)
    images = np.broadcast_to((numbers * 10 + 1).astype(np.uint8)[:, None, None], (len(labels), 20, 20))
    none = images[:0], numbers[:0]
    names = tuple(str(label) for label in range(max(labels) + 1))
    return ImageSet("x", *((images, numbers, *none) if train else (*none, images, numbers)), names, "")


def shown(sheet: np.ndarray, rows: int, columns: int) -> list[int]:
    """Labels of the tiles; -1 where there is none."""
    pitch = (len(sheet) - GAP) // rows
    values = [sheet[GAP + row * pitch, GAP + column * pitch] for row in range(rows) for column in range(columns)]
    return [-1 if value == GREY else (int(value) - 1) // 10 for value in values]


def test_images_are_enlarged_and_ordered_by_class() -> None:
    picture = data_sheet(flat_set([2, 0, 1, 1, 0, 2] * 3), rows=2, columns=3)
    assert (picture.mode, picture.size) == ("L", (3 * 42 + 2, 2 * 42 + 2))
    assert shown(np.asarray(picture), 2, 3) == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("train", [True, False])
def test_classes_are_shown_as_evenly_as_can_be(train: bool) -> None:
    images = flat_set([0] * 50 + [1] + [3] * 2, train)
    assert shown(np.asarray(data_sheet(images, 2, 4)), 2, 4) == [0] * 5 + [1, 3, 3]


def test_more_classes_than_places_are_spread() -> None:
    assert shown(np.asarray(data_sheet(flat_set(list(range(9))), 1, 3)), 1, 3) == [0, 3, 6]


def test_places_without_images_stay_grey() -> None:
    assert shown(np.asarray(data_sheet(flat_set([0, 1, 2]), 2, 2)), 2, 2) == [0, 1, 2, -1]


def test_the_choice_depends_on_the_seed() -> None:
    images = flat_set([0] * 200)
    images = ImageSet(
        "x",
        (images.train_images + np.arange(200, dtype=np.uint8)[:, None, None]).astype(np.uint8),
        images.train_labels,
        images.test_images,
        images.test_labels,
        images.class_names,
        "",
    )
    first, again, other = (np.asarray(data_sheet(images, 2, 3, seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_sheet_has_rows_and_columns() -> None:
    with pytest.raises(DoodError, match="0 rows and 3 columns"):
        data_sheet(flat_set([0]), 0, 3)
