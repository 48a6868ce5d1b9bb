"""Processes that are killed: at a moment, or at one of their file operations."""

import builtins
import io
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Ended", "operations", "run", "run_killed_after", "run_killed_at"]

OPERATIONS = ("replace", "rename", "unlink", "fsync", "mkdir", "chmod")
"""Of `os`, which `pathlib`, `tempfile` and `filelock` call too; opening and writing are watched as well."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, or None where it was killed; the seconds that it took, and what it said."""

    code: int | None
    seconds: float
    said: str


class _Watch:
    """Counts file operations in a folder, notes their names in a file, and kills its own process before one of them."""

    def __init__(self, folder: Path, log: Path | None, fatal: int | None) -> None:
        self.folder, self.fatal, self.count = str(folder), fatal, 0
        self.log = log.open("a") if log else None

    def meet(self, name: str) -> bool:
        """Count one operation; true where the process is to end in the middle of it."""
        fatal = self.count == self.fatal
        self.count += 1
        if self.log:
            self.log.write(f"{name}\n")
            self.log.flush()
        return fatal

    def concerns(self, place: Any) -> bool:
        """Whether a path, or an open file's number, lies in the folder."""
        if isinstance(place, int):
            place = os.readlink(f"/proc/self/fd/{place}")
        return isinstance(place, str | os.PathLike) and os.path.abspath(os.fspath(place)).startswith(self.folder)


class _Torn(io.BufferedWriter):
    """A file whose fatal write reaches the disk by half."""

    def __init__(self, raw: io.FileIO, watch: _Watch) -> None:
        super().__init__(raw)
        self.watch = watch

    def write(self, data: Any) -> int:
        if self.watch.meet("write"):
            half = bytes(data)
            super().write(half[: len(half) // 2])
            self.flush()
            _die()
        return super().write(data)


def run(work: Callable[[], int], log: Path) -> Ended:
    """Run `work` in a process of its own, which has what this one has imported; what it says goes to `log`."""
    return _wait(_fork(work, log), log, None)


def run_killed_after(work: Callable[[], int], log: Path, seconds: float) -> Ended:
    """The same, killed after so many seconds."""
    return _wait(_fork(work, log), log, seconds)


def run_killed_at(work: Callable[[], int], log: Path, folder: Path, operation: int) -> Ended:
    """The same, killed before the file operation of that number in the folder, or in the middle of it for a write."""
    return _wait(_fork(lambda: _watched(work, _Watch(folder, None, operation)), log), log, None)


def operations(work: Callable[[], int], log: Path, folder: Path) -> Sequence[str]:
    """Run `work` to its end, and return the names of its file operations in the folder, in order."""
    listing = log.with_suffix(".operations")
    listing.unlink(missing_ok=True)
    ended = _wait(_fork(lambda: _watched(work, _Watch(folder, listing, None)), log), log, None)
    if ended.code != 0:
        raise RuntimeError(f"the uninterrupted run ended with {ended.code}: {ended.said}")
    return listing.read_text().split()


def _fork(work: Callable[[], int], log: Path) -> int:
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        os.setsid()
        stream = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(stream, 1)
        os.dup2(stream, 2)
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait(child: int, log: Path, seconds: float | None) -> Ended:
    began = time.monotonic()
    status = 0
    if seconds is not None:
        ended = 0
        while not ended and time.monotonic() - began < seconds:
            time.sleep(0.002)
            ended, status = os.waitpid(child, os.WNOHANG)
        if not ended:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
    else:
        _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    code = None if killed else os.waitstatus_to_exitcode(status)
    return Ended(code, time.monotonic() - began, log.read_text(errors="replace"))


def _watched(work: Callable[[], int], watch: _Watch) -> int:
    """Run `work` with every file operation in the folder seen. Only in a process of its own: nothing is put back."""
    for name in OPERATIONS:
        setattr(os, name, _noticed(getattr(os, name), name, watch))
    os_open, io_open, fdopen = os.open, io.open, os.fdopen

    def opened(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & WRITING and watch.concerns(path) and watch.meet("open"):
            _die()
        return os_open(path, flags, *rest, **more)

    def file_opened(place: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if set(mode) & set("wax+") and watch.concerns(place):
            if watch.meet("open"):
                _die()
            if "b" not in mode:
                binary = _Torn(io.FileIO(place, mode), watch)
                return io.TextIOWrapper(binary, encoding="utf-8", write_through=True)
        return io_open(place, mode, *rest, **more)

    def descriptor_opened(descriptor: int, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if mode == "wb" and watch.concerns(descriptor):
            return _Torn(io.FileIO(descriptor, mode), watch)
        return fdopen(descriptor, mode, *rest, **more)

    os.open, os.fdopen = opened, descriptor_opened
    io.open = builtins.open = file_opened
    return work()


def _noticed(original: Callable[..., Any], name: str, watch: _Watch) -> Callable[..., Any]:
    def noticed(place: Any, *rest: Any, **more: Any) -> Any:
        if watch.concerns(place) and watch.meet(name):
            _die()
        return original(place, *rest, **more)

    return noticed


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
