"""Fetching a known data set: get its originals, check them, convert them to our layout, keep that."""

import shutil
from pathlib import Path

from dood.data.download import Progress, check, download
from dood.data.imageset import write_npz
from dood.data.registry import SOURCES, SYNTHETIC, Source
from dood.data.store import cache_folder, folders
from dood.errors import DoodError
from dood.files import make_folder

__all__ = ["fetch"]


def fetch(name: str, *, source_dir: str | Path | None = None, progress: Progress | None = None) -> Path:
    """Make sure that a known data set lies on this machine; give the path of its .npz file.

    Originals that were downloaded are removed once they are converted. A broken download goes on where it stopped.

    Arguments:
        name: of the set; see `list_sets`.
        source_dir: a folder of originals got by hand; then nothing is downloaded. Known checksums are checked
            there too. For Quick, Draw!, every .npy file there is a category.
        progress: called with the bytes done and the bytes there are of the file that is being downloaded.

    Raises:
        DoodError: the set is unknown or made by code, its originals cannot be had or are damaged, the result cannot be
            written, or `source_dir` is given but the set is there already.
    """
    source = _source(name)
    present = [path for folder in folders() if (path := folder / f"{source.files[0]}.npz").is_file()]
    if present and source_dir is None:
        return present[0]
    if present:
        raise DoodError(f"{name} is there already: {present[0]}; remove that file to fetch the set anew")
    path = make_folder(cache_folder()) / f"{source.files[0]}.npz"
    if source_dir is not None:
        write_npz(path, source.convert(_checked(source, Path(source_dir))))
        return path
    originals = make_folder(cache_folder() / "originals" / name)
    _download(source, originals, progress)
    try:
        arrays = source.convert(originals)
    except DoodError:
        _drop_unchecked(source, originals)
        raise
    write_npz(path, arrays)
    shutil.rmtree(originals)
    return path


def _source(name: str) -> Source:
    if name == SYNTHETIC:
        raise DoodError(f"{SYNTHETIC} is made by code when it is loaded; there is nothing to fetch")
    if name not in SOURCES:
        raise DoodError(f"no data set {name!r} to fetch; there are {', '.join(SOURCES)}")
    return SOURCES[name]


def _download(source: Source, originals: Path, progress: Progress | None) -> None:
    for original in source.originals:
        path = originals / original.name
        if path.is_file() and (original.checksum is None or check(path, original.checksum) is None):
            continue
        try:
            download(original.mirrors, path, original.checksum, progress)
        except DoodError as error:
            raise DoodError(
                f"{source.name}: {error}; try again later, or get {_wanted(source)} by hand (see {source.homepage})"
                f" and run `dood data fetch {source.name} --from DIR`"
            ) from error


def _drop_unchecked(source: Source, originals: Path) -> None:
    """Remove files that only the conversion could have checked, so that the next fetch gets them anew."""
    for original in source.originals:
        if original.checksum is None:
            (originals / original.name).unlink(missing_ok=True)


def _checked(source: Source, folder: Path) -> Path:
    """The folder, if no original in it differs from what its publisher offers."""
    if not folder.is_dir():
        raise DoodError(f"{folder} is no folder; {source.name} is read from a folder with {_wanted(source)}")
    for original in source.originals:
        path = folder / original.name
        if original.checksum and path.is_file() and (wrong := check(path, original.checksum)):
            raise DoodError(f"{path} is damaged or not of {source.name}: {wrong}")
    return folder


def _wanted(source: Source) -> str:
    return ", ".join(original.name for original in source.originals)
