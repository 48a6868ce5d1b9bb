"""Prints of arrays: a few figures that change when an array does, to compare with those written down before."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["changed", "print_of", "read", "write"]

Print = list[float]
Prints = Mapping[str, Print]


def print_of(array: NDArray[Any]) -> Print:
    """Size, sum of magnitudes, and sums weighted by waves, in which each number and its place count."""
    flat = np.asarray(array, np.float64).ravel()
    place = np.arange(1, len(flat) + 1)
    sums = [float((flat * np.cos(rate * place)).sum()) for rate in (0.7, 2.3)]
    return [len(flat), float(np.abs(flat).sum()), *sums]


def changed(found: Prints, wanted: Prints, rounding: float) -> list[str]:
    """Names of prints that are not there on one side, or differ by more than a share of the sum of magnitudes."""
    same = {name for name in found.keys() & wanted.keys() if _close(found[name], wanted[name], rounding)}
    return sorted((found.keys() | wanted.keys()) - same)


def _close(found: Print, wanted: Print, rounding: float) -> bool:
    return bool(np.allclose(found, wanted, rtol=0, atol=rounding * (1 + wanted[1])))


def read(path: Path) -> dict[str, dict[str, Print]]:
    """Prints by the names of what they were taken of."""
    return json.loads(path.read_text())


def write(path: Path, prints: Mapping[str, Prints]) -> None:
    """Write a line for each."""
    lines = (f'"{name}": {json.dumps(its)}' for name, its in prints.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
