"""What is learned from, and what is held out."""

from pathlib import Path

import numpy as np
import pytest

from dood.data import training_data, write_npz
from dood.errors import DoodError


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two sets of 40 and 20 training images; every image is of its own grey."""
    paths = []
    for name, count, first in (("one", 40, 0), ("two", 20, 100)):
        images = (first + np.arange(count, dtype=np.uint8))[:, None, None] * np.ones((1, 6, 6), np.uint8)
        labels = np.zeros(count, np.int64)
        write_npz(tmp_path / f"{name}.npz", {"train_images": images, "train_labels": labels})
        paths.append(tmp_path / f"{name}.npz")
    return paths


def greys(images: np.ndarray) -> list[int]:
    return images[:, 0, 0].tolist()


def test_what_is_held_out_is_not_learned_from(sets: list[Path]) -> None:
    data = training_data(str(sets[0]), 6)
    assert greys(data.held_out) == [0, 13, 26, 39]
    assert sorted(greys(data.sets[0]) + greys(data.held_out)) == list(range(40))
    assert len(training_data(str(sets[0]), 6, held_out=2).held_out) == 2


def test_several_sets_are_held_out_from_in_turn(sets: list[Path]) -> None:
    data = training_data("+".join(map(str, sets)), 6)
    assert [len(images) for images in data.sets] == [36, 18]
    assert greys(data.held_out) == [0, 100, 13, 119]
    assert data.sha256.count("+") == 1
    assert data.name == "+".join(map(str, sets))


def test_all_is_the_five_sets_of_the_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOOD_DATA", str(tmp_path))
    for name in ("mnist", "emnist", "kmnist", "quickdraw", "omniglot"):
        images, labels = np.zeros((10, 28, 28), np.uint8), np.zeros(10, np.int64)
        write_npz(tmp_path / f"{name}.npz", {"train_images": images, "train_labels": labels})
    data = training_data("all", 8)
    assert data.name == "mnist+emnist+kmnist+quickdraw+omniglot"
    assert [images.shape for images in data.sets] == [(9, 8, 8)] * 5


def test_a_set_that_is_too_small_is_refused(sets: list[Path], tmp_path: Path) -> None:
    images = np.zeros((9, 6, 6), np.uint8)
    write_npz(tmp_path / "few.npz", {"train_images": images, "train_labels": np.zeros(9, np.int64)})
    with pytest.raises(DoodError, match="few has 9 training images: at least 10"):
        training_data(str(tmp_path / "few.npz"), 6)
