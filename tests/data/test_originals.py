"""Readers of the publishers' files, on tiny files of the same form."""

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pytest

from dood.data.emnist import ARCHIVE, CLASSES, convert_emnist
from dood.data.idx import FILES, convert_idx, read_idx
from dood.data.imageset import read_npz, write_npz
from dood.data.omniglot import convert_omniglot
from dood.data.quickdraw import convert_quickdraw
from dood.errors import DoodError
from tests.data.originals import idx_bytes, ink, mnist_arrays, write_emnist, write_mnist, write_omniglot


@pytest.mark.parametrize("packed", [True, False])
def test_idx_files_are_read_packed_or_not(tmp_path: Path, packed: bool) -> None:
    arrays = mnist_arrays()
    write_mnist(tmp_path, arrays, packed)
    found = convert_idx(tmp_path)
    assert found.keys() == arrays.keys()
    for key, array in arrays.items():
        np.testing.assert_array_equal(found[key], array)


def test_idx_files_may_have_a_dot_in_their_names(tmp_path: Path) -> None:
    write_mnist(tmp_path, mnist_arrays(), packed=False)
    for path in list(tmp_path.iterdir()):
        path.rename(path.with_name(path.name.replace("-idx", ".idx")))
    assert convert_idx(tmp_path)["test_labels"].tolist() == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no idx file"),
        (b"<html>", r"starts with b'<htm'"),
        (b"\0\0\x0d\1\0\0\0\0", "type 0x0d"),
        (b"\0\0\x08\3\0\0", "within its header"),
        (idx_bytes(ink(0, 3, 4))[:-1], r"11 values, but says \[3, 4\]"),
        (idx_bytes(ink(0, 3, 4)) + b"x", "13 values"),
        (b"\0\0\x08\3" + b"\xff" * 12, "0 values"),
        (gzip.compress(idx_bytes(ink(0, 90, 90)))[:-900], "damaged"),
        (b"\x1f\x8bnot gzip at all", "damaged"),
    ],
)
def test_broken_idx_files_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(DoodError, match=message):
        read_idx(path)


def test_absent_or_unmatched_idx_files_are_refused(tmp_path: Path) -> None:
    arrays = mnist_arrays()
    write_mnist(tmp_path, arrays | {"test_labels": arrays["test_labels"][:3]})
    with pytest.raises(DoodError, match=r"test images \[4, 28, 28\] do not match labels \[3\]"):
        convert_idx(tmp_path)
    (tmp_path / FILES["train_labels"]).unlink()
    with pytest.raises(DoodError, match=r"has no train-labels-idx1-ubyte\.gz"):
        convert_idx(tmp_path)


def test_emnist_is_turned_upright(tmp_path: Path) -> None:
    arrays = mnist_arrays()
    write_emnist(tmp_path, arrays)
    found = convert_emnist(tmp_path)
    for key, array in arrays.items():
        np.testing.assert_array_equal(found[key], array)
    assert "".join(found["class_chars"]) == "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"


def test_emnist_files_taken_out_of_the_archive_are_read(tmp_path: Path) -> None:
    arrays = mnist_arrays()
    write_emnist(tmp_path, arrays)
    with zipfile.ZipFile(tmp_path / ARCHIVE) as archive:
        for member in archive.namelist():
            (tmp_path / Path(member).name).write_bytes(archive.read(member))
    (tmp_path / ARCHIVE).unlink()
    np.testing.assert_array_equal(convert_emnist(tmp_path)["train_images"], arrays["train_images"])


def test_broken_emnist_archives_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / ARCHIVE, "w") as archive:
        archive.writestr("gzip/emnist-letters-train-images-idx3-ubyte.gz", b"")
    with pytest.raises(DoodError, match="has no emnist-balanced-train-images"):
        convert_emnist(tmp_path)
    (tmp_path / ARCHIVE).write_bytes(b"PK\3\4 nothing")
    with pytest.raises(DoodError, match="damaged"):
        convert_emnist(tmp_path)
    assert len(CLASSES) == 47


