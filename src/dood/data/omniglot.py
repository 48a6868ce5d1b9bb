"""Omniglot from the two official archives of 105 x 105 PNG files."""

import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image, UnidentifiedImageError

from dood.data.imageset import PACKED_SIZE, pack
from dood.errors import DoodError

__all__ = ["ARCHIVES", "convert_omniglot"]

ARCHIVES = {"train": "images_background.zip", "test": "images_evaluation.zip"}
DEPTH = 4
"""Parts of a drawing's path: images_background/ALPHABET/characterNN/CCCC_DD.png."""


def convert_omniglot(folder: Path) -> dict[str, np.ndarray]:
    """The bit-packed arrays of both archives: background is for training, evaluation for testing, ink 1.

    Order: alphabet, character, drawer. A label stands for one character of one alphabet, so train and test share none.

    Raises:
        DoodError: an archive is absent or damaged, or holds other images.
    """
    classes: dict[str, int] = {}
    alphabets: dict[str, int] = {}
    arrays: dict[str, np.ndarray] = {}
    for split, name in ARCHIVES.items():
        paths, bits = _read_archive(folder / name)
        labels = [classes.setdefault(str(path.parent), len(classes)) for path in paths]
        groups = [alphabets.setdefault(str(path.parent.parent), len(alphabets)) for path in paths]
        arrays[f"{split}_bits"] = bits
        arrays[f"{split}_labels"] = np.array(labels, np.int16)
        arrays[f"{split}_alphabets"] = np.array(groups, np.uint8)
        arrays[f"{split}_drawers"] = np.array([_drawer(path) for path in paths], np.uint8)
    return arrays | {"class_names": np.array(list(classes)), "alphabet_names": np.array(list(alphabets))}


def _read_archive(path: Path) -> tuple[list[PurePosixPath], np.ndarray]:
    """Where the drawings lie in the archive, in order, and their bits."""
    if not path.is_file():
        raise DoodError(f"{path.parent} has no {path.name}")
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted((PurePosixPath(name) for name in archive.namelist()), key=lambda member: member.parts)
            drawings = [member for member in members if len(member.parts) == DEPTH and member.suffix == ".png"]
            if not drawings:
                raise DoodError(f"{path} has no drawings at FOLDER/ALPHABET/CHARACTER/DRAWING.png")
            return drawings, np.concatenate([_bits(archive, member) for member in drawings])
    except zipfile.BadZipFile as error:
        raise DoodError(f"{path} is damaged ({error}); get it anew") from error


def _bits(archive: zipfile.ZipFile, member: PurePosixPath) -> np.ndarray:
    """Bits [1, 1379] of a drawing, which the archive keeps as black ink on white."""
    try:
        with archive.open(str(member)) as file, Image.open(file) as picture:
            pixels = np.asarray(picture.convert("1"))
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise DoodError(f"{archive.filename}/{member} is no readable picture ({error}); get it anew") from error
    if pixels.shape != (PACKED_SIZE, PACKED_SIZE):
        raise DoodError(f"{archive.filename}/{member} is {pixels.shape[1]} x {pixels.shape[0]} pixels, not 105 x 105")
    return pack(~pixels[None])


def _drawer(path: PurePosixPath) -> int:
    """1 to 20, from CCCC_DD.png."""
    digits = path.stem.rpartition("_")[2]
    if not digits.isdecimal():
        raise DoodError(f"{path}: the name of a drawing ends in its drawer's number, as 0001_07.png does")
    return int(digits)
