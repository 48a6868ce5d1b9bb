"""EMNIST Balanced from the official archive."""

import zipfile
from pathlib import Path

import numpy as np

from dood.data.idx import check_pairs, find_file, parse_idx, read_idx
from dood.errors import DoodError

__all__ = ["ARCHIVE", "CLASSES", "convert_emnist"]

ARCHIVE = "gzip.zip"

CLASSES = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")
"""Small letters that look like their capitals share a class with them."""

FILES = {
    f"{split}_{kind}": f"emnist-balanced-{split}-{kind}-idx{axes}-ubyte.gz"
    for split in ("train", "test")
    for kind, axes in (("images", 3), ("labels", 1))
}


def convert_emnist(folder: Path) -> dict[str, np.ndarray]:
    """The arrays of EMNIST Balanced from a folder with the official archive, or with the four files taken out of it.

    The archive stores every image transposed; they are turned upright.

    Raises:
        DoodError: a file is absent or damaged.
    """
    if (folder / ARCHIVE).is_file():
        arrays = _read_archive(folder / ARCHIVE)
    else:
        arrays = {key: read_idx(find_file(folder, name)) for key, name in FILES.items()}
    check_pairs(arrays, folder)
    for key in ("train_images", "test_images"):
        arrays[key] = np.ascontiguousarray(arrays[key].transpose(0, 2, 1))
    return arrays | {"class_chars": np.array(CLASSES)}


def _read_archive(path: Path) -> dict[str, np.ndarray]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {Path(member).name: member for member in archive.namelist()}
            arrays = {}
            for key, name in FILES.items():
                if name not in members:
                    raise DoodError(f"{path} has no {name}; the official archive of EMNIST does")
                arrays[key] = parse_idx(archive.read(members[name]), f"{path}/{name}")
            return arrays
    except zipfile.BadZipFile as error:
        raise DoodError(f"{path} is damaged ({error}); get it anew") from error
