"""Filled areas: the rim around what was taken out of one is a closed line, whatever other lines meet it."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects, maximum_filter

from dood.tracing.chains import Path, Run, path_of
from dood.tracing.cubics import Chain
from dood.tracing.graph import FREE, Graph
from dood.tracing.regions import depth_of, parts_of

__all__ = ["near_hollow", "with_fills", "with_whole_rims"]

REACH = 1.5
"""Pen widths from what was taken out of a fill within which its rim runs."""

LEAST = 4.0
"""Squared pen widths that are taken out of a fill, if other lines are to end at its rim: with less it is a blot of
ink where they meet."""

SPIKE = 2.0
"""An end branch at a rim that is shorter than this many pen widths is of the fill: the pen goes out and back."""


def near_hollow(hollow: NDArray[np.bool_], pen: float) -> NDArray[np.bool_]:
    """Where rims of fills run [h, w]: near to what was taken out of them [h, w]."""
    return np.asarray(maximum_filter(hollow, 2 * round(REACH * pen) + 1), bool) if hollow.any() else hollow


def with_fills(chains: list[Chain], near: NDArray[np.bool_]) -> list[Chain]:
    """The chains, of which the closed ones that run where rims of fills do [h, w] are said to be fills."""
    if not near.any():
        return chains
    return [chain._replace(fill=chain.closed and _is_rim(chain, near)) for chain in chains]


def _is_rim(chain: Chain, near: NDArray[np.bool_]) -> bool:
    height, width = near.shape
    x, y = (chain.points[:-1:3, axis].astype(int).clip(0, side - 1) for axis, side in ((0, width), (1, height)))
    return bool(near[y, x].mean() > 0.5)


def with_whole_rims(graph: Graph, hollow: NDArray[np.bool_]) -> Graph:
    """The graph with one closed branch for each fill whose rim other lines have cut; those lines end at it.

    Arguments:
        hollow: bool [h, w], what was taken out of fills.
    """
    if not hollow.any() or not len(graph.closed):
        return graph
    owner = np.full(hollow.shape, -1)
    x, y = graph.points.T.astype(int)
    owner[y, x] = np.repeat(np.arange(len(graph.closed)), np.diff(graph.starts))
    reach = round(REACH * graph.pen)
    parts = parts_of(hollow)
    sizes = np.bincount(parts.ravel())
    rims = []
    for index, box in enumerate(find_objects(parts), 1):
        if sizes[index] >= LEAST * graph.pen**2:
            rows, columns = (slice(max(0, side.start - reach), side.stop + reach) for side in box)
            away = depth_of(parts[rows, columns] != index)
            seen = (owner[rows, columns] >= 0) & (away <= reach)
            rims.append(_ring(graph, owner[rows, columns][seen], away[seen]))
    whole = [_with_spikes(graph, rim) for rim in rims if rim]
    return _replaced(graph, [_closed(graph, rim) for rim in whole], {run >> 1 for rim in whole for run in rim})


def _ring(graph: Graph, owner: NDArray[np.intp], away: NDArray[np.float32]) -> list[int]:
    """The runs along branches that lead around a fill and back; none if there is no such way.

    Arguments:
        owner: the branch [n] of each point near the fill.
        away: how far [n] it is from it.
    """
    branches, own, near = np.unique(owner, return_inverse=True, return_counts=True)
    mostly = near > np.diff(graph.starts)[branches] / 2
    far = (np.bincount(own, away) / near)[mostly]
    mine = branches[mostly][np.argsort(far, kind="stable")]
    while len(mine):
        ends = graph.nodes[mine]
        degree = np.bincount(ends[ends >= 0], minlength=len(graph.places) + 1)  # none at a free end
        passed = (ends >= 0).all(1) & (degree[ends] > 1).all(1)
        if not passed.all():
            mine = mine[passed]
        elif (degree > 2).any():
            mine = mine[:-1]
        else:
            return _around(graph, mine.tolist())
    return []


def _around(graph: Graph, branches: list[int]) -> list[int]:
    """Runs along branches at whose nodes two of them meet, in turn; none if some are of another ring."""
    runs = [2 * branches[0]]
    left = set(branches[1:])
    while left:
        at = graph.nodes[runs[-1] >> 1, ~runs[-1] & 1]
        on = next(((b, side) for b in left for side in (0, 1) if graph.nodes[b, side] == at), None)
        if on is None:
            return []
        left.remove(on[0])
        runs.append(2 * on[0] + on[1])
    return runs


def _with_spikes(graph: Graph, rim: list[int]) -> list[int]:
    """The runs around a fill, and out and back along what sticks out of it."""
    short = ((graph.nodes == FREE).sum(1) == 1) & (graph.lengths < SPIKE * graph.pen)
    runs = []
    for run in rim:
        runs.append(run)
        at = graph.nodes[run >> 1, ~run & 1]
        for spike in np.flatnonzero(short & (graph.nodes == at).any(1)).tolist():
            out = 2 * spike + int(graph.nodes[spike, 1] == at)
            runs += [out, out ^ 1]
    return runs


def _closed(graph: Graph, rim: list[int]) -> Path:
    runs: list[Run] = []
    for run in rim:
        cut, step = slice(graph.starts[run >> 1], graph.starts[(run >> 1) + 1]), -1 if run & 1 else 1
        runs.append((graph.points[cut][::step], graph.widths[cut][::step]))
    nodes = [int(graph.nodes[run >> 1, run & 1]) for run in rim]
    return path_of(graph, runs, [*nodes, nodes[0]], True)


def _replaced(graph: Graph, rims: list[Path], without: set[int]) -> Graph:
    """The graph with closed branches in place of some others."""
    if not rims:
        return graph
    keep = np.setdiff1d(np.arange(len(graph.closed)), list(without))
    kept = [(graph.branch(i), graph.widths[graph.starts[i] : graph.starts[i + 1]]) for i in keep.tolist()]
    points, widths = zip(*kept, *((rim.points, rim.widths) for rim in rims), strict=True)
    # A node that is left without a branch would be taken for a blot.
    bare = np.setdiff1d(graph.nodes, graph.nodes[keep])
    there = np.setdiff1d(np.arange(len(graph.places)), bare)
    number = np.full(len(graph.places) + 1, FREE)
    number[there] = np.arange(len(there))
    return replace(
        graph,
        points=np.concatenate(points),
        widths=np.concatenate(widths),
        starts=np.append(0, np.cumsum([len(line) for line in points])),
        nodes=np.concatenate([number[graph.nodes[keep]], np.full((len(rims), 2), FREE)]),
        closed=np.append(graph.closed[keep], np.ones(len(rims), bool)),
        places=graph.places[there],
        radii=graph.radii[there],
    )
