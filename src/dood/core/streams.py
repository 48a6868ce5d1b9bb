"""Random numbers in numpy that are those of `torch.Generator`, so that a seed means the same with torch and without."""

import hashlib
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Stream", "picture_seed"]

BLOCK = 16
"""Numbers that torch makes normal at once; of fewer it makes them otherwise."""
UNITS = 24
"""Bits of a uniform number in single precision."""


class Stream:
    """The Mersenne Twister of `torch.Generator().manual_seed(seed)` on a CPU.

    Uniform numbers are torch's; normal ones are to rounding, if there are at least 16 of them.
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.MT19937()
        self._bits._legacy_seeding(seed & 0xFFFFFFFF)  # type: ignore[attr-defined]  # the seeding that torch has, too

    def uniform(self, shape: Sequence[int]) -> NDArray[np.float32]:
        """Return numbers in [0, 1), as `torch.rand` does."""
        raw = self._bits.random_raw(math.prod(shape)) & ((1 << UNITS) - 1)
        return (raw.astype(np.float32) * np.float32(2**-UNITS)).reshape(shape)

    def normal(self, shape: Sequence[int]) -> NDArray[np.float32]:
        """Return standard normal numbers, as `torch.randn` does: Box and Muller's, 16 by 16, the last 16 anew."""
        count = math.prod(shape)
        numbers = self.uniform([max(count, BLOCK)])
        whole = len(numbers) // BLOCK * BLOCK
        numbers[:whole] = _normal(numbers[:whole])
        if whole < len(numbers):
            numbers[-BLOCK:] = _normal(self.uniform([BLOCK]))
        return numbers[:count].reshape(shape)


def _normal(uniform: NDArray[np.float32]) -> NDArray[np.float32]:
    pairs = uniform.reshape(-1, 2, BLOCK // 2)
    radius, angle = np.sqrt(-2 * np.log(1 - pairs[:, 0])), np.float32(2 * math.pi) * pairs[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).ravel()


def picture_seed(image: NDArray[np.float32], seed: int) -> int:
    """Return a digest of the seed and of an image's ink [h, w], in [0, 1], in 256 levels."""
    levels = (image * np.float32(255)).round().astype(np.uint8)
    text = f"{seed} {levels.shape}".encode()
    return int.from_bytes(hashlib.sha256(text + levels.tobytes()).digest()[:8], "little")
