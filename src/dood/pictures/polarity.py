"""Which of a picture's grey values are ink, and how much.

Scans and screenshots with a clean background pass unchanged. Grey paper, chalk boards and photos have their background
level estimated, smoothly over the picture where light falls unevenly, and are stretched to 0 (paper) .. 1 (ink).
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from dood.errors import DoodError

__all__ = ["POLARITIES", "check_polarity", "find_ink"]

POLARITIES = ("auto", "dark", "light")
"""Ink found out; dark ink on light paper; light ink on a dark ground."""

MINIMAL_CONTRAST = 8 / 255
CLEAN = 2.5 / 255
"""How far around its mode a background may spread to count as flat, and from 0 to count as clean."""

FIELD_SIDE = 64
"""Uneven light is estimated on a picture of this size; smaller pictures are taken to be evenly lit."""

SMOOTH_SIDE = 128
"""From this size on, extremes are those of 3 x 3 means, so that single hot pixels do not count."""


def check_polarity(polarity: str) -> None:
    """Raise DoodError unless `polarity` is one of POLARITIES."""
    if polarity not in POLARITIES:
        raise DoodError(f"polarity {polarity!r} is unknown: use {', '.join(POLARITIES)}")


def find_ink(grey: NDArray[np.float32], polarity: str, name: str) -> tuple[NDArray[np.float32], str]:
    """Ink [h, w] in [0, 1] of grey values [h, w] (1 is white), and the polarity, "dark" or "light".

    Raises:
        DoodError: unknown polarity; nothing stands out from the background.
    """
    check_polarity(polarity)
    low, high = _extremes(grey)
    ink = None
    if float(np.ptp(grey)) >= MINIMAL_CONTRAST:
        if polarity == "auto":
            polarity = "dark" if _paper_is_light(grey, low, high) else "light"
        darkness = 1 - grey if polarity == "dark" else grey
        middle = 1 - (low + high) / 2 if polarity == "dark" else (low + high) / 2
        ink = _stretch(darkness, middle, polarity)
    if ink is None:
        raise DoodError(f"{name} has no ink: it is all of one colour; give a picture with lines on plain paper")
    return ink, polarity


def _paper_is_light(grey: NDArray[np.float32], low: float, high: float) -> bool:
    """Paper is what most of the picture and of its border is; where that is undecided, ink is the rare exception."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    level = (float(grey.mean()) / 2 + float(border.mean()) / 2 - low) / max(high - low, 1e-6)
    if 0.35 < level < 0.65 and max(grey.shape) >= FIELD_SIDE:
        residual = grey - _enlarge(_median(_shrink(grey), 21), grey.shape)
        return float((residual.astype(np.float64) ** 3).mean()) < 0
    return level > 0.5


def _stretch(darkness: NDArray[np.float32], middle: float, polarity: str) -> NDArray[np.float32] | None:
    """Ink from values that grow with it; None where there is none. Those below `middle` are paper for the most part."""
    level = _flat_level(darkness, middle)
    peak = _extremes(darkness)[1]
    if level is not None and level <= CLEAN:
        return darkness if peak >= 0.5 or darkness.max() >= 0.5 else darkness / darkness.max()
    if level is None:
        level = _field(darkness) if max(darkness.shape) >= FIELD_SIDE else np.median(darkness[darkness < middle])
    # Light on paper multiplies what the ink leaves of it; chalk and screens add to a dark ground.
    excess = (darkness - level) / (1 - level + 1e-3) if polarity == "dark" else darkness - level
    noise = _noise(excess)
    floor = max(3 * noise, 1.5 / 255)
    smooth = _smooth(excess)
    peak = float(smooth.max())
    if peak < max(MINIMAL_CONTRAST / 3, (2.5 if smooth is not excess else 5) * noise) or excess.max() <= 2 * floor:
        return None
    top = max(float(np.median(excess[smooth > peak / 2])), 2 * floor)
    return np.clip((excess - floor) / (top - floor), 0, 1).astype(np.float32)


def _flat_level(darkness: NDArray[np.float32], middle: float) -> float | None:
    """The level of an even background: one that at least half of what is paper shares."""
    paper = darkness[darkness <= middle]
    counts = np.bincount(np.rint(paper * 255).astype(np.int64).ravel(), minlength=256)
    mode = int(counts.argmax()) / 255
    share = np.count_nonzero(np.abs(paper - mode) <= CLEAN) / paper.size
    return mode if share >= 0.5 else None


def _field(darkness: NDArray[np.float32]) -> NDArray[np.float32]:
    """Background level [h, w] of unevenly lit paper: medians over windows wider than strokes, then without the ink."""
    small = _shrink(darkness)
    coarse = _median(small, 21)
    residual = small - coarse
    inked = residual > max(3 * _noise(residual), 0.02)
    inked = np.asarray(Image.fromarray(inked.astype(np.uint8)).filter(ImageFilter.MaxFilter(3))) > 0
    fine = _median(np.where(inked, coarse, small), 9)
    return _enlarge(_box(_box(fine)), darkness.shape)


def _noise(residual: NDArray[np.float32]) -> float:
    """Standard deviation of paper around its level, from the side where there is no ink."""
    below = residual[residual < 0]
    return 1.4826 * float(np.median(-below)) if below.size else 0.0


def _extremes(values: NDArray[np.float32]) -> tuple[float, float]:
    smooth = _smooth(values)
    return float(smooth.min()), float(smooth.max())


def _smooth(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return _box(values) if min(values.shape) >= SMOOTH_SIDE else values


def _box(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of 3 x 3 values, the edge repeated."""
    padded = np.pad(values, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return ((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9).astype(np.float32, copy=False)


def _shrink(values: NDArray[np.float32]) -> NDArray[np.float32]:
    ratio = FIELD_SIDE / max(values.shape)
    height, width = (max(1, round(side * ratio)) for side in values.shape)
    return np.asarray(Image.fromarray(values).resize((width, height), Image.Resampling.BOX))


def _enlarge(values: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.asarray(Image.fromarray(values).resize((shape[1], shape[0]), Image.Resampling.BILINEAR))


def _median(values: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    return np.asarray(Image.fromarray(values).filter(ImageFilter.MedianFilter(window)))
