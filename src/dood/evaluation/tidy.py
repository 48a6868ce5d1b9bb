"""The tidy skeleton: the classical way from ink to ordered strokes. The baseline, without anything learned.

Thin the ink to one pixel and cut it at its junctions into branches; at each junction join the two branches that turn
least, then the next two; turn each line so that it runs right and down, and sort them by where they begin.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, label
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from dood.tracing.thinning import thinned

__all__ = ["junctions_of", "tidy_lines"]

Line = NDArray[np.float64]
Pixels = NDArray[np.intp]
End = tuple[int, int]
"""A branch and which of its ends: 0 where it starts, 1 where it stops."""

ORDER = np.array([0.5, 1.0])
"""A line begins where 0.5 x + y is less than at its end; lines are sorted by that."""

TURN = np.cos(np.radians(45))
"""Cosine of the most that a pen turns at a junction."""

AROUND = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))
NEIGHBOURS = 16
FREE = -1


class _Graph(NamedTuple):
    """Branches of a skeleton.

    Attributes:
        xy: [n, 2], the skeleton's pixels in the picture's frame.
        pen: [n], the pen's width there.
        branches: places in `xy` each, from end to end.
        ends: [b, 2], the junction at both ends of each; FREE where there is none.
    """

    xy: Line
    pen: Line
    branches: list[Pixels]
    ends: Pixels


def tidy_lines(ink: NDArray[np.bool_]) -> tuple[list[Line], list[float]]:
    """Lines [n, 2] (x, y) in pixels of an image [h, w], true where there is ink, in drawing order, and mean widths."""
    graph = _merged(_graph_of(ink))
    along = graph.xy @ ORDER
    chains = [_turned(chain, graph.xy, along) for chain in _chains(graph.branches, _links(graph))]
    chains.sort(key=lambda chain: along[chain[0]])
    return [graph.xy[chain] for chain in chains], [float(graph.pen[chain].mean()) for chain in chains]


def junctions_of(ink: NDArray[np.bool_]) -> Line:
    """[n, 2] (x, y), the places of the junctions of ink [h, w]; those joined by less than a pen's width are one."""
    graph = _merged(_graph_of(ink))
    tips = [
        (place, branch[-side])
        for branch, two in zip(graph.branches, graph.ends, strict=True)
        for side, place in enumerate(two.tolist())
        if place != FREE
    ]
    places = np.array([place for place, _ in tips], int)
    at = graph.xy[np.array([tip for _, tip in tips], int)]
    several = [place for place in np.unique(places) if (places == place).sum() > 2]
    return np.array([at[places == place].mean(0) for place in several]).reshape(-1, 2)


def _graph_of(ink: NDArray[np.bool_]) -> _Graph:
    ink = np.pad(np.asarray(ink, bool), 1)
    skeleton = thinned(ink)
    pixels = np.argwhere(skeleton)
    xy = pixels[:, ::-1].astype(float) - 0.5
    depth: Any = distance_transform_edt(ink)
    links = _neighbours(pixels, skeleton.shape)
    branches, ends = _branches(links, _forks(pixels, links, skeleton.shape))
    # The padding is one pixel, and a pixel's middle lies half a pixel from its corner.
    return _Graph(xy, 2 * depth[tuple(pixels.T)] - 0.5, branches, ends)


def _neighbours(pixels: Pixels, shape: tuple[int, ...]) -> list[list[int]]:
    """Of each pixel those beside it; a diagonal one counts only where no straight one leads there too."""
    place = np.full(shape, FREE)
    place[tuple(pixels.T)] = np.arange(len(pixels))
    near = {(i, j): place[pixels[:, 0] + i, pixels[:, 1] + j] for i, j in AROUND}
    for i, j in AROUND[4:]:
        near[i, j] = np.where((near[i, 0] >= 0) | (near[0, j] >= 0), FREE, near[i, j])
    return [[other for other in row if other >= 0] for row in np.stack(list(near.values()), 1).tolist()]


def _forks(pixels: Pixels, links: list[list[int]], shape: tuple[int, ...]) -> list[int]:
    """The junction that each pixel is of: pixels of three neighbours and more that touch are one."""
    forks = np.zeros(shape, bool)
    forks[tuple(pixels.T)] = [len(near) > 2 for near in links]
    found: Any = label(forks, np.ones((3, 3)))
    groups = found[0]
    return (groups[tuple(pixels.T)] - 1).tolist()


