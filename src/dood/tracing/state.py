"""The walk so far, as numbers and as what may come next."""

import numpy as np
from numpy.typing import NDArray

from dood.tracing.pieces import Runs

__all__ = ["STATES", "allowed", "progress"]

STATES = 8
"""Features of the walk so far, for each run."""


def progress(
    runs: Runs, last: NDArray[np.intp], times: NDArray[np.float64], begun: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Features [b, r, 8] of b walks.

    Arguments:
        runs: of the drawing.
        last: [b], the run before; -1 for none.
        times: [b, p], how often each piece was passed.
        begun: [b], the run that the stroke of the run before began with.
    """
    shape = (len(last), runs.count)
    piece = np.repeat(times, 2, axis=1)
    length = runs.length[::2]
    share = (np.minimum(times, 1) * length).sum(1) / max(length.sum(), 1e-9)
    home = runs.start[None] - runs.start[np.maximum(begun, 0)][:, None]
    away = np.linalg.norm(home, axis=-1)
    first = (last < 0)[:, None]
    parts = [
        piece > 0,
        piece > 1,
        np.broadcast_to(first, shape),
        np.broadcast_to(share[:, None], shape),
        np.broadcast_to((times > 0).mean(1)[:, None], shape),
        np.where(first, 0.0, np.log(away * runs.size + 0.3) / 2),
        np.where(first, 0.0, np.arcsinh(4 * home[..., 0])),
        np.where(first, 0.0, np.arcsinh(4 * home[..., 1])),
    ]
    return np.stack([np.asarray(part, float) for part in parts], -1)


def allowed(runs: Runs, last: NDArray[np.intp], times: NDArray[np.float64], passes: int = 3) -> NDArray[np.bool_]:
    """[b, r, 2]: which runs may come next, with the pen lifted (pieces not drawn) and down (where it is, or back)."""
    piece = np.repeat(times, 2, axis=1)
    at = np.maximum(last, 0)
    node = runs.node[at, 1][:, None]
    here = (node == runs.node[None, :, 0]) & (node >= 0)
    here |= np.arange(runs.count)[None] == (at ^ 1)[:, None]
    return np.stack([piece == 0, here & (piece < passes) & (last >= 0)[:, None]], -1)
