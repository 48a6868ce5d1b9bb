"""Ink in, strokes out: the way from a picture's ink to chains of cubics in its pixels, in order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dood.tracing.chains import Path, paths_of
from dood.tracing.graph import graph_of
from dood.tracing.joints import Scorer, link, turning
from dood.tracing.mask import mask_of
from dood.tracing.order import arranged
from dood.tracing.smoothing import SMOOTH, corners_of, evenly, smoothed
from dood.tracing.splines import Chain, fit
from dood.tracing.work import Work, work_image

__all__ = ["Options", "trace"]


@dataclass(frozen=True)
class Options:
    """What a person may want otherwise.

    Attributes:
        tolerance: greatest distance of a curve from the centre line it follows, in pen widths.
        join: whether strokes go through where lines meet.
        retrace: whether the pen may have passed a line twice.
        order: person, nearest (least travel of a plotter's pen) or given (as found, row by row).
    """

    tolerance: float = 0.12
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
    lines = evenly(paths)
    light = smoothed(lines, np.zeros(len(lines.points), bool), 0.2 * work.pen)
    corners = corners_of(light, work.pen)
    lines = smoothed(lines, corners, SMOOTH * work.pen)
    chains = fit(lines, corners, options.tolerance * work.pen)
    chains = [
        chain._replace(points=work.to_picture(chain.points), widths=chain.widths / work.scale) for chain in chains
    ]
    return arranged(chains, options.order)


def _paths(work: Work, options: Options, scorer: Scorer) -> list[Path]:
    graph = graph_of(mask_of(work), work.pen)
    return paths_of(graph, link(graph, scorer, retrace=options.retrace))
