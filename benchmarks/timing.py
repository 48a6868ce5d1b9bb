"""Measuring: medians of repetitions, taken in turn where figures are compared."""

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

__all__ = ["Result", "fresh_process", "machine", "medians", "one_thread", "peak_megabytes"]

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Result:
    """What a benchmark found: named `figures`, and `growth` tables (each a list of rows) of how a cost grows."""

    figures: dict[str, float]
    growth: dict[str, list[dict[str, float]]] = field(default_factory=dict)


def medians(calls: Mapping[str, Callable[[], object]], repeats: int, warm_up: int = 1) -> dict[str, float]:
    """Median wall time of each call in seconds. The calls take turns, so that what disturbs one disturbs them all."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(warm_up + repeats):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            if turn >= warm_up:
                times[name].append(time.perf_counter() - began)
    return {name: statistics.median(taken) for name, taken in times.items()}


@contextmanager
def one_thread() -> Iterator[None]:
    """Without the help of other threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def fresh_process(arguments: Sequence[str]) -> str:
    """Run the interpreter with `arguments` where these benchmarks can be imported; return its standard output.

    Raises:
        RuntimeError: it failed; the message is its standard error.
    """
    paths = [str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    if done.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def peak_megabytes() -> float:
    """Most memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux ru_maxrss starts at what the parent held, since it outlives the exec.
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def machine() -> dict[str, Any]:
    """What the figures were measured on, and when."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "load_before": round(os.getloadavg()[0], 2),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
