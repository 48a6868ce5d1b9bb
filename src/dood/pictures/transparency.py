"""Transparent pictures: which of them bring their paper along, and which are strokes on nothing."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_erosion, binary_fill_holes

__all__ = ["filled"]

OPAQUE = 1 - 0.5 / 255

OWN_CONTRAST = 0.25
"""Range of grey values, without the rarest, of a picture that covers something and has its own paper for sure."""

ANY_CONTRAST = 16 / 255
"""Range that a sheet has at least if anything is drawn on it."""

SIDE = 64
"""Whether the opaque part is a sheet is looked at on a picture of this size."""

DEEP = 0.05
"""A sheet is opaque for the most part even this share of its side away from what is not."""

HOLES = 0.002
"""A sheet has holes of at most this share of it."""


def filled(
    grey: NDArray[np.float32],
    alpha: NDArray[np.float32],
    visible: NDArray[np.float64],
    colours: NDArray[np.uint8] | None,
) -> tuple[NDArray[np.float32], NDArray[np.uint8] | None, bool]:
    """Fill what is transparent; the values [h, w], the colours, and whether they are strokes on nothing.

    Strokes on nothing become black on white or white on black, whatever their colours: alpha is the ink. A picture that
    brings its paper along (a sheet without holes, or one that covers much and has contrast) is laid on more of it.

    Arguments:
        grey: [h, w] in [0, 1], times alpha.
        alpha: [h, w] in [0, 1].
        visible: histogram [256] of grey, weighted by alpha.
        colours: uint8 [h, w, 3], not times alpha, or None.
    """
    if alpha.min() >= OPAQUE or alpha.max() == 0:
        return grey, colours, False
    if np.ptp(alpha) < 1 / 255:
        return (grey / alpha).astype(np.float32, copy=False), colours, False
    shares = np.cumsum(visible) / visible.sum()
    darkest, dark, middle, light, lightest = np.searchsorted(shares, (0.001, 0.02, 0.5, 0.98, 0.999)) / 255
    own = light - dark > OWN_CONTRAST and alpha.mean() > 0.35
    if own or (lightest - darkest > ANY_CONTRAST and _is_sheet(alpha)):
        return (grey + (1 - alpha) * middle).astype(np.float32), _on_paper(colours, alpha), False
    return 1 - alpha if middle < 0.5 else alpha, colours, True


def _is_sheet(alpha: NDArray[np.float32]) -> bool:
    """Whether the opaque part is wide everywhere and has no holes, as a page with a torn or feathered rim."""
    ratio = SIDE / max(alpha.shape)
    height, width = (max(1, round(side * ratio)) for side in alpha.shape)
    opaque = np.asarray(Image.fromarray(alpha).resize((width, height), Image.Resampling.BOX)) > 0.5
    area = np.count_nonzero(opaque)
    if (
        area < 0.25 * opaque.size
        or np.count_nonzero(np.asarray(binary_fill_holes(opaque), bool) & ~opaque) > HOLES * area
    ):
        return False
    deep = binary_erosion(opaque, np.ones((3, 3), bool), round(DEEP * SIDE), border_value=1)
    return bool(np.count_nonzero(deep) > 0.5 * area)


def _on_paper(colours: NDArray[np.uint8] | None, alpha: NDArray[np.float32]) -> NDArray[np.uint8] | None:
    """Colours with the usual one of what is opaque where nothing is."""
    if colours is None:
        return None
    solid = colours[alpha > 0.5]
    paper = np.median(solid[:: max(1, len(solid) // 10_000)], axis=0).astype(np.float32)
    laid = colours * alpha[..., None] + (1 - alpha[..., None]) * paper
    return np.rint(laid).astype(np.uint8)
