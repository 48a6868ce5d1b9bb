"""The type and the file."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from dood.data import ImageSet, read_npz, write_npz
from dood.data.imageset import pack
from dood.errors import DoodError
from tests.data.originals import ink, mnist_arrays


def save(path: Path, **arrays: np.ndarray) -> Path:
    write_npz(path, arrays)
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    arrays = mnist_arrays()
    path = save(tmp_path / "digits.npz", **arrays)
    found = read_npz(path)
    np.testing.assert_array_equal(found.train_images, arrays["train_images"])
    np.testing.assert_array_equal(found.test_images, arrays["test_images"])
    assert found.train_labels.dtype == found.test_labels.dtype == np.int64
    assert found.test_labels.tolist() == [3, 2, 1, 0]
    assert (found.name, found.class_names, found.resolution) == ("digits", tuple("012345"), 28)
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (found.train_alphabets, found.alphabet_names) == (None, ())


def test_the_same_arrays_give_the_same_file(tmp_path: Path) -> None:
    first, second = (save(tmp_path / f"{i}.npz", **mnist_arrays()) for i in range(2))
    assert first.read_bytes() == second.read_bytes()


def test_class_names_come_from_the_file_before_those_that_are_known(tmp_path: Path) -> None:
    known = tuple("abcdefghij")
    assert read_npz(save(tmp_path / "a.npz", **mnist_arrays()), class_names=known).class_names == known
    named = save(tmp_path / "b.npz", **mnist_arrays(), class_names=np.array(list("uvwxyz")))
    assert read_npz(named, class_names=known).class_names == tuple("uvwxyz")


def test_test_images_alone_will_do(tmp_path: Path) -> None:
    found = read_npz(save(tmp_path / "mine.npz", test_images=ink(0, 5, 20, 20)))
    assert (found.train_images.shape, found.test_images.shape) == ((0, 20, 20), (5, 20, 20))
    assert (found.test_labels.tolist(), found.class_names) == ([0] * 5, ("mine",))
    assert found.at(10).train_images.shape == (0, 10, 10)


def test_images_without_a_split_are_in_both(tmp_path: Path) -> None:
    found = read_npz(save(tmp_path / "mine.npz", images=ink(0, 3, 9, 9), labels=np.array([2, 0, 1])))
    np.testing.assert_array_equal(found.train_images, found.test_images)
    assert found.train_labels.tolist() == found.test_labels.tolist() == [2, 0, 1]
    assert found.class_names == ("0", "1", "2")


def test_bits_are_unpacked(tmp_path: Path) -> None:
    drawn = (ink(7, 3, 105, 105) > 200) * np.uint8(255)
    found = read_npz(save(tmp_path / "bits.npz", test_bits=pack(drawn)))
    np.testing.assert_array_equal(found.test_images, drawn)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({}, "neither train_images, test_images nor images; it has nothing"),
        ({"pictures": ink(0, 3, 9, 9)}, "it has pictures"),
        ({"images": ink(0, 0, 9, 9)}, "holds no images"),
        ({"images": ink(0, 3, 9, 9) / 255}, r"images is float64 \[3, 9, 9\], but should be uint8"),
        ({"images": ink(0, 3, 9, 9, 3)}, r"images is uint8 \[3, 9, 9, 3\]"),
        ({"train_images": ink(0, 3, 8, 9)}, "train_images are 9 x 8 pixels; pad them"),
        ({"images": ink(0, 3, 0, 0)}, "0 x 0 pixels"),
        ({"train_images": ink(0, 3, 8, 8), "test_images": ink(0, 3, 9, 9)}, "differ in size"),
        ({"images": ink(0, 3, 9, 9), "labels": np.zeros(2, int)}, r"labels is int64 \[2\], but should be int64 \[3\]"),
        ({"images": ink(0, 3, 9, 9), "labels": np.zeros(3)}, r"labels is float64 \[3\], but should be whole numbers"),
        ({"images": ink(0, 3, 9, 9), "labels": np.array([0, -1, 2])}, "labels run from -1 to 2"),
        (
            {"images": ink(0, 3, 9, 9), "labels": np.arange(3), "class_names": np.array(["a", "b"])},
            "labels run from 0 to 2, but there are 2 class names",
        ),
        ({"train_bits": ink(0, 3, 1378)}, r"train_bits is uint8 \[3, 1378\], but should be uint8 \[n, 1379\]"),
    ],
)
def test_unfit_arrays_are_refused(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(DoodError, match=message):
        read_npz(save(tmp_path / "x.npz", **arrays))


def test_pickled_objects_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    np.savez(path, images=np.array([{}, None], object))
    with pytest.raises(DoodError, match="pickled objects, which could run code"):
        read_npz(path)


def test_files_that_are_no_archives_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match="no such file"):
        read_npz(tmp_path / "absent.npz")
    path = tmp_path / "x.npz"
    for data in (b"", b"PK\3\4", b"hello", b"\x80\x04N."):
        path.write_bytes(data)
        with pytest.raises(DoodError, match=r"x\.npz"):
            read_npz(path)
    with path.open("wb") as file:
        np.save(file, ink(0, 3, 9, 9))
    with pytest.raises(DoodError, match=r"is no \.npz file"):
        read_npz(path)


def test_damage_is_found_wherever_it_is(tmp_path: Path) -> None:
    """One changed byte gives an error of ours or, in a place that means nothing, the same images."""
    path = save(tmp_path / "x.npz", images=np.zeros((2, 5, 5), np.uint8))
    whole, generator = path.read_bytes(), np.random.default_rng(0)
    refused = 0
    for place in generator.permutation(len(whole))[:200]:
        damaged = bytearray(whole)
        damaged[place] ^= int(generator.integers(1, 256))
        path.write_bytes(damaged)
        try:
            assert not read_npz(path).train_images.any()
        except DoodError:
            refused += 1
    assert refused > 100


def test_the_type_refuses_what_is_no_image_set() -> None:
    images, labels = ink(0, 2, 4, 4), np.zeros(2, np.int64)
    with pytest.raises(DoodError, match=r"train_images is float32 \[2, 4, 4\]"):
        ImageSet("x", images.astype(np.float32), labels, images, labels, ("a",), "")
    with pytest.raises(DoodError, match=r"test_labels is int32 \[2\]"):
        ImageSet("x", images, labels, images, labels.astype(np.int32), ("a",), "")
