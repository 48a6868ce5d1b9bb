"""Small drawings that go through every stage of tracing, and what each stage makes of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dood.tracing.chains import Path, blots_of, paths_of
from dood.tracing.cubics import Chain
from dood.tracing.fills import with_whole_rims
from dood.tracing.graph import Graph, graph_of
from dood.tracing.joints import ends_of, link, pairs_of, turn
from dood.tracing.linking import as_learned, by_hand
from dood.tracing.mask import mask_of
from dood.tracing.moves import Rivals, relations
from dood.tracing.order import arranged
from dood.tracing.outline import outline_of
from dood.tracing.parts import parts_of
from dood.tracing.pieces import measure, pieces_of
from dood.tracing.refinement import refined
from dood.tracing.report import report_of
from dood.tracing.smoothing import corners_of, evenly, smoothed
from dood.tracing.splines import fit
from dood.tracing.state import allowed, progress
from dood.tracing.tips import to_the_tips
from dood.tracing.trace import Options, trace
from dood.tracing.walker import View, load_walker
from dood.tracing.walking import walk
from dood.tracing.work import Work, work_image
from tests.tracing.inked import circle, inked

__all__ = ["SHAPES", "stages"]

Stages = dict[str, NDArray[Any]]


def arc(x: float, y: float, radius: float, begin: float, end: float) -> NDArray[np.float64]:
    angle = np.linspace(begin, end, 40) * np.pi
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], 1)


def crossing() -> NDArray[np.float32]:
    """Two lines that cross aslant, a third that ends on one of them, a corner, and two dots."""
    lines = [[(6, 8), (52, 40)], [(8, 44), (50, 10)], [(20, 20), (22, 58)], [(58, 8), (58, 52), (34, 54)]]
    return inked([*lines, [(8, 26)], [(45, 57.5), (46.5, 57.5)]], (66, 64))


def letters() -> NDArray[np.float32]:
    """A stem with an arch that leaves it on the way back, an i with its dot, a loop with a tail, a ring."""
    stem = [(8, 10), (8, 40)]
    arch = [*arc(15, 24, 7, 1.0, 2.0), (22, 40)]
    loop = [(60, 44), *arc(50, 24, 8, 0.45, 2.3), (38, 44)]
    return inked([stem, arch, [(30, 22), (30, 40)], [(30, 12)], loop, circle(74, 30, 8)], (88, 52), pen=3.2)


def eight() -> NDArray[np.float32]:
    """A figure of eight, which is one stroke through its waist, and one more line through it all."""
    t = np.linspace(0, 2 * np.pi, 120)
    return inked([np.stack([30 + 14 * np.sin(2 * t), 32 + 24 * np.cos(t)], 1), [(30, 4), (31, 62)]], (60, 66), pen=3.5)


def filled() -> NDArray[np.float32]:
    """A filled square with a line out of it, a blot that stands alone, and a broader pen's line."""
    ink = inked([[(44, 20), (86, 24)], [(60, 50), (90, 70)], [(12, 84), (88, 88)]], (100, 100), pen=3.5)
    ink[6:40, 8:44] = 1
    blot = inked([[(24, 62)]], (100, 100), pen=15)
    broad = inked([[(50, 36), (92, 40)]], (100, 100), pen=9)
    return np.maximum.reduce([ink, blot, broad])


def thin() -> NDArray[np.float32]:
    """A pen of a pixel, on a picture that is enlarged, with a gap and a hair."""
    return inked([[(3, 3), (17, 9), (6, 16)], [(12, 18), (20, 15.5)], [(20, 4), (20, 5.5)]], (24, 22), pen=1.1)


def thick() -> NDArray[np.float32]:
    """A pen of twelve pixels, on a picture that is made smaller."""
    return inked([[(18, 20), (100, 30), (30, 90)], [(20, 60), (120, 64)]], (136, 106), pen=12, fine=2)


def faint() -> NDArray[np.float32]:
    """Grey lines beside dark ones, pale and dark specks, a pin hole, and a line that grows darker."""
    ink = inked([[(6, 10), (54, 14)]], (60, 50))
    ink = np.maximum(ink, 0.42 * inked([[(6, 26), (54, 22)]], (60, 50)))
    shade = np.linspace(0.3, 1, 60, dtype=np.float32) * inked([[(6, 40), (54, 42)]], (60, 50))
    ink = np.maximum(ink, shade)
    ink[12, 30] = 0.0
    ink[33:35, 20:22] = 0.4
    ink[34, 40] = 0.9
    return ink


