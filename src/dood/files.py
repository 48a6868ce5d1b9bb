"""Files that are either whole or absent."""

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from dood.errors import DoodError

__all__ = ["atomic_write", "make_folder", "write_table"]


@contextmanager
def atomic_write(path: str | Path) -> Iterator[BinaryIO]:
    """Open a temporary neighbour of `path` for bytes; it takes the name `path` only when the block ends well.

    Raises:
        DoodError: the folder cannot be written, or the disk is full. Nothing is left behind then.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        if isinstance(error, OSError):
            raise DoodError(f"cannot write {path}: {error.strerror or error}") from error
        raise


def make_folder(path: str | Path) -> Path:
    """Create the folder `path` and its parents if need be.

    Raises:
        DoodError: it cannot be made, or a file has that name.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DoodError(f"cannot create the folder {path}: {error.strerror or error}") from error
    return path


def write_table(path: str | Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file, whole or not at all; numbers with a fraction have six digits.

    Raises:
        DoodError: the file cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([f"{value:.6g}" if isinstance(value, float) else value for value in row] for row in rows)
    with atomic_write(path) as file:
        file.write(text.getvalue().encode())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
