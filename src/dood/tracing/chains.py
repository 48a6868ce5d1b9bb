"""Chains of branches: each is the way of one stroke of the pen."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.tracing.graph import Graph
from dood.tracing.joints import Links

__all__ = ["Path", "paths_of", "reversed_path"]


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


def paths_of(graph: Graph, links: Links) -> list[Path]:
    """The paths that joined branches make, in no order; a node without branches is a path of one point."""
    bare = np.setdiff1d(np.arange(len(graph.places)), graph.nodes)
    blots = [Path(graph.places[[node]], 2 * graph.radii[[node]], False) for node in bare.tolist()]
    return [_path(graph, chain, closed) for chain, closed in _chains(graph, links)] + blots


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
    cuts = [slice(graph.starts[b], graph.starts[b + 1]) for b, _ in chain]
    steps = [-1 if side else 1 for _, side in chain]
    points = [graph.points[cut][::step] for cut, step in zip(cuts, steps, strict=True)]
    widths = [graph.widths[cut][::step] for cut, step in zip(cuts, steps, strict=True)]
    if closed:
        points, widths = [*points, points[0][:1]], [*widths, widths[0][:1]]
        return Path(np.concatenate(points), np.concatenate(widths), closed)
    return _reaching(graph, chain, points, widths)


def _reaching(
    graph: Graph, chain: list[tuple[int, int]], points: list[NDArray[np.float64]], widths: list[NDArray[np.float64]]
) -> Path:
    """With the centres of the nodes at which the chain begins and ends: a stroke ends on the middle of another."""
    nodes = [int(graph.nodes[b, side]) for b, side in (chain[0], (chain[-1][0], 1 - chain[-1][1]))]
    if nodes[0] >= 0:
        points, widths = [graph.places[nodes[0]][None], *points], [widths[0][:1], *widths]
    if nodes[1] >= 0:
        points, widths = [*points, graph.places[nodes[1]][None]], [*widths, widths[-1][-1:]]
    first, last = (float(graph.radii[node]) if node >= 0 else 0.0 for node in nodes)
    return Path(np.concatenate(points), np.concatenate(widths), False, (first, last))
