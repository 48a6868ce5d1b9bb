"""Looking up, loading and listing sets."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dood.data import list_sets, load, write_npz
from dood.data.imageset import pack
from dood.errors import DoodError
from tests.data.originals import ink, mnist_arrays


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """An empty DOOD_DATA and an empty DOOD_CACHE."""
    data, cache = tmp_path / "data", tmp_path / "cache"
    for name, folder in (("DOOD_DATA", data), ("DOOD_CACHE", cache)):
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    monkeypatch.chdir(tmp_path)
    return data, cache


def write_omniglot_files(folder: Path) -> np.ndarray:
    drawn = np.zeros((2, 105, 105), np.uint8)
    drawn[:, 20:80, 50:60] = 255
    labels = {"train_labels": np.zeros(2, np.int16), "test_labels": np.zeros(1, np.int16)}
    write_npz(folder / "omniglot_105.npz", {"train_bits": pack(drawn), "test_bits": pack(drawn[:1])} | labels)
    write_npz(folder / "omniglot.npz", {"train_images": ink(0, 2, 28, 28), "test_images": ink(1, 1, 28, 28)} | labels)
    return drawn


def test_dood_data_comes_before_the_cache(places: tuple[Path, Path]) -> None:
    data, cache = places
    write_npz(cache / "kmnist.npz", mnist_arrays(train=3))
    assert len(load("kmnist").train_images) == 3
    write_npz(data / "kmnist.npz", mnist_arrays(train=5))
    assert len(load("kmnist").train_images) == 5
    assert len(load("kmnist", data_dir=cache).train_images) == 3
    assert load("kmnist").class_names == ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")


def test_the_cache_is_the_users_own_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DOOD_DATA", raising=False)
    monkeypatch.delenv("DOOD_CACHE", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    (tmp_path / "dood").mkdir()
    write_npz(tmp_path / "dood" / "mnist.npz", mnist_arrays())
    assert len(load("mnist").test_images) == 4


def test_omniglot_comes_from_the_finest_file(places: tuple[Path, Path]) -> None:
    drawn = write_omniglot_files(places[0])
    np.testing.assert_array_equal(load("omniglot").train_images, drawn)
    assert load("omniglot", resolution=50).train_images.shape == (2, 50, 50)
    np.testing.assert_array_equal(load("omniglot", resolution=28).train_images, ink(0, 2, 28, 28))
    (places[0] / "omniglot_105.npz").unlink()
    assert load("omniglot", resolution=50).train_images.shape == (2, 50, 50)


def test_names_that_are_not_known_or_not_here(places: tuple[Path, Path]) -> None:
    with pytest.raises(DoodError, match=r"did you mean mnist\? There are mnist, emnist, .*synthetic .*data fetch"):
        load("mnits")
    absent = r"not on this machine \(looked in .*data and .*cache\); run `dood data fetch emnist`"
    with pytest.raises(DoodError, match=absent):
        load("emnist")
    with pytest.raises(DoodError, match=r"no data set 'mine\.npz'"):
        load("mine.npz")
    (places[0] / "emnist.npz").write_bytes(b"PK damaged")
    with pytest.raises(DoodError, match=r"emnist\.npz is no readable"):
        load("emnist")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    write_npz(tmp_path / "mine.npz", {"images": ink(0, 3, 20, 20)})
    found = load(tmp_path / "mine.npz", resolution=10)
    assert (found.name, found.train_images.shape) == ("mine", (3, 10, 10))
    with pytest.raises(DoodError, match="resolution 0"):
        load(tmp_path / "mine.npz", resolution=0)


def draw_cross(path: Path, at: int) -> None:
    """Dark ink on light paper."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((60, 80), 250, np.uint8)
    pixels[at - 2 : at + 2, 10:60] = pixels[10:50, at - 2 : at + 2] = 20
    Image.fromarray(pixels).save(path)


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    for i, name in enumerate(["b/2.png", "a/1.png", "b/.hidden.png", "3.PNG"]):
        draw_cross(folder / name, 20 + i)
    (folder / "notes.txt").write_text("no picture")
    found = load(folder, resolution=32)
    assert (found.name, found.class_names) == ("mine", ("mine", "a", "b"))
    assert found.train_labels.tolist() == [0, 1, 2]
    assert found.train_images.shape == found.test_images.shape == (3, 32, 32)
    assert found.train_images[0].max() > 200
    assert np.median(found.train_images[0]) == 0
    before = found.sha256
    draw_cross(folder / "a" / "1.png", 30)
    assert load(folder, resolution=32).sha256 != before
    assert load(folder).resolution == 105


def test_subfolders_train_and_test_are_the_split(tmp_path: Path) -> None:
    for i, name in enumerate(["train/a/1.png", "train/b/2.png", "test/b/3.png"]):
        draw_cross(tmp_path / name, 20 + i)
    found = load(tmp_path, resolution=32)
    assert found.has_split
    assert (found.class_names, found.train_labels.tolist(), found.test_labels.tolist()) == (("a", "b"), [0, 1], [1])
    assert (len(found.train_images), len(found.test_images)) == (2, 1)
    draw_cross(tmp_path / "4.png", 30)
    assert not load(tmp_path, resolution=32).has_split


def test_whether_there_is_a_split_is_known_and_kept(tmp_path: Path) -> None:
    images = ink(0, 3, 8, 8)
    write_npz(tmp_path / "whole.npz", {"images": images})
    write_npz(tmp_path / "parts.npz", {"train_images": images, "test_images": images})
    whole, parts = load(tmp_path / "whole.npz"), load(tmp_path / "parts.npz")
    assert [whole.has_split, whole.at(4).has_split, parts.has_split, parts.at(4).has_split] == [
        False,
        False,
        True,
        True,
    ]


def test_unfit_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match="holds no pictures"):
        load(tmp_path)
    (tmp_path / "x.png").write_bytes(b"no picture")
    with pytest.raises(DoodError, match=r"x\.png"):
        load(tmp_path)


def test_the_list_says_what_is_where(places: tuple[Path, Path]) -> None:
    data, cache = places
    write_npz(data / "mnist.npz", mnist_arrays())
    write_omniglot_files(cache)
    (cache / "quickdraw.npz").write_bytes(b"PK damaged")
    sets = {status.name: status for status in list_sets()}
    assert list(sets) == ["mnist", "emnist", "kmnist", "quickdraw", "omniglot", "synthetic"]
    mnist, emnist = sets["mnist"], sets["emnist"]
    assert (mnist.path, mnist.train, mnist.test, mnist.classes, mnist.official) == (data / "mnist.npz", 6, 4, 6, False)
    assert mnist.size == (data / "mnist.npz").stat().st_size
    assert "6 + 4 images, 6 classes" in mnist.summary
    assert "not the official split" in mnist.summary
    assert (emnist.path, emnist.train, emnist.classes) == (None, 112_800, 47)
    assert "not here: `dood data fetch emnist` (560 MB)" in emnist.summary
    assert "is unreadable" in sets["quickdraw"].summary
    assert (sets["omniglot"].path, sets["omniglot"].train) == (cache / "omniglot_105.npz", 2)
    assert sets["synthetic"].summary == "10,000 + 2,000 images, 5 classes; made by code when loaded"
    assert all("\n" not in status.summary for status in sets.values())
