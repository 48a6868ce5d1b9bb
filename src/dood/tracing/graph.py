"""The graph of a drawing's centre lines: branches between nodes, from the skeleton of its ink.

All lengths are in pixels of the work image (`dood.tracing.work`), where the pen is a few pixels wide; the centre of
pixel (column j, row i) is at (j + 0.5, i + 0.5).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from dood.tracing.mask import Mask
from dood.tracing.regions import parts_of
from dood.tracing.thinning import thinned

__all__ = ["Graph", "graph_of"]

AROUND = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))

MERGED = 1.0
"""Nodes joined by a branch shorter than this many local pen widths are one: thinning makes two of a crossing."""

HAIR, POINTED_HAIR = 0.35, 0.8
"""An end branch is a hair if its tip's ink reaches less than this many pen widths beyond its node's, or a thin one."""

POINTED = 0.3
"""A tip is thin if the radius of its ink is less than this many pen widths, as of a bump on a line's edge."""

BROAD, POINTED_BROAD = 0.5, 0.6
"""The same as HAIR in radii of the node, for lines of a broader pen."""

FREE = -1
"""The node of an end that meets nothing."""


@dataclass(frozen=True)
class Graph:
    """Branches between nodes; at each node several branches meet, at a free end nothing.

    Attributes:
        points: float64 [n, 2], x and y of the points of all branches, branch by branch, trimmed to where each leaves
            the discs of its nodes.
        widths: float64 [n], full width of the ink there.
        starts: int [b + 1]; branch i has the points `starts[i]:starts[i + 1]`.
        nodes: int [b, 2], the nodes at a branch's first and last point, or FREE.
        closed: bool [b], rings that meet nothing; their last point lies beside their first.
        places: float64 [m, 2], centres of the nodes.
        radii: float64 [m], of the ink there.
        pen: typical width of the ink.
        depth: float32 [h, w], distance to where there is no ink.
    """

    points: NDArray[np.float64]
    widths: NDArray[np.float64]
    starts: NDArray[np.intp]
    nodes: NDArray[np.intp]
    closed: NDArray[np.bool_]
    places: NDArray[np.float64]
    radii: NDArray[np.float64]
    pen: float
    depth: NDArray[np.float32]

    def branch(self, index: int) -> NDArray[np.float64]:
        """Points [k, 2] of a branch."""
        return self.points[self.starts[index] : self.starts[index + 1]]

    @property
    def lengths(self) -> NDArray[np.float64]:
        """Length [b] of each branch."""
        return _lengths(self.points, self.starts)


class _Raw(NamedTuple):
    """Branches as arrays of pixels end to end; nodes, closed, places and radii as in `Graph`."""

    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    nodes: NDArray[np.intp]
    closed: NDArray[np.bool_]
    places: NDArray[np.float64]
    radii: NDArray[np.float64]


def graph_of(mask: Mask, pen: float) -> Graph:
    """The graph of a mask of ink; `pen` is the typical width of its lines."""
    ink = np.pad(mask.ink, 1)
    skeleton = thinned(ink)
    pixels = np.argwhere(skeleton)
    if not len(pixels):
        return _empty(pen, mask.depth)
    radius = mask.depth[tuple(pixels.T - 1)].astype(np.float64) - 0.25
    xy = pixels[:, ::-1].astype(np.float64) - 0.5
    raw = _branches(skeleton, pixels, xy, radius)
    raw = _shorn(_merged(raw, _bridges(raw, xy, pen)), xy, radius, pen)
    points, widths, starts = _trimmed(raw, xy, 2 * radius)
    return Graph(points, widths, starts, raw.nodes, raw.closed, raw.places, raw.radii, pen, mask.depth)


def _empty(pen: float, depth: NDArray[np.float32]) -> Graph:
    none, starts, nodes, closed = np.zeros((0, 2)), np.zeros(1, int), np.zeros((0, 2), int), np.zeros(0, bool)
    return Graph(none, np.zeros(0), starts, nodes, closed, none, np.zeros(0), pen, depth)


