"""Which of several candidates for a sample is taken, in numpy: sampling importance resampling (Rubin, 1988)."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["CANDIDATES", "taken"]

CANDIDATES = 16
"""For each sample."""


def taken(log_ratios: NDArray[np.floating], pick: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return the candidates that numbers in [0, 1) pick, with chances in proportion to their ratios.

    Arguments:
        log_ratios: [16 n], those of the candidates of one sample in a row.
        pick: [n].

    Returns:
        [n], indices into the candidates.
    """
    ratios = log_ratios.astype(np.float64).reshape(-1, CANDIDATES)
    reached = np.exp(ratios - ratios.max(1, keepdims=True)).cumsum(1)
    within = (reached[:, :-1] / reached[:, -1:] <= pick[:, None]).sum(1)
    return within + CANDIDATES * np.arange(len(pick))
