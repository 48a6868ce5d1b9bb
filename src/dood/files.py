"""Files that are either whole or absent, and folders that one process works in at a time."""

import csv
import io
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from dood.errors import DoodError

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed anyway
    fcntl = None

__all__ = ["atomic_write", "clear_abandoned", "locked", "make_folder", "write_table"]

TEMPORARY = ".dood-"
"""What temporary names begin with. They say nothing of the file's own name, which may be as long as names can be."""

BEGINNING = 5.0
"""Seconds in which a writer has locked the temporary file that it has made."""


@contextmanager
def atomic_write(path: str | Path) -> Iterator[BinaryIO]:
    """Open a temporary neighbour of `path` for bytes; it takes the name `path` only when the block ends well.

    Raises:
        DoodError: the folder cannot be written, or the disk is full. Nothing is left behind then.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY, suffix=".part")
        temporary = Path(name)
        _hold(descriptor)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if fcntl is not None:  # while it is held: once it is let go, another process takes it for abandoned
                _name(temporary, path)
        if fcntl is None:
            _name(temporary, path)
    except BaseException as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        if isinstance(error, OSError):
            raise DoodError(f"cannot write {path}: {error.strerror or error}") from error
        raise


def _name(temporary: Path, path: Path) -> None:
    temporary.chmod(0o666 & ~_umask())
    temporary.replace(path)


def clear_abandoned(folder: Path) -> None:
    """Remove what processes that were killed as they wrote have left in `folder`; what is being written now stays."""
    for left in folder.glob(f"{TEMPORARY}*.part"):
        with suppress(OSError), left.open("rb") as file:
            state = os.fstat(file.fileno())
            begun_now = state.st_size == 0 and time.time() - state.st_mtime < BEGINNING
            if not begun_now and _hold(file.fileno()):
                left.unlink()


def _hold(descriptor: int) -> bool:
    """Lock an open file for as long as it is open; false where another process holds it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def locked(folder: Path, doing: str) -> Iterator[None]:
    """Hold `folder` for this process alone; the system lets go of it when the process ends, however it does.

    Arguments:
        doing: what the folder is held for, for the message to others.

    Raises:
        DoodError: another process holds it, or it cannot be written.
    """
    from filelock import FileLock, Timeout  # late, since it takes as long as half of the drawing of a picture

    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise DoodError(f"another process is {doing} in {folder}: wait for it, or choose another folder") from error
    except OSError as error:
        raise DoodError(f"cannot write {folder / '.lock'}: {error.strerror or error}") from error
    try:
        yield
    finally:
        with suppress(OSError):
            Path(lock.lock_file).unlink()
        lock.release()


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