def stippled() -> NDArray[np.float32]:
    """Rows of more dots than a hand orders, beside a line."""
    dots = [[(6 + 6.0 * (i % 24) + i // 24 % 3, 6 + 6.5 * (i // 24))] for i in range(312)]
    return inked([*dots, [(6, 96), (140, 99)]], (156, 104), pen=3.0, fine=2)


SHAPES: dict[str, Callable[[], NDArray[np.float32]]] = {
    drawn.__name__: drawn for drawn in (crossing, letters, eight, filled, thin, thick, faint, stippled)
}


def stages(ink: NDArray[np.float32], *, enlarged: bool = True) -> Stages:
    """What each stage makes of the ink, as arrays by the stages' names.

    Arguments:
        enlarged: if not, a thin pen stays as thin as it is, as in pictures that are too large.
    """
    found: Stages = {}
    work = work_image(ink)
    assert work is not None
    if not enlarged:
        work = Work(ink, 1.0, (0.0, 0.0), work.pen / work.scale)
    found["work"] = work.ink
    found["work.scale"] = np.array([work.scale, *work.corner, work.pen])
    for hollow in (True, False):
        mask = mask_of(work, hollow=hollow)
        found[f"mask.hollow={hollow}"] = np.stack([mask.ink, mask.depth, mask.hollow])
    found["outline"] = outline_of(work.ink, work.pen)
    mask = mask_of(work)
    graph = with_whole_rims(graph_of(mask, work.pen), mask.hollow)
    for name in ("points", "widths", "starts", "nodes", "closed", "places", "radii", "lengths"):
        found[f"graph.{name}"] = getattr(graph, name)
    _see_links(found, graph)
    _see_walk(found, graph)
    for way in (by_hand, as_learned):
        for join in (True, False):
            linked = way(graph, join)
            _see_paths(found, f"{way.__name__}.join={join}", linked.paths)
            found[f"{way.__name__}.join={join}.ordered"] = np.array([linked.ordered])
    _see_lines(found, as_learned(graph, True).paths, work.ink, work.pen)
    for name, options in CHOICES.items():
        chains = trace(ink, options)
        _see_chains(found, f"trace.{name}", chains)
        found[f"report.{name}"] = np.array([*report_of(chains, ink), *report_of(chains[1:], ink)])
    return found


CHOICES = {
    "default": Options(),
    "apart": Options(join=False, simplify=0.4),
    "nearest": Options(order="nearest", outline_fills=False),
    "given": Options(order="given", min_length=8.0),
}


WALKS: tuple[dict[str, Any], ...] = ({}, {"beam": 1}, {"join": False}, {"retrace": False})


def _see_links(found: Stages, graph: Graph) -> None:
    ends = ends_of(graph)
    for name in ends._fields:
        found[f"ends.{name}"] = getattr(ends, name)
    pairs = pairs_of(ends)
    found["pairs"] = np.stack([pairs.one, pairs.other])
    found["turn"] = turn(ends, pairs)
    for retrace in (True, False):
        links = link(graph, retrace=retrace)
        found[f"links.retrace={retrace}.passes"] = links.passes
        found[f"links.retrace={retrace}.joined"] = np.array(sorted((*a, *b) for a, b in links.joined.items()))
        _see_paths(found, f"paths.retrace={retrace}", paths_of(graph, links))
    _see_paths(found, "blots", blots_of(graph))


def _see_walk(found: Stages, graph: Graph) -> None:
    pieces = pieces_of(graph)
    parts = parts_of(pieces, 40)
    found["parts"] = np.concatenate(parts)
    found["parts.sizes"] = np.array([len(part) for part in parts])
    pieces = pieces.chosen(np.arange(min(30, len(pieces.lines))))
    runs = measure(pieces)
    for name in ("start", "end", "leave", "arrive", "node", "body", "length", "own"):
        found[f"runs.{name}"] = getattr(runs, name)
    one, other = np.meshgrid(np.arange(runs.count), np.arange(runs.count), indexing="ij")
    found["relations"] = relations(runs, Rivals(runs), other, one)
    walker = load_walker()
    view = View(walker, pieces)
    found["view"] = np.concatenate([view.base.ravel(), view.change.ravel(), view.again.ravel(), view.before.ravel()])
    count = runs.count // 2
    place = np.arange(count)
    times = np.stack([0 * place, place % 2, place % 3, 2 - place % 2]).astype(np.float64)
    last, begun = np.array([-1, 0, 2 * count - 1, count]), np.array([-1, 0, 1 % (2 * count), 2 * count - 1])
    state = progress(runs, last, times, begun)
    found["progress"] = state
    found["allowed"] = np.stack([allowed(runs, last, times), allowed(runs, last, times, 1)])
    found["scores"] = view.scores(np.repeat(view.base[None], 4, 0), last, state)
    for options in WALKS:
        steps = walk(pieces, walker, **options)
        found[f"walk {options}"] = np.array([(step.run, step.down) for step in steps])


def _see_lines(found: Stages, paths: list[Path], ink: NDArray[np.float32], pen: float) -> None:
    lines = [path for path in paths if len(path.points) > 1]
    tipped = to_the_tips(lines, ink, pen)
    _see_paths(found, "tips", tipped)
    even = evenly(tipped)
    light = smoothed(even, np.zeros(len(even.points), bool), 0.2 * pen)
    corners = corners_of(light, pen)
    smooth = smoothed(light, corners, 0.25 * pen)
    found["corners"] = corners
    for name, each in (("evenly", even), ("light", light), ("smooth", smooth)):
        found[f"{name}.points"], found[f"{name}.widths"] = each.points, each.widths
    for tolerance in (0.05, 0.5):
        chains = fit(smooth, corners, tolerance * pen)
        _see_chains(found, f"fit.{tolerance}", chains)
        _see_chains(found, f"refined.{tolerance}", refined(chains, outline_of(ink, pen), pen))
        for order in ("person", "nearest"):
            _see_chains(found, f"order.{order}.{tolerance}", arranged(chains, order))


def _see_paths(found: Stages, name: str, paths: list[Path]) -> None:
    found[f"{name}.sizes"] = np.array([len(path.points) for path in paths])
    found[f"{name}.points"] = np.concatenate([path.points for path in paths]) if paths else np.zeros(0)
    found[f"{name}.widths"] = np.concatenate([path.widths for path in paths]) if paths else np.zeros(0)
    found[f"{name}.ends"] = np.array([(path.closed, *path.meets) for path in paths])


def _see_chains(found: Stages, name: str, chains: list[Chain]) -> None:
    found[f"{name}.sizes"] = np.array([len(chain.points) for chain in chains])
    found[f"{name}.kinds"] = np.array([(chain.closed, chain.fill) for chain in chains])
    for part in ("points", "widths", "corners"):
        arrays = [getattr(chain, part) for chain in chains]
        found[f"{name}.{part}"] = np.concatenate(arrays) if arrays else np.zeros(0)
