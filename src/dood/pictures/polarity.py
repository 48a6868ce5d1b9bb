"""Whether a picture's ink is dark on light or light on dark."""

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError
from dood.pictures.paper import FIELD_SIDE
from dood.pictures.thumbnails import enlarge, median, shrink

__all__ = ["POLARITIES", "check_polarity", "paper_is_light"]

POLARITIES = ("auto", "dark", "light")
"""Ink found out; dark ink on light paper; light ink on a dark ground."""


def check_polarity(polarity: str) -> None:
    """Raise DoodError unless `polarity` is one of POLARITIES."""
    if polarity not in POLARITIES:
        raise DoodError(f"polarity {polarity!r} is unknown: use {', '.join(POLARITIES)}")


def paper_is_light(grey: NDArray[np.float32], low: float, high: float) -> bool:
    """Paper is what most of the picture and of its border is; where that is undecided, ink is the rare exception.

    Arguments:
        grey: [h, w], 1 is white.
        low, high: its extremes.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    level = (float(grey.mean()) / 2 + float(border.mean()) / 2 - low) / max(high - low, 1e-6)
    if 0.35 < level < 0.65 and max(grey.shape) >= FIELD_SIDE:
        residual = grey - enlarge(median(shrink(grey, FIELD_SIDE), 21), grey.shape)
        return float((residual.astype(np.float64) ** 3).mean()) < 0
    return level > 0.5
