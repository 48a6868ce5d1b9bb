"""Drawings by hand and by chance, for the tests of every format."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from dood.drawing import MAX_COORDINATE, MAX_SIZE, Drawing, Stroke

SVG = "{http://www.w3.org/2000/svg}"


def stroke(points: list, *widths: float) -> Stroke:
    return Stroke(points, widths or 2.0)


def controls(least: int = 1, most: int = 8, reach: float = 300) -> st.SearchStrategy[np.ndarray]:
    shapes = st.integers(least, most).map(lambda p: (p, 2))
    return shapes.flatmap(lambda shape: hnp.arrays(float, shape, elements=st.floats(-reach, reach)))


@st.composite
def chains(draw: st.DrawFn, reach: float = 300) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """Points, widths and the rest of a stroke of several pieces."""
    pieces, degree = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    points = draw(hnp.arrays(float, (pieces * degree + 1, 2), elements=st.floats(-reach, reach)))
    count = draw(st.sampled_from([1, pieces + 1, 2 * pieces + 1]))
    widths = draw(hnp.arrays(float, count, elements=st.floats(0.1, 50)))
    closed = draw(st.booleans()) and len(points) > 2
    if closed:
        points[-1] = points[0]
    colour = draw(st.sampled_from([None, "#000000", "#1a2b3c"]))
    return points, widths, {"pieces": pieces, "closed": closed, "colour": colour, "fill": draw(st.booleans())}


@st.composite
def drawings(draw: st.DrawFn, reach: float = MAX_COORDINATE) -> tuple[int, int, tuple[Stroke, ...]]:
    """What a Drawing is made of. Not itself, since checking its type takes random numbers, which strategies may not."""
    widths = hnp.arrays(float, st.integers(1, 4), elements=st.floats(0, MAX_SIZE, exclude_min=True))
    strokes = st.builds(Stroke, controls(reach=reach), widths)
    size = st.integers(1, MAX_SIZE)
    return draw(size), draw(size), tuple(draw(st.lists(strokes, max_size=4)))


EMPTY = Drawing(30, 20)


def ink(image: Image.Image) -> np.ndarray:
    return 1 - np.asarray(image.convert("L"), float) / 255
