"""Tiny files in the forms in which the publishers offer the data sets."""

import gzip
import io
import struct
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from dood.data import emnist, idx


def ink(seed: int, *shape: int) -> np.ndarray:
    """Random uint8 pixels."""
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def idx_bytes(array: np.ndarray) -> bytes:
    """The array as an idx file of bytes."""
    return bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def mnist_arrays(train: int = 6, test: int = 4) -> dict[str, np.ndarray]:
    return {
        "train_images": ink(1, train, 28, 28),
        "train_labels": np.arange(train, dtype=np.uint8) % 10,
        "test_images": ink(2, test, 28, 28),
        "test_labels": np.arange(test, dtype=np.uint8)[::-1].copy() % 10,
    }


def write_mnist(folder: Path, arrays: dict[str, np.ndarray], packed: bool = True) -> None:
    for key, name in idx.FILES.items():
        data = idx_bytes(arrays[key])
        path = folder / (name if packed else name.removesuffix(".gz"))
        path.write_bytes(gzip.compress(data, mtime=0) if packed else data)


def write_emnist(folder: Path, arrays: dict[str, np.ndarray]) -> None:
    """The archive, in which images lie transposed, with a file of another split beside those that are wanted."""
    with zipfile.ZipFile(folder / emnist.ARCHIVE, "w") as archive:
        archive.writestr("gzip/emnist-letters-train-images-idx3-ubyte.gz", b"not this one")
        for key, name in emnist.FILES.items():
            stored = arrays[key].transpose(0, 2, 1) if arrays[key].ndim == 3 else arrays[key]
            archive.writestr(f"gzip/{name}", gzip.compress(idx_bytes(np.ascontiguousarray(stored))))


def write_omniglot(folder: Path, drawings: dict[str, np.ndarray]) -> None:
    """Both archives; `drawings` maps paths (images_background/Greek/character01/0001_01.png) to ink [h, w], bool."""
    for name in ("images_background", "images_evaluation"):
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            archive.writestr(f"__MACOSX/{name}/Greek/character01/._0001_01.png", b"no picture")
            for path, drawn in drawings.items():
                if path.startswith(name):
                    file = io.BytesIO()
                    Image.fromarray(~drawn).save(file, "PNG")
                    archive.writestr(path, file.getvalue())
