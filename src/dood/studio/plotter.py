"""Drawings for a plotter: the strokes as they are, in the order and directions of little travel."""

import numpy as np

from dood.drawing import Drawing, Stroke
from dood.tracing.cubics import Chain
from dood.tracing.order import arranged

__all__ = ["for_plotter"]


def for_plotter(drawing: Drawing) -> Drawing:
    """The same strokes, each beginning as near as can be to where the one before ends."""
    ends = [_as_chain(i, stroke) for i, stroke in enumerate(drawing.strokes)]
    strokes = [_as_found(chain, drawing.strokes) for chain in arranged(ends, "nearest")]
    return Drawing(drawing.width, drawing.height, tuple(strokes), drawing.missed, drawing.spurious, drawing.notes)


def _as_chain(index: int, stroke: Stroke) -> Chain:
    """The ends of a stroke; the number of the stroke stands for its widths, and is turned along with the ends."""
    return Chain(stroke.points[[0, -1]], np.array([index, -1.0]), np.zeros(2, bool), stroke.closed)


def _as_found(chain: Chain, strokes: tuple[Stroke, ...]) -> Stroke:
    turned = bool(chain.widths[0] < 0)
    stroke = strokes[int(chain.widths.max())]
    return _reversed(stroke) if turned else stroke


def _reversed(stroke: Stroke) -> Stroke:
    return Stroke(
        stroke.points[::-1],
        stroke.widths[::-1],
        pieces=stroke.pieces,
        closed=stroke.closed,
        colour=stroke.colour,
        fill=stroke.fill,
    )
