"""Who drew it? A nearest-mean identifier of the drawers of an alphabet, which sees pixels alone.

What a picture looks like is taken relative to how the other drawers draw the same character, so that what is drawn does
not matter; a drawer is the mean of that over some characters, and a picture of another character is told by the
nearest mean. Nothing of it is used where a style is inferred or drawn (`dood.concepts.style`).
"""

import numpy as np
from jaxtyping import Bool, Float, UInt8
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter

__all__ = ["looks", "relative", "told"]

Array = NDArray[np.float64]
QUANTILES = (0.02, 0.25, 0.5, 0.75, 0.98)
"""Of the ink, across and down."""
BINS = 8
"""Directions of edges."""
FINE, COARSE = 1.5, 3.0
"""Deviations of the smoothing before edges are looked at, in pixels of 105."""
SIDE = 105
RIDGE = 1.0
"""Share of each variance that is added to it, where within-drawer covariances are inverted."""


def looks(image: UInt8[NDArray, "h w"]) -> Array:
    """What a picture looks like, [23]: where its ink is and how far it reaches, which way its edges run, how smooth
    they are, how much there is of them, and how thick the ink is.

    Arguments:
        image: ink 255.
    """
    ink = (image > 127).astype(float)
    side, scale = max(ink.shape), max(ink.shape) / SIDE
    down, across = np.nonzero(ink)
    if not len(down):
        down, across = np.array([side // 2]), np.array([side // 2])
    places = [np.quantile(each, QUANTILES) / side for each in (across, down)]
    reach = [np.log(np.ptp(each) / side + 0.03) for each in (across, down)]
    edges, ways = _edges(ink, FINE * scale)
    smooth = _edges(ink, COARSE * scale)[0].sum() / max(edges.sum(), 1e-9)
    bins = np.floor((ways / np.pi % 1) * BINS + 0.5).astype(int) % BINS
    shares = np.bincount(bins.ravel(), edges.ravel(), BINS) / max(edges.sum(), 1e-9)
    depth = np.asarray(distance_transform_edt(ink))[ink > 0]
    thick = np.log(max(float(np.mean(depth)), 0.5) / side) if len(depth) else np.log(0.5 / side)
    return np.array([*places[0], *places[1], *shares**0.5, smooth, np.log(edges.sum() / side + 0.01), thick, *reach])


def _edges(ink: Array, deviation: float) -> tuple[Array, Array]:
    """How much of an edge there is at every pixel, and its direction."""
    down, across = np.gradient(gaussian_filter(ink, deviation))
    return np.hypot(across, down), np.arctan2(down, across)


def relative(seen: Float[NDArray, "c d f"], real: Float[NDArray, "c d f"]) -> Float[NDArray, "c d f"]:
    """What was seen of characters in the hands of drawers, relative to how all the other drawers drew them."""
    others = (real.sum(1, keepdims=True) - real) / (real.shape[1] - 1)
    return seen - others


def told(
    asked: Float[NDArray, "n d f"], taught: Float[NDArray, "c d f"], hands: NDArray[np.intp] | None = None
) -> Bool[NDArray, "n d"]:
    """Whether each of n pictures said to be by d drawers is told to be by that drawer.

    Arguments:
        asked, taught: as `relative` returns them; characters in `taught` are others than those asked.
        hands: by whom it should be told to be, [d]; by the drawer of its place, by default.
    """
    means = taught.mean(0)
    rest = (taught - means).reshape(-1, taught.shape[-1])
    spread = np.cov(rest.T)
    weights = np.linalg.inv(spread + RIDGE * np.diag(np.diag(spread)) + 1e-9 * np.eye(len(spread)))
    ways = asked[:, :, None] - means
    far = np.einsum("ndmf,fg,ndmg->ndm", ways, weights, ways)
    return far.argmin(2) == (np.arange(len(means)) if hands is None else hands)
