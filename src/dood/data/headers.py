"""Headers of the arrays in an .npz file, read and held against the file before memory is taken for an array."""

import math
import tokenize
import zipfile
from pathlib import Path

import numpy as np

from dood.errors import DoodError

__all__ = ["check_headers", "shape_of"]

_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}

DEFLATED = 1032
"""Bytes that one compressed byte stands for, at most: what an archive says of a member's size may be false as well."""


def shape_of(archive: zipfile.ZipFile, member: str) -> tuple[int, ...]:
    """Shape of an array, from its header.

    Raises:
        DoodError: there is no readable header, a length is negative, or the file holds fewer numbers than it says.
        OSError, ValueError, KeyError, zipfile.BadZipFile: as numpy and zipfile do, of a damaged file.
    """
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        if version not in _READERS:
            raise DoodError(f"{archive.filename}: {member} is of another version, {version}, than arrays are")
        try:
            shape, _, kind = _READERS[version](file)
        except (tokenize.TokenError, SyntaxError, TypeError) as error:
            raise DoodError(f"{archive.filename}: the header of {member} is damaged") from error
        most = DEFLATED * _size(archive)
        held = min(archive.getinfo(member).file_size, most) - file.tell()
    if min(shape, default=0) < 0:
        raise DoodError(f"{archive.filename}: {member} says its shape is {list(shape)}: no length is negative")
    beyond = math.prod(shape) * kind.itemsize > held and not kind.hasobject
    if beyond or max(shape, default=0) > most:  # rows of nothing are rows all the same
        raise DoodError(
            f"{archive.filename}: {member} says its shape is {list(shape)} and holds {held} bytes: get it anew"
        )
    return tuple(shape)


def _size(archive: zipfile.ZipFile) -> int:
    return Path(str(archive.filename)).stat().st_size


def check_headers(archive: zipfile.ZipFile) -> None:
    """Refuse an archive with an array that claims more than it holds.

    Raises:
        DoodError: as `shape_of` does.
    """
    for member in archive.namelist():
        if member.endswith(".npy"):
            shape_of(archive, member)
