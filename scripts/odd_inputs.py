"""Odd files through every reader, each within a time and all within a memory."""

import resource
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dood.errors import DoodError
from tests.readers import Reader, odd_input

__all__ = ["SECONDS", "Reading", "read_odd_inputs"]

SECONDS = 5
"""Of processor time, that one small file may take."""

MEMORY = 2 * 2**30
"""Bytes that may be asked for beyond what the process has when it starts."""


class TooSlow(BaseException):
    """No `Exception`, so that no reader takes it for damage to its file."""


@dataclass
class Reading:
    """What became of the odd files of one reader."""

    tried: int = 0
    refused: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> dict[str, int]:
        """How often each fault was met, by the first words of it."""
        return dict(Counter(failure.split(": ", 1)[1][:100] for failure in self.failures))


def read_odd_inputs(reader: Reader, count: int, seed: int) -> Reading:
    """Give a reader `count` odd files; whatever it raises but DoodError, or finds that cannot be, is a failure."""
    reading = Reading()
    with tempfile.TemporaryDirectory() as scratch, _bounded_memory():
        made, folder = Path(scratch) / "right", Path(scratch) / "odd"
        made.mkdir()
        right = reader.right(made)
        for number in range(seed * count, (seed + 1) * count):
            _read_one(reader, right, folder, number, reading)
    return reading


def _read_one(reader: Reader, right: Sequence[bytes], folder: Path, number: int, reading: Reading) -> None:
    path = odd_input(reader, right, folder, number)
    reading.tried += 1
    began = time.process_time()
    try:
        with _bounded_time():
            reader.read(path)
    except DoodError as error:
        reading.refused += 1
        if len(str(error).splitlines()) != 1:
            reading.failures.append(f"{reader.name} {number}: a message of several lines, or none: {error}")
    except TooSlow:
        reading.failures.append(f"{reader.name} {number}: more than {SECONDS} s")
    except Exception as error:
        reading.failures.append(f"{reader.name} {number}: {type(error).__name__}: {' '.join(str(error).split())}")
    reading.slowest = max(reading.slowest, time.process_time() - began)


@contextmanager
def _bounded_time() -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _bounded_memory() -> Iterator[None]:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
