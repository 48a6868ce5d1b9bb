"""Checksums of tensors: as `dood.checksums`, which needs no torch."""

from collections.abc import Mapping
from pathlib import Path

import torch
from numpy.typing import NDArray
from torch import Tensor

from dood import checksums
from dood.checksums import SHA256

__all__ = ["SHA256", "check_digest", "digest"]


def digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 of names and values."""
    return checksums.digest(_bytes_of(tensors))


def check_digest(path: Path, tensors: Mapping[str, Tensor], expected: str | None) -> None:
    """As `dood.checksums.check_digest`.

    Raises:
        DoodError: the weights differ from their checksum.
    """
    checksums.check_digest(path, _bytes_of(tensors), expected)


def _bytes_of(tensors: Mapping[str, Tensor]) -> Mapping[str, NDArray]:
    """Values of any type, as numpy knows not all of them."""
    return {name: each.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy() for name, each in tensors.items()}
