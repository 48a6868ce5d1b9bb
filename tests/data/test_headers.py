"""Headers of arrays that claim what the file does not hold."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from dood.collection.shards import find_inputs
from dood.data import read_npz
from dood.errors import DoodError
from dood.tasks.oneshot import read_runs


def with_header(path: Path, name: str, shape: str, kind: str = "|u1", body: bytes = bytes(64)) -> Path:
    """An .npz file with one array, whose header says whatever it is told to."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": (7,)})
    text = file.getvalue().replace(b"(7,)", shape.encode())
    length = len(text) - 10
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.npy", text[:8] + length.to_bytes(2, "little") + text[10:] + body)
    return path


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("(-1, 4, 4)", "no length is negative"),
        ("(5, 4, 4)", r"shape is \[5, 4, 4\] and holds 64"),
        (f"({10**30}, 4, 4)", "holds 64 bytes"),
        (f"({10**9}, 0, 0)", "holds 64 bytes"),
        ("(2**30,)", "header of test_images.npy is damaged|no readable .npz"),
        ("(4", "header of test_images.npy is damaged|no readable .npz"),
    ],
)
def test_an_array_that_claims_more_than_the_file_holds_is_refused(tmp_path: Path, shape: str, said: str) -> None:
    path = with_header(tmp_path / "set.npz", "test_images", shape)
    for read in (read_npz, lambda path: find_inputs([path]), read_runs):
        with pytest.raises(DoodError, match=said) as caught:
            read(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_an_honest_array_is_read(tmp_path: Path) -> None:
    path = with_header(tmp_path / "set.npz", "test_images", "(4, 4, 4)")
    assert read_npz(path).test_images.shape == (4, 4, 4)
    (found,) = find_inputs([path])
    assert found.count == 4


def test_a_label_that_is_a_mark_is_no_class(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "set.npz",
        test_images=np.zeros((3, 4, 4), np.uint8),
        test_labels=np.array([0, 1, 2**32 - 1], np.uint32),
    )
    with pytest.raises(DoodError, match="labels run up to 4294967295"):
        read_npz(tmp_path / "set.npz")
