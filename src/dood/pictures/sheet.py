"""A sheet on a desk: where the paper of a photo ends, and what lies around it is no ink."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import (
    binary_dilation,
    binary_erosion,
    binary_fill_holes,
    distance_transform_edt,
    label,
    maximum_filter,
    minimum_filter,
)
from scipy.spatial import ConvexHull, QhullError

from dood.pictures.thumbnails import enlarge, shrink

__all__ = ["laid_out", "sheet_of"]

SIDE = 128
"""Sheets are looked for on a picture of this size; pictures of less than twice that have none."""

STROKE = 13
"""Thumbnail pixels; what is narrower lies on the sheet or on the desk."""

DARKER = 0.5
"""A desk is at most this share of the sheet's level, both taken as brightness of the ground."""

AREA = 0.12
"""Least share of the picture that is a sheet."""

SOLID = 0.88
"""A sheet covers at least this much of its convex hull."""

STEP = 0.5
"""Share of the step between sheet and desk that is made within two thumbnail pixels, in the middle of the edge."""

BARE, DRAWN = 0.9, 0.004
"""Where at least this much of the ground's light is left there are no lines; and the least share of a sheet with lines.
A light blob without any is ink itself, and so is what is lines for the most part: writing whose gaps were closed."""


def sheet_of(values: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """The thumbnail's part that is a light sheet on a darker desk, None if there is no desk.

    It is looked for where lines are closed, and must be one solid, convex part with sharp edges and lines on it.

    Arguments:
        values: [h, w] in [0, 1], of which 1 is the lightest.
    """
    if max(values.shape) < 2 * SIDE or min(values.shape) < SIDE / 2:
        return None
    small = shrink(values, SIDE)
    ground = _ground(small)
    parting = _parting(ground)
    if parting is None:
        return None
    parts = np.zeros(ground.shape, np.int32)
    if label(np.asarray(binary_fill_holes(ground > parting), bool), output=parts) == 0:
        return None
    sheet = parts == 1 + np.argmax(np.bincount(parts.ravel())[1:])
    area = np.count_nonzero(sheet)
    if not AREA * sheet.size <= area < sheet.size or area < SOLID * _hull_area(sheet):
        return None
    if np.median(ground[~sheet]) > DARKER * np.median(ground[sheet]) or not _is_sharp(ground, sheet):
        return None
    inner = np.asarray(binary_erosion(sheet, iterations=2, border_value=1), bool)
    bare = small[inner] > BARE * ground[inner]
    return sheet if 0.5 <= bare.mean() <= 1 - DRAWN else None


def laid_out(plane: NDArray, sheet: NDArray[np.bool_]) -> NDArray:
    """A plane [h, w] or [h, w, 3] of any picture with its sheet's paper in place of the desk."""
    if plane.ndim == 3:
        return np.stack([laid_out(plane[..., channel], sheet) for channel in range(plane.shape[2])], -1)
    inner = np.asarray(binary_erosion(sheet, np.ones((3, 3), bool), border_value=1), bool)
    ground = _ground(shrink(plane.astype(np.float32), SIDE))
    safe = np.asarray(binary_erosion(inner, np.ones((3, 3), bool), 2, border_value=1), bool)
    nearest = np.asarray(distance_transform_edt(~safe, return_distances=False, return_indices=True), np.intp)
    paper = enlarge(ground[tuple(nearest)], plane.shape)
    keep = enlarge(inner.astype(np.float32), plane.shape) > 0.5
    return np.where(keep, plane, paper).astype(plane.dtype)


def _ground(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is left when dark lines are closed; bands along the border stay however narrow they are."""
    padded = np.pad(small, STROKE, constant_values=0)
    closed = np.asarray(minimum_filter(maximum_filter(padded, STROKE), STROKE), np.float32)
    return closed[STROKE:-STROKE, STROKE:-STROKE]


def _parting(ground: NDArray[np.float32]) -> float | None:
    """Otsu's threshold; None where the ground is even."""
    counts, edges = np.histogram(ground, 64)
    if edges[-1] - edges[0] < 0.1:
        return None
    middles = (edges[1:] + edges[:-1]) / 2
    below, mass = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    with np.errstate(invalid="ignore", divide="ignore"):
        between = np.nan_to_num(below * above * (mass / below - (mass[-1] - mass) / above) ** 2)
    return float(edges[1 + int(np.flatnonzero(between == between.max()).mean())])


def _hull_area(mask: NDArray[np.bool_]) -> float:
    """Pixels in the convex hull of a mask's pixels."""
    rows = np.flatnonzero(mask.any(1))
    first = mask[rows].argmax(1)
    last = mask.shape[1] - mask[rows, ::-1].argmax(1)
    corners = [np.stack([x, y], 1) for x in (first, last) for y in (rows, rows + 1)]
    try:
        return float(ConvexHull(np.concatenate(corners)).volume)
    except QhullError:
        return float(mask.sum())


def _is_sharp(ground: NDArray[np.float32], sheet: NDArray[np.bool_]) -> bool:
    """Whether the ground falls at once along most of the edge, as at a sheet's and not as in a shadow."""
    edge = np.asarray(binary_dilation(sheet), bool) & ~sheet
    if not edge.any():
        return False
    step = (maximum_filter(ground, 5) - minimum_filter(ground, 5))[edge]
    return float(np.median(step)) > STEP * float(np.median(ground[sheet]) - np.median(ground[~sheet]))
