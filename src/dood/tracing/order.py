"""The direction of each stroke, and the order of them all."""

import numpy as np
from numpy.typing import NDArray

from dood.tracing.splines import Chain

__all__ = ["arranged"]

READING = np.array([0.5, 1.0])
"""The hand rule: strokes run, and follow one another, the way in which x/2 + y grows."""


def arranged(chains: list[Chain], order: str) -> list[Chain]:
    """Strokes turned the way a hand goes, and in the order of hands."""
    if order == "given":
        return chains
    turned = [_turned(chain) for chain in chains]
    return sorted(turned, key=lambda chain: float(chain.points[0] @ READING))


def _turned(chain: Chain) -> Chain:
    begin, end = chain.points[0] @ READING, chain.points[-1] @ READING
    if chain.closed:
        return _from_the_top(chain)
    return reversed_chain(chain) if begin > end else chain


def reversed_chain(chain: Chain) -> Chain:
    """The same stroke drawn the other way."""
    return chain._replace(points=chain.points[::-1], widths=chain.widths[::-1], corners=chain.corners[::-1])


def _from_the_top(chain: Chain) -> Chain:
    """A closed stroke from its first piece in reading order, against the clock, as writing goes."""
    pieces = (len(chain.points) - 1) // 3
    at = int(np.argmin(chain.points[:-1:3] @ READING)) if pieces else 0
    points = np.concatenate([chain.points[3 * at : -1], chain.points[: 3 * at + 1]])
    widths = np.concatenate([chain.widths[at:-1], chain.widths[: at + 1]])
    corners = np.concatenate([chain.corners[at:-1], chain.corners[: at + 1]])
    chain = chain._replace(points=points, widths=widths, corners=corners)
    return chain if _area(points) <= 0 else reversed_chain(chain)


def _area(points: NDArray[np.float64]) -> float:
    """Twice the signed area; negative against the clock where y points down."""
    x, y = points.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
