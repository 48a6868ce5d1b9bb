"""A model as what recognises strokes in the ink that tracing leaves."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dood.engines.choice import engine_of
from dood.engines.engine import Engine
from dood.pictures import Picture
from dood.tasks.canvas import draw_pictures
from dood.tracing.chains import Run
from dood.tracing.residual import Recogniser

__all__ = ["STROKES", "recogniser_of"]

STROKES = 4
"""Most strokes that are seen in a window."""

DARK = 0.5
"""A window without ink as dark as this has no strokes."""


def recogniser_of(model: str | Path | Engine = "all") -> Recogniser:
    """What a model sees, on its one canvas, in what strokes leave of a window; see `dood.tracing.residual`.

    Arguments:
        model: an engine, or what `dood.load` takes; it is read when something is left for the first time.

    Raises:
        DoodError: by the recogniser: there is no such model, or it draws no strokes.
    """
    engine: Engine | None = None

    def recognise(target: NDArray[np.float32], canvas: NDArray[np.float32], /) -> list[Run]:
        nonlocal engine
        left = np.clip(target - canvas, 0, 1)
        if left.max() < DARK:
            return []
        engine = engine or engine_of(model)
        (drawing,) = draw_pictures([Picture.from_array(left, polarity="light")], engine, strokes=STROKES, frame="ink")
        lines = [stroke.even(1.0) for stroke in drawing.strokes]
        return [(line, np.full(len(line), s.width)) for line, s in zip(lines, drawing.strokes, strict=True)]

    return recognise
