"""Resizing, against Pillow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dood.core.geometry import resize_matrix
from dood.data import ImageSet, images_at
from dood.errors import DoodError
from tests.data.originals import ink


def by_pillow(images: np.ndarray, resolution: int) -> np.ndarray:
    size = (resolution, resolution)
    return np.stack([np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BILINEAR)) for image in images])


SIZE = st.integers(1, 120)
SEED = st.integers(0, 2**32 - 1)


@given(SIZE, SIZE, SEED)
def test_square_images_equal_those_of_pillow(size: int, resolution: int, seed: int) -> None:
    images = ink(seed, 2, size, size)
    images[1] = (images[1] > 127) * np.uint8(255)
    np.testing.assert_array_equal(images_at(images, resolution), by_pillow(images, resolution))


@given(SIZE, SIZE, SIZE, SEED)
def test_oblong_images_become_square(height: int, width: int, resolution: int, seed: int) -> None:
    images = ink(seed, 2, height, width)
    np.testing.assert_array_equal(images_at(images, resolution), by_pillow(images, resolution))


@pytest.mark.parametrize("resolution", [3, 28, 50])
def test_black_and_white_stay(resolution: int) -> None:
    images = np.stack([np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)])
    assert [set(image.ravel()) for image in images_at(images, resolution)] == [{0}, {255}]


@pytest.mark.parametrize(("source", "target"), [(105, 28), (105, 50), (28, 50), (50, 28)])
def test_bytes_agree_with_the_antialiased_resampling_of_tensors(source: int, target: int) -> None:
    image = ink(source, 1, source, source)
    weights = resize_matrix(source, target).double().numpy()
    wanted = weights @ image[0] @ weights.T
    # Two roundings to whole bytes: of rows, and of columns.
    assert np.abs(images_at(image, target)[0] - wanted).max() <= 1.01


def test_a_resolution_below_one_is_refused() -> None:
    with pytest.raises(DoodError, match="resolution 0"):
        images_at(ink(0, 1, 4, 4), 0)


def test_a_set_is_resized_with_all_else_kept() -> None:
    labels = np.array([1, 0])
    whole = ImageSet("x", ink(0, 2, 28, 28), labels, ink(1, 2, 28, 28), labels, ("a", "b"), "5a")
    small = whole.at(14)
    np.testing.assert_array_equal(small.train_images, by_pillow(whole.train_images, 14))
    np.testing.assert_array_equal(small.test_images, by_pillow(whole.test_images, 14))
    assert (small.name, small.class_names, small.sha256, small.resolution) == ("x", ("a", "b"), "5a", 14)
    assert small.train_labels is labels
    assert whole.at(28) is whole