def _neighbours(skeleton: NDArray[np.bool_], pixels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Indices [n, 8] of the pixels beside each, -1 where there is none; no diagonal past a pixel that is there."""
    place = np.full(skeleton.shape, -1, np.int32)
    place[tuple(pixels.T)] = np.arange(len(pixels))
    near = {(i, j): place[pixels[:, 0] + i, pixels[:, 1] + j] for i, j in AROUND}
    for i, j in AROUND[4:]:
        near[i, j] = np.where((near[i, 0] >= 0) | (near[0, j] >= 0), -1, near[i, j])
    return np.stack(list(near.values()), 1).astype(np.intp)


def _branches(
    skeleton: NDArray[np.bool_], pixels: NDArray[np.intp], xy: NDArray[np.float64], radius: NDArray[np.float64]
) -> _Raw:
    """Paths of pixels between junctions, which are the nodes."""
    near = _neighbours(skeleton, pixels)
    fork = (near >= 0).sum(1) > 2
    mask = np.zeros(skeleton.shape, bool)
    mask[tuple(pixels[fork].T)] = True
    junction = parts_of(mask, diagonally=True)[tuple(pixels.T)] - 1
    count = int(junction.max(initial=-1)) + 1
    order, starts, closed = _paths(near, fork)
    nodes = _ends(near, junction, order, starts)
    share = np.bincount(junction[fork], minlength=count).astype(float)
    places = np.stack([np.bincount(junction[fork], xy[fork, axis], count) / share for axis in (0, 1)], 1)
    radii = np.zeros(count)
    np.maximum.at(radii, junction[fork], radius[fork])
    return _Raw(order, starts, nodes, closed, places, radii)


def _paths(
    near: NDArray[np.intp], fork: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """The pixels outside junctions as paths: their order, where each path starts in it, and which paths are rings."""
    plain = np.flatnonzero(~fork)
    number = np.full(len(near) + 1, -1)
    number[plain] = np.arange(len(plain))
    beside = number[np.where(near[plain] >= 0, near[plain], len(near))]
    one, which = np.nonzero(beside >= 0)
    other = beside[one, which]
    size = len(plain)
    paths, path = connected_components(csr_array((np.ones(len(one)), (one, other)), shape=(size, size)), directed=False)
    degree = np.bincount(one, minlength=size)
    first = np.full(paths, size)
    np.minimum.at(first, path[degree < 2], np.flatnonzero(degree < 2))
    closed = first == size
    np.minimum.at(first, path, np.where(closed[path], np.arange(size), size))
    cut = np.full(size, -1)  # a ring is cut between its first pixel and one of its neighbours
    ring = closed[path[one]] & (one == first[path[one]])
    cut[one[ring]] = other[ring]
    kept = (cut[one] != other) & (cut[other] != one)
    links = csr_array((np.ones(kept.sum()), (one[kept], other[kept])), shape=(size, size))
    along = dijkstra(links, indices=first, unweighted=True, min_only=True) if size else np.zeros(0)
    order = np.lexsort([along, path])
    starts = np.append(0, np.cumsum(np.bincount(path, minlength=paths)))
    return plain[order], starts, closed


def _ends(
    near: NDArray[np.intp], junction: NDArray[np.intp], order: NDArray[np.intp], starts: NDArray[np.intp]
) -> NDArray[np.intp]:
    """The junctions [b, 2] at both ends of each path."""
    meets = np.where(near >= 0, junction[near], -1)
    meets = np.sort(meets, 1)[:, ::-1]  # at most two junctions touch a pixel of a path
    first, last = order[starts[:-1]], order[starts[1:] - 1]
    single = first == last
    return np.stack([meets[first, 0], np.where(single, meets[last, 1], meets[last, 0])], 1)


def _bridges(raw: _Raw, xy: NDArray[np.float64], pen: float) -> NDArray[np.bool_]:
    """Which branches are bridges inside a junction."""
    inner = (raw.nodes >= 0).all(1)
    width = 2 * np.where(inner, raw.radii[raw.nodes].max(1, initial=0) if len(raw.radii) else 0.0, 0.0)
    return inner & (_path_lengths(raw, xy) < MERGED * np.maximum(np.minimum(width, 1.5 * pen), 0.5 * pen))


def _path_lengths(raw: _Raw, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Length of each path, with the ways to the centres of its nodes."""
    lengths = _lengths(xy[raw.order], raw.starts)
    for side, at in ((0, raw.starts[:-1]), (1, raw.starts[1:] - 1)):
        has = raw.nodes[:, side] >= 0
        lengths[has] += np.hypot(*(xy[raw.order[at[has]]] - raw.places[raw.nodes[has, side]]).T)
    return lengths


def _merged(raw: _Raw, bridge: NDArray[np.bool_]) -> _Raw:
    """One node for all that bridges connect; the bridges go."""
    count = len(raw.places)
    if not count:
        return raw
    links = coo_array((np.ones(bridge.sum()), tuple(raw.nodes[bridge].T)), shape=(count, count))
    merged, which = connected_components(links, directed=False)
    share = np.bincount(which, minlength=merged)
    centres = np.stack([np.bincount(which, raw.places[:, axis], merged) / share for axis in (0, 1)], 1)
    reach = np.zeros(merged)
    np.maximum.at(reach, which, raw.radii + 0.5 * np.hypot(*(raw.places - centres[which]).T))
    nodes = np.append(which, FREE)[raw.nodes]
    return _kept(raw._replace(nodes=nodes, places=centres, radii=reach), ~bridge)


def _shorn(raw: _Raw, xy: NDArray[np.float64], radius: NDArray[np.float64], pen: float) -> _Raw:
    """Without hairs: end branches whose ink hardly leaves the disc of their node."""
    at_end = (raw.nodes >= 0).sum(1) == 1
    if not at_end.any():
        return raw
    node = np.where(at_end, raw.nodes.max(1, initial=FREE), 0)
    tip = raw.order[np.where(raw.nodes[:, 0] >= 0, raw.starts[1:] - 1, raw.starts[:-1])]
    disc = raw.radii[node]
    beyond = np.hypot(*(xy[tip] - raw.places[node]).T) + radius[tip] - disc
    thin = radius[tip] < POINTED * np.maximum(pen, 1.5 * disc)
    pens, discs = np.where(thin, POINTED_HAIR, HAIR), np.where(thin, POINTED_BROAD, BROAD)
    return _kept(raw, ~(at_end & (beyond < np.maximum(pens * pen, discs * disc))))


def _kept(raw: _Raw, keep: NDArray[np.bool_]) -> _Raw:
    sizes = np.diff(raw.starts)
    order = raw.order[np.repeat(keep, sizes)]
    starts = np.append(0, np.cumsum(sizes[keep]))
    return raw._replace(order=order, starts=starts, nodes=raw.nodes[keep], closed=raw.closed[keep])


def _trimmed(
    raw: _Raw, xy: NDArray[np.float64], widths: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Points of the branches from where they leave their nodes' discs, in which the skeleton is bent; at least one."""
    points, which = xy[raw.order], np.repeat(np.arange(len(raw.closed)), np.diff(raw.starts))
    inside = np.zeros(len(points), bool)
    for side in (0, 1):
        node = raw.nodes[which, side]
        has = node >= 0
        inside[has] |= np.hypot(*(points[has] - raw.places[node[has]]).T) < raw.radii[node[has]]
    sizes = np.diff(raw.starts)
    gone = np.add.reduceat(inside, raw.starts[:-1]) == sizes if len(sizes) else np.zeros(0, bool)
    inside[(raw.starts[:-1] + sizes // 2)[gone]] = False
    kept = np.bincount(which[~inside], minlength=len(sizes))
    return points[~inside], widths[raw.order][~inside], np.append(0, np.cumsum(kept))


def _lengths(points: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    if len(points) < 2:
        return np.zeros(len(starts) - 1)
    total = np.append(0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
    return total[starts[1:] - 1] - total[starts[:-1]]
