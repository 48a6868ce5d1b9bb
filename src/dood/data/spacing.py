"""Some of many things, evenly spaced: data sets may be sorted by class."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["evenly_spaced"]


def evenly_spaced(count: int, most: int | None = None) -> NDArray[np.intp]:
    """Numbers of `most` of `count` things, from the first to the last; of all of them, where they are no more."""
    if most is None or most >= count:
        return np.arange(count)
    return np.linspace(0, count - 1, most).astype(np.intp)
