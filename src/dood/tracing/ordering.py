"""Drawings whose strokes have another order and other directions."""

from dataclasses import replace

import numpy as np

from dood.drawing import Drawing, Stroke
from dood.tracing.cubics import Chain
from dood.tracing.order import arranged, check_order

__all__ = ["ordered"]


def ordered(drawing: Drawing, order: str) -> Drawing:
    """Return the same strokes in an order of `dood.tracing.order.ORDERS`.

    Strokes that are closed begin where they did.

    Raises:
        DoodError: there is no such order.
    """
    check_order(order)
    ends = [_as_chain(i, stroke) for i, stroke in enumerate(drawing.strokes)]
    return replace(drawing, strokes=tuple(_as_found(chain, drawing.strokes) for chain in arranged(ends, order)))


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
