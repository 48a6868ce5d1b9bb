"""Ink in, strokes out: the way from a picture's ink to chains of cubics in its pixels, in order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dood.tracing.centring import centred
from dood.tracing.chains import Path, paths_of
from dood.tracing.graph import graph_of
from dood.tracing.joints import Scorer, link, turning
from dood.tracing.mask import mask_of
from dood.tracing.order import arranged
from dood.tracing.smoothing import SMOOTH, corners_of, evenly, smoothed
from dood.tracing.splines import Chain, fit
from dood.tracing.tips import to_the_tips
from dood.tracing.work import Work, work_image

__all__ = ["Options", "trace"]

LIGHT = 0.2
"""Deviation of the smoothing before corners are looked for, in pen widths."""

DOT = 0.6
"""A stroke that goes less far than this many of its widths is a dot."""


@dataclass(frozen=True)
class Options:
    """What a person may want otherwise.

    Attributes:
        tolerance: greatest distance of a curve from the centre line it follows, in pen widths.
        join: whether strokes go through where lines meet.
        retrace: whether the pen may have passed a line twice.
        order: person, nearest (least travel of a plotter's pen) or given (as found, row by row).
    """

    tolerance: float = 0.08
    join: bool = True
    retrace: bool = True
    order: str = "person"


def trace(ink: NDArray[np.float32], options: Options = Options(), scorer: Scorer = turning) -> list[Chain]:
    """The strokes of a picture, in order, in its pixels.

    Arguments:
        ink: float32 [h, w] in [0, 1], 1 is ink.
    """
    work = work_image(ink)
    if work is None:
        return []
    paths = _paths(work, options, scorer)
    dots = [_dot(path) for path in paths if is_dot(path, work.pen)]
    lines = to_the_tips([path for path in paths if not is_dot(path, work.pen)], work.ink, work.pen)
    chains = dots + (_splines(lines, work, options) if lines else [])
    chains = [
        chain._replace(points=work.to_picture(chain.points), widths=chain.widths / work.scale) for chain in chains
    ]
    return arranged(chains, options.order)


def _splines(paths: list[Path], work: Work, options: Options) -> list[Chain]:
    """Paths as chains of cubics: on the middle of the ink, smooth but for corners."""
    lines = evenly(paths)
    light = smoothed(lines, np.zeros(len(lines.points), bool), LIGHT * work.pen)
    lines = centred(light, work.ink, work.pen)
    corners = corners_of(light, work.pen)
    lines = smoothed(lines, corners, SMOOTH * work.pen)
    return fit(lines, corners, options.tolerance * work.pen)


def is_dot(path: Path, pen: float) -> bool:
    """Whether the pen hardly moved, for how wide it is."""
    spread = np.ptp(path.points, axis=0)
    return float(np.hypot(*spread)) < DOT * max(pen, float(path.widths.max()))


def _dot(path: Path) -> Chain:
    middle = (path.points.min(0) + path.points.max(0)) / 2
    return Chain(middle[None], path.widths.max(keepdims=True), np.zeros(1, bool), False)


def _paths(work: Work, options: Options, scorer: Scorer) -> list[Path]:
    graph = graph_of(mask_of(work), work.pen)
    return paths_of(graph, link(graph, scorer, retrace=options.retrace))