def _branches(links: list[list[int]], junction: list[int]) -> tuple[list[Pixels], Pixels]:
    """Paths from junctions, then from free ends and dots, then around what is closed."""
    starts = [[pixel, near] for pixel in range(len(links)) if junction[pixel] >= 0 for near in links[pixel]]
    starts += [[pixel] for most in (1, 2) for pixel in range(len(links)) if len(links[pixel]) <= most]
    seen = [place >= 0 for place in junction]
    branches = []
    for path in starts:
        if seen[path[-1]]:
            continue
        while not seen[path[-1]]:
            seen[path[-1]] = True
            onward = [
                near
                for near in links[path[-1]]
                if near not in path[-2:-1] and (near == path[0] or junction[near] >= 0 or not seen[near])
            ]
            path += onward[:1]
        branches.append(np.array(path))
    ends = [(junction[branch[0]], junction[branch[-1]]) for branch in branches]
    return branches, np.array(ends, int).reshape(-1, 2)


def _merged(graph: _Graph) -> _Graph:
    """The graph without thinning's own: a bridge shorter than the pen is wide joins two junctions that are one, and a
    free end of less than half of that is a hair."""
    length = np.array([np.hypot(*np.diff(graph.xy[branch], axis=0).T).sum() for branch in graph.branches])
    pen = np.array([max(graph.pen[branch[0]], graph.pen[branch[-1]]) for branch in graph.branches])
    inner = (graph.ends >= 0).sum(1)
    bridge, hair = (inner == 2) & (length < pen), (inner == 1) & (length < pen / 2)
    count = int(graph.ends.max(initial=FREE)) + 1
    if count == 0:
        return graph
    joins = coo_array((np.ones(bridge.sum()), tuple(graph.ends[bridge].T)), shape=(count, count))
    names = np.append(connected_components(joins, directed=False)[1], FREE)
    kept = np.flatnonzero(~bridge & ~hair)
    return graph._replace(branches=[graph.branches[i] for i in kept], ends=names[graph.ends[kept]])


def _links(graph: _Graph) -> dict[End, End]:
    """The ends that one stroke goes on through, both ways: at each junction those that turn least first."""
    names = np.argwhere(graph.ends >= 0)
    if len(names) < 2:
        return {}
    tips = np.array([graph.branches[branch][-side] for branch, side in names.tolist()], int)
    ways = np.array([_way(graph, graph.branches[branch], side) for branch, side in names.tolist()])
    # Junctions are set far apart, so that the nearest ends are of the same one.
    where = np.column_stack([graph.xy[tips], 1e6 * graph.ends[tuple(names.T)]])
    gap, other = KDTree(where).query(where, min(NEIGHBOURS, len(where)))
    near = (gap <= graph.pen[tips][:, None] + 2) & (other != np.arange(len(where))[:, None])
    one, column = np.nonzero(near)
    two = np.asarray(other)[one, column]
    cosine = -(ways[one] * ways[two]).sum(1)
    links: dict[End, End] = {}
    for i in np.lexsort([two, one, -cosine])[: (cosine >= TURN).sum()]:
        first, second = ((int(names[k][0]), int(names[k][1])) for k in (one[i], two[i]))
        if first not in links and second not in links:
            links[first], links[second] = second, first
    return links


def _way(graph: _Graph, branch: Pixels, side: int) -> Line:
    """Unit vector away from an end of a branch, beyond the pen's radius, within which the skeleton is bent."""
    line = branch[::-1] if side else branch
    radius = graph.pen[line[0]] / 2
    since = min(int(radius), len(line) // 3)
    step = graph.xy[line[min(since + max(5, int(3 * radius)), len(line) - 1)]] - graph.xy[line[since]]
    return step / max(np.hypot(*step), 1e-9)


def _chains(branches: list[Pixels], links: dict[End, End]) -> Iterator[Pixels]:
    """Branches end to end: from ends that lead nowhere first, then those that are closed."""
    seen: set[int] = set()
    ends = [(branch, side) for branch in range(len(branches)) for side in (0, 1)]
    for start in [end for end in ends if end not in links] + ends:
        at: End | None = start
        parts = []
        while at is not None and at[0] not in seen:
            seen.add(at[0])
            parts.append(branches[at[0]][::-1] if at[1] else branches[at[0]])
            at = links.get((at[0], 1 - at[1]))
        if parts:
            yield np.concatenate(parts)


def _turned(chain: Pixels, xy: Line, along: Line) -> Pixels:
    """The way a hand would go: right and down; around, against the clock, as writing does."""
    x, y = xy[chain].T
    if len(chain) < 5 or np.hypot(x[-1] - x[0], y[-1] - y[0]) > 2:
        return chain if along[chain[-1]] >= along[chain[0]] else chain[::-1]
    start = along[chain].argmin()
    around = np.concatenate([chain[start:], chain[: start + 1]])
    return around if (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() <= 0 else around[::-1]
