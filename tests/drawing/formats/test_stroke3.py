"""Stroke-3, as sketch-rnn reads it."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dood.drawing import Drawing
from dood.drawing.formats.stroke3 import to_stroke3
from dood.errors import DoodError
from tests.drawing.made import EMPTY, drawings


def _lines(rows: np.ndarray, offset: np.ndarray) -> list[np.ndarray]:
    """Absolute points of each stroke, as sketch-rnn reads them."""
    path = offset.astype(float) + rows[:, :2].astype(float).cumsum(0)
    return np.split(path, np.flatnonzero(rows[:, 2])[:-1] + 1)


def test_stroke3_walks_along_the_strokes(drawing: Drawing) -> None:
    rows, offset = to_stroke3(drawing)
    assert (rows.dtype, rows.ndim, rows.shape[1]) == (np.float32, 2, 3)
    assert set(rows[:, 2].tolist()) == {0, 1}
    assert rows[-1, 2] == 1
    assert rows[0, :2].tolist() == [0, 0]
    lines = _lines(rows, offset)
    assert len(lines) == len(drawing.strokes)
    for line, one in zip(lines, drawing.strokes, strict=True):
        curve = one.curve(20_001)
        assert max(np.hypot(*(curve - point).T).min() for point in line) < 0.02
        assert np.hypot(*(line[0] - one.points[0])) < 1e-3
        assert np.hypot(*(line[-1] - one.points[-1])) < 1e-3
        assert np.hypot(*np.diff(line, axis=0).T).max(initial=0) <= 1.51
    assert [len(line) for line in lines[2:]] == [1, 1]


@given(drawings(reach=1000), st.sampled_from([0.5, 20.0]))
@settings(max_examples=30)
def test_stroke3_ends_where_the_drawing_ends(parts: tuple, step: float) -> None:
    drawing = Drawing(*parts)
    assume(drawing.strokes)
    rows, offset = to_stroke3(drawing, step)
    assert int(rows[:, 2].sum()) == len(drawing.strokes)
    for line, one in zip(_lines(rows, offset), drawing.strokes, strict=True):
        np.testing.assert_allclose(line[-1], one.points[-1], atol=2e-3)


@pytest.mark.parametrize("step", [0.0, -1.0, math.nan, math.inf])
def test_bad_steps_are_named(step: float) -> None:
    with pytest.raises(DoodError, match=f"step {step} is out of range"):
        to_stroke3(EMPTY, step)