def test_quickdraw_is_balanced_distinct_and_split_four_to_one(tmp_path: Path) -> None:
    drawings = ink(3, 60, 784)
    np.save(tmp_path / "cell phone.npy", np.concatenate([drawings, drawings[:30]]))
    np.save(tmp_path / "full_numpy_bitmap_tree.npy", ink(4, 20, 784))
    found = convert_quickdraw(tmp_path, sample=40)
    assert found["class_names"].tolist() == ["cell phone", "tree"]
    assert np.bincount(found["train_labels"]).tolist() == [32, 16]
    assert np.bincount(found["test_labels"]).tolist() == [8, 4]
    phones = np.concatenate([found[f"{split}_images"][found[f"{split}_labels"] == 0] for split in ("train", "test")])
    phones = {phone.tobytes() for phone in phones}
    assert len(phones) == 40
    assert phones < {drawing.tobytes() for drawing in drawings}


def test_the_quickdraw_sample_depends_on_seed_and_category_only(tmp_path: Path) -> None:
    np.save(tmp_path / "eye.npy", ink(5, 50, 784))
    alone = convert_quickdraw(tmp_path, sample=10)
    np.save(tmp_path / "car.npy", ink(6, 50, 784))
    both = convert_quickdraw(tmp_path, sample=10)
    np.testing.assert_array_equal(alone["train_images"], both["train_images"][both["train_labels"] == 1])
    other = convert_quickdraw(tmp_path, sample=10, seed=1)
    assert not np.array_equal(both["train_images"], other["train_images"])


def test_broken_quickdraw_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"has no \.npy files"):
        convert_quickdraw(tmp_path)
    path = tmp_path / "eye.npy"
    np.save(path, ink(0, 4, 783))
    with pytest.raises(DoodError, match="no bitmap file"):
        convert_quickdraw(tmp_path)
    np.save(path, ink(0, 4, 784))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DoodError, match=r"eye\.npy is no readable \.npy file"):
        convert_quickdraw(tmp_path)
    np.save(path, np.array([{}], object), allow_pickle=True)
    with pytest.raises(DoodError, match=r"eye\.npy is no"):
        convert_quickdraw(tmp_path)


OMNIGLOT = {
    f"{archive}/{character}/0001_{drawer:02d}.png": ink(seed + drawer, 105, 105) > 127
    for seed, (archive, character) in enumerate(
        [
            ("images_background", "Latin/character01"),
            ("images_background", "Greek/character02"),
            ("images_background", "Greek/character01"),
            ("images_evaluation", "Tengwar/character01"),
        ]
    )
    for drawer in (2, 1)
}


def test_omniglot_is_inverted_sorted_and_packed(tmp_path: Path) -> None:
    write_omniglot(tmp_path, OMNIGLOT)
    arrays = convert_omniglot(tmp_path)
    write_npz(tmp_path / "x.npz", arrays)
    found = read_npz(tmp_path / "x.npz")
    ordered = [OMNIGLOT[path] for path in sorted(OMNIGLOT)]
    np.testing.assert_array_equal(found.train_images, np.stack(ordered[:6]) * np.uint8(255))
    np.testing.assert_array_equal(found.test_images, np.stack(ordered[6:]) * np.uint8(255))
    assert found.train_labels.tolist() == [0, 0, 1, 1, 2, 2]
    assert found.test_labels.tolist() == [3, 3]
    assert found.class_names[2:] == ("images_background/Latin/character01", "images_evaluation/Tengwar/character01")
    assert found.train_alphabets is not None
    assert found.train_alphabets.tolist() == [0, 0, 0, 0, 1, 1]
    assert found.alphabet_names == ("images_background/Greek", "images_background/Latin", "images_evaluation/Tengwar")
    assert arrays["test_drawers"].tolist() == [1, 2]


def test_broken_omniglot_archives_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"has no images_background\.zip"):
        convert_omniglot(tmp_path)
    write_omniglot(tmp_path, {"images_background/Greek/character01/0001_01.png": np.zeros((28, 30), bool)})
    with pytest.raises(DoodError, match="is 30 x 28 pixels, not 105 x 105"):
        convert_omniglot(tmp_path)
    write_omniglot(tmp_path, {"images_background/Greek/character01/first.png": np.zeros((105, 105), bool)})
    with pytest.raises(DoodError, match=r"no drawings|drawer's number"):
        convert_omniglot(tmp_path)
    with zipfile.ZipFile(tmp_path / "images_background.zip", "w") as archive:
        archive.writestr("images_background/Greek/character01/0001_01.png", b"no picture")
    with pytest.raises(DoodError, match="no readable picture"):
        convert_omniglot(tmp_path)
    (tmp_path / "images_background.zip").write_bytes(b"nothing")
    with pytest.raises(DoodError, match="damaged"):
        convert_omniglot(tmp_path)
