"""Where data sets lie on this machine, and loading them."""

import difflib
import os
from pathlib import Path

from dood.data.folder import read_folder
from dood.data.imageset import ImageSet, read_npz
from dood.data.registry import SOURCES, SYNTHETIC, known_names
from dood.data.synthetic import make_synthetic
from dood.errors import DoodError

__all__ = ["cache_folder", "find", "folders", "load"]

COARSE = 28
"""Resolution of the smaller of two files that hold the same set."""


def cache_folder() -> Path:
    """Where fetched sets are kept: the folder that DOOD_CACHE names, or else the user's cache."""
    if named := os.environ.get("DOOD_CACHE"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("dood")


def folders(data_dir: str | Path | None = None) -> list[Path]:
    """Where sets are looked for: `data_dir` alone if given, or else the folder that DOOD_DATA names, then the cache."""
    if data_dir is not None:
        return [Path(data_dir)]
    named = os.environ.get("DOOD_DATA")
    return [Path(named), cache_folder()] if named else [cache_folder()]


def find(name: str, *, data_dir: str | Path | None = None, resolution: int | None = None) -> Path | None:
    """The file of a known set, or None where it is not on this machine.

    A set that lies there in two files is read from the finer one, unless `resolution` is just that of the other.
    """
    stems = SOURCES[name].files
    for stem in reversed(stems) if resolution == COARSE else stems:
        for folder in folders(data_dir):
            if (path := folder / f"{stem}.npz").is_file():
                return path
    return None


def load(
    name: str | Path, *, data_dir: str | Path | None = None, resolution: int | None = None, seed: int = 0
) -> ImageSet:
    """Read a data set.

    Arguments:
        name: a known set (see `list_sets`), an .npz file laid out as `dood.data.imageset` says, or a folder of
            pictures.
        data_dir: where to look for known sets, in place of DOOD_DATA and the cache.
        resolution: height and width of the images in pixels; by default those of the source.
        seed: of the set "synthetic"; others do not depend on it.

    Raises:
        DoodError: there is no such set, it is not on this machine, or it cannot be read.
    """
    if name == SYNTHETIC:
        return make_synthetic(resolution=COARSE if resolution is None else resolution, seed=seed)
    if name in SOURCES:
        images = _load_known(str(name), data_dir, resolution)
    elif Path(name).is_dir():
        images = read_folder(name) if resolution is None else read_folder(name, resolution)
    elif Path(name).is_file():
        images = read_npz(name)
    else:
        raise DoodError(_unknown(str(name)))
    return images if resolution is None else images.at(resolution)


def _load_known(name: str, data_dir: str | Path | None, resolution: int | None) -> ImageSet:
    path = find(name, data_dir=data_dir, resolution=resolution)
    if path is None:
        looked = " and ".join(str(folder) for folder in folders(data_dir))
        raise DoodError(f"{name} is not on this machine (looked in {looked}); run `dood data fetch {name}`")
    return read_npz(path, name, SOURCES[name].class_names)


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, known_names(), n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return (
        f"no data set {name!r}: {hint}There are {', '.join(known_names())} (`dood data fetch NAME` gets one),"
        " or give an .npz file or a folder of pictures"
    )
