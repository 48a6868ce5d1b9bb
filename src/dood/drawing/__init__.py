"""Stroke and Drawing, the symbolic result, and the files they are written to and read from."""

from dood.drawing.drawing import (
    MAX_CONTROLS,
    MAX_COORDINATE,
    MAX_PIECES,
    MAX_SIZE,
    MAX_STROKES,
    Drawing,
    Stroke,
    bernstein,
)

__all__ = ["MAX_CONTROLS", "MAX_COORDINATE", "MAX_PIECES", "MAX_SIZE", "MAX_STROKES", "Drawing", "Stroke", "bernstein"]
