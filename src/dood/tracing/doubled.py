"""Lines gone over twice or more, as in a pencil sketch: the gaps between them filled, so that they are one."""

import numpy as np
from numpy.typing import NDArray

from dood.tracing.regions import depth_of

__all__ = ["merged"]


def merged(ink: NDArray[np.bool_], gap: float) -> NDArray[np.bool_]:
    """The ink [h, w] and every gap in it that no disc of `gap` pixels across fits into (a morphological closing)."""
    margin = int(np.ceil(gap)) + 1
    near = depth_of(~np.pad(ink, margin)) <= gap / 2
    filled = depth_of(near) > gap / 2
    return ink | filled[margin:-margin, margin:-margin]
