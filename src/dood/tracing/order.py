"""The direction of each stroke, and the order of them all."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from dood.errors import DoodError
from dood.tracing.cubics import Chain

__all__ = ["ORDERS", "arranged", "check_order"]

ORDERS = ("person", "nearest", "given")

READING = np.array([0.5, 1.0])
"""The hand rule: strokes run, and follow one another, the way in which x/2 + y grows."""


def check_order(order: str) -> None:
    """Refuse an order that there is not.

    Raises:
        DoodError: names those that there are.
    """
    if order not in ORDERS:
        raise DoodError(f"order (={order!r}) must be one of {', '.join(ORDERS)}")


def arranged(chains: list[Chain], order: str) -> list[Chain]:
    """Strokes turned the way a hand goes, and in the order of hands."""
    if order == "given":
        return chains
    if order == "nearest":
        return _nearest(chains)
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


def _nearest(chains: list[Chain]) -> list[Chain]:
    """Each next stroke begins as near as can be to where the one before ended: short ways for a plotter, greedily."""
    if not chains:
        return []
    ends = np.array([[chain.points[0], chain.points[-1]] for chain in chains]).reshape(-1, 2)
    tree, left, at = KDTree(ends), np.ones(len(chains), bool), np.zeros(2)
    arranged = []
    for _ in chains:
        end = _next_end(tree, left, at)
        chain, left[end // 2] = chains[end // 2], False
        arranged.append(reversed_chain(chain) if end % 2 else chain)
        at = arranged[-1].points[-1]
    return arranged


def _next_end(tree: KDTree, left: NDArray[np.bool_], at: NDArray[np.float64]) -> int:
    """The nearest end, as an index into the first and last points of all strokes, of a stroke that is left."""
    count = 8
    while True:
        found = np.atleast_1d(tree.query(at, min(count, tree.n))[1])
        found = found[left[found // 2]]
        if len(found):
            return int(found[0])
        count *= 4
