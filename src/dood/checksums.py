"""Checksums of weights: in the header of each file, or, for the shipped ones that are older than that, in a list."""

import hashlib
import importlib.resources
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError

__all__ = ["SHA256", "check_digest", "digest"]

SHA256 = "sha256"
"""The header's entry for the checksum of the weights."""

LIST = "SHA256SUMS"
"""The file beside the shipped weights with a checksum and a name a line."""


def digest(tensors: Mapping[str, NDArray]) -> str:
    """SHA-256 of names and values, whatever their order in the file."""
    total = hashlib.sha256()
    for name in sorted(tensors):
        total.update(name.encode())
        total.update(np.ascontiguousarray(tensors[name]).tobytes())
    return total.hexdigest()


def check_digest(path: Path, tensors: Mapping[str, NDArray], expected: str | None) -> None:
    """Compare weights with the checksum that their header says, or the list of the shipped ones.

    Raises:
        DoodError: they differ. Weights without a checksum pass.
    """
    expected = expected or _listed().get(path.resolve())
    if expected and expected != digest(tensors):
        raise DoodError(f"{path} is damaged: its weights do not have the checksum that was noted; copy it anew")


@cache
def _listed() -> dict[Path, str]:
    folder = Path(str(importlib.resources.files("dood") / "weights"))
    lines = (line.split() for line in (folder / LIST).read_text().splitlines())
    return {(folder / name).resolve(): sha256 for sha256, name in lines}
