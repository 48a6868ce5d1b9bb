"""Chains of branches: each is the way of one stroke of the pen."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.tracing.graph import FREE, Graph
from dood.tracing.joints import Links

__all__ = ["Path", "Run", "blots_of", "path_of", "paths_of", "reversed_path"]

TURNING = 0.8
"""Cosine of the angle from which a pen turns at a joint rather than goes on."""

NEAR = 0.35
"""Pens from the centre of a joint at which a pen passes that would leave its ink beside it ..."""

SHALLOW = 0.35
"""... where the ink is less deep than this many pens."""

Run = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Points [n, 2] and widths [n] along a branch, in the direction of the pen."""


class Path(NamedTuple):
    """The way of a stroke.

    Attributes:
        points: float64 [n, 2], in pixels of the work image; of a closed one the last is the first.
        widths: float64 [n].
        closed: whether it ends where it began.
        meets: radius of the ink of the nodes at its first and last point; 0 where it ends freely.
    """

    points: NDArray[np.float64]
    widths: NDArray[np.float64]
    closed: bool
    meets: tuple[float, float] = (0.0, 0.0)


def reversed_path(path: Path) -> Path:
    """The same path the other way."""
    return path._replace(points=path.points[::-1], widths=path.widths[::-1], meets=path.meets[::-1])


def path_of(graph: Graph, runs: list[Run], nodes: list[int], closed: bool) -> Path:
    """The path of a pen along runs.

    Where the pen turns between two runs, it goes by way of the point at which their directions meet. Where the path
    ends at a node it reaches its centre: a stroke ends on the middle of another.

    Arguments:
        runs: in the order and direction of the pen.
        nodes: at its first point, between its runs, and at its last point; or FREE.
        closed: whether it leads back to where it begins.
    """
    points, widths = _joined(graph, runs, nodes[1:-1])
    if closed:
        back = points[:0] if (points[0] == points[-1]).all() else points[:1]
        return Path(np.concatenate([points, back]), np.concatenate([widths, widths[: len(back)]]), True)
    ends = nodes[0], nodes[-1]
    first, last = (graph.places[end : end + 1] if end != FREE else points[:0] for end in ends)
    points = np.concatenate([first, points, last])
    widths = np.concatenate([widths[: len(first)], widths, widths[len(widths) - len(last) :]])
    begins, finishes = (float(graph.radii[end]) if end != FREE else 0.0 for end in ends)
    return Path(points, widths, False, (begins, finishes))


def blots_of(graph: Graph) -> list[Path]:
    """A path of one point for each node that has no branches: a blot that is all node."""
    bare = np.setdiff1d(np.arange(len(graph.places)), graph.nodes)
    return [Path(graph.places[[node]], 2 * graph.radii[[node]], False) for node in bare.tolist()]


def paths_of(graph: Graph, links: Links) -> list[Path]:
    """The paths that joined branches make, and blots, in no order."""
    return [_path(graph, chain, closed) for chain, closed in _chains(graph, links)] + blots_of(graph)


def _chains(graph: Graph, links: Links) -> Iterator[tuple[list[tuple[int, int]], bool]]:
    """Lists of (branch, side at which it is entered), and whether the last one leads to the first."""
    every = [(b, k) for b, count in enumerate(links.passes.tolist()) for k in range(count)]
    seen: set[tuple[int, int]] = set()
    begins = [(b, k, s) for b, k in every for s in (0, 1) if (b, k, s) not in links.joined]
    for start in [*begins, *((b, k, 0) for b, k in every)]:
        chain: list[tuple[int, int]] = []
        at: tuple[int, int, int] | None = start
        while at is not None and at[:2] not in seen:
            seen.add(at[:2])
            chain.append((at[0], at[2]))
            at = links.joined.get((at[0], at[1], 1 - at[2]))
        if chain:
            yield chain, at is not None or bool(graph.closed[chain[0][0]])


def _path(graph: Graph, chain: list[tuple[int, int]], closed: bool) -> Path:
    """The path along (branch, side at which it is entered), one after another."""
    cuts = [slice(graph.starts[b], graph.starts[b + 1]) for b, _ in chain]
    steps = [-1 if side else 1 for _, side in chain]
    runs = [(graph.points[cut][::step], graph.widths[cut][::step]) for cut, step in zip(cuts, steps, strict=True)]
    nodes = [int(graph.nodes[b, side]) for b, side in (*chain, (chain[-1][0], 1 - chain[-1][1]))]
    return path_of(graph, runs, nodes, closed)


def _joined(graph: Graph, runs: list[Run], nodes: list[int]) -> Run:
    """Runs end to end, by way of the nodes between them."""
    points, widths = [runs[0][0]], [runs[0][1]]
    for (before, _), (after, width), node in zip(runs[:-1], runs[1:], nodes, strict=True):
        via = _meeting(before, after, graph.pen)
        if node != FREE:
            via = _inked(graph, via, (before[-1] + after[0]) / 2, node)
        if via is not None:
            points.append(via[None])
            widths.append(width[:1])
        points.append(after)
        widths.append(width)
    return np.concatenate(points), np.concatenate(widths)


def _inked(
    graph: Graph, via: NDArray[np.float64] | None, middle: NDArray[np.float64], node: int
) -> NDArray[np.float64] | None:
    """Where a pen passes a node, brought into its ink if it would leave it."""
    at = middle if via is None else via
    x, y = (int(np.clip(at[axis], 0, graph.depth.shape[1 - axis] - 1)) for axis in (0, 1))
    beside = float(np.hypot(*(at - graph.places[node])))
    if graph.depth[y, x] >= SHALLOW * graph.pen or beside <= NEAR * graph.pen:
        return via
    return graph.places[node] + (at - graph.places[node]) * (NEAR * graph.pen / beside)


def _meeting(before: NDArray[np.float64], after: NDArray[np.float64], pen: float) -> NDArray[np.float64] | None:
    """Where two lines that end a joint apart would meet, if they turn there and meet between them."""
    reach = max(2, round(2 * pen))
    p, q = before[-1], after[0]
    ahead, back = p - before[-min(reach, len(before))], q - after[min(reach, len(after)) - 1]
    gap = float(np.hypot(*(q - p)))
    lengths = np.hypot(*ahead), np.hypot(*back)
    if gap < 0.5 * pen or min(lengths) < 1e-6:
        return None
    u, v = ahead / lengths[0], back / lengths[1]
    cross = float(u[0] * v[1] - u[1] * v[0])
    if float(u @ v) < -TURNING or abs(cross) < 1e-3:
        return None
    across = q - p
    along, beside = ((across[0] * w[1] - across[1] * w[0]) / cross for w in (v, u))
    meets = 0 < along < 2 * gap and 0 < beside < 2 * gap
    return p + along * u if meets else (p + q) / 2 + 0.5 * gap * (u + v) / max(float(np.hypot(*(u + v))), 1e-6)
