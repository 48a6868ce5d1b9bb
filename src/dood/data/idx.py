"""The idx files of MNIST and of the sets that copy its form, gzipped or not."""

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np

from dood.errors import DoodError

__all__ = ["FILES", "convert_idx", "find_file", "parse_idx", "read_idx"]

FILES = {
    "train_images": "train-images-idx3-ubyte.gz",
    "train_labels": "train-labels-idx1-ubyte.gz",
    "test_images": "t10k-images-idx3-ubyte.gz",
    "test_labels": "t10k-labels-idx1-ubyte.gz",
}
"""Names of the original files of MNIST and KMNIST."""

BYTES = 0x08


def convert_idx(folder: Path) -> dict[str, np.ndarray]:
    """The four arrays of MNIST or KMNIST from a folder of the original files, gzipped or unpacked.

    Raises:
        DoodError: a file is absent or damaged, or images and labels do not match.
    """
    arrays = {key: read_idx(find_file(folder, name)) for key, name in FILES.items()}
    return check_pairs(arrays, folder)


def check_pairs(arrays: dict[str, np.ndarray], where: Path) -> dict[str, np.ndarray]:
    """The arrays, if each split has as many labels as images.

    Raises:
        DoodError: it has not, or they are not images [n, h, w] and labels [n].
    """
    for split in ("train", "test"):
        images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
        if images.ndim != 3 or labels.shape != images.shape[:1]:
            raise DoodError(f"{where}: {split} images {list(images.shape)} do not match labels {list(labels.shape)}")
    return arrays


def find_file(folder: Path, name: str) -> Path:
    """The file `name` in `folder`, or the same unpacked (`x-idx3-ubyte` or `x.idx3-ubyte`).

    Raises:
        DoodError: there is none.
    """
    plain = name.removesuffix(".gz")
    for candidate in (name, plain, plain.replace("-idx", ".idx")):
        if (folder / candidate).is_file():
            return folder / candidate
    raise DoodError(f"{folder} has no {name}")


def read_idx(path: Path) -> np.ndarray:
    """The uint8 array of an idx file.

    Raises:
        DoodError: the file is no whole idx file of bytes.
    """
    return parse_idx(path.read_bytes(), str(path))


def parse_idx(data: bytes, where: str) -> np.ndarray:
    """The uint8 array of the bytes of an idx file, gzipped or not; `where` names it in errors.

    Raises:
        DoodError: as `read_idx`.
    """
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DoodError(f"{where} is damaged ({error}); get it anew") from error
    if len(data) < 4 or data[:2] != b"\0\0":
        raise DoodError(f"{where} is no idx file: it starts with {data[:4]!r}")
    kind, axes = data[2], data[3]
    if kind != BYTES:
        raise DoodError(f"{where} holds values of type {kind:#04x}; only bytes ({BYTES:#04x}) are read")
    if len(data) < 4 + 4 * axes:
        raise DoodError(f"{where} ends within its header; get it anew")
    shape = struct.unpack(f">{axes}I", data[4 : 4 + 4 * axes])
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * axes)
    if len(values) != np.prod(shape, dtype=object):
        raise DoodError(f"{where} has {len(values)} values, but says {list(shape)}; get it anew")
    return values.reshape(shape)
