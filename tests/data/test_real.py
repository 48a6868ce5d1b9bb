"""The real files, where there are some."""

from pathlib import Path

import numpy as np
import pytest

from dood.data import list_sets, load
from dood.figures.data_sheet import data_sheet

CLASSES = {"mnist": 10, "emnist": 47, "kmnist": 10}


def present(data_dir: Path, *files: str) -> None:
    for file in files:
        if not (data_dir / f"{file}.npz").is_file():
            pytest.skip(f"needs {file}.npz in DOOD_DATA")


@pytest.mark.parametrize("name", ["mnist", "emnist", "kmnist", "quickdraw"])
def test_a_set_loads(data_dir: Path, name: str) -> None:
    present(data_dir, name)
    images = load(name)
    (status,) = (status for status in list_sets() if status.name == name)
    assert (len(images.train_images), len(images.test_images)) == (status.train, status.test)
    assert len(images.class_names) == status.classes == CLASSES.get(name, len(images.class_names))
    assert len(images.train_images) > len(images.test_images) >= 2000
    assert images.train_images.shape[1:] == (28, 28)
    corners = images.train_images[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert images.train_images.max() == 255
    assert corners.mean() < 15, "ink is bright on black"
    assert len(np.unique(images.test_labels)) == len(images.class_names)
    assert data_sheet(images, 2, 5).size == (5 * 58 + 2, 2 * 58 + 2)


def test_mnist_is_the_official_set(data_dir: Path) -> None:
    present(data_dir, "mnist")
    images = load("mnist")
    assert (len(images.train_images), len(images.test_images)) == (60_000, 10_000)
    assert images.train_labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert images.test_labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_omniglot_is_whole_and_reduces_to_its_small_form(data_dir: Path) -> None:
    present(data_dir, "omniglot", "omniglot_105")
    fine, small = load("omniglot"), load("omniglot", resolution=28)
    assert (fine.resolution, small.resolution) == (105, 28)
    assert fine.sha256 != small.sha256
    assert (len(fine.train_images), len(fine.test_images), len(fine.class_names)) == (19_280, 13_180, 964 + 659)
    assert set(np.unique(fine.test_images)) == {0, 255}
    assert fine.train_labels.max() == 963
    assert fine.test_labels.min() == 964
    assert fine.test_alphabets is not None
    assert sorted(set(fine.test_alphabets)) == list(range(30, 50))
    assert fine.class_names == small.class_names
    np.testing.assert_array_equal(fine.at(28).test_images, small.test_images)
