"""Strokes of a drawing in another order."""

import numpy as np
import pytest

from dood.drawing import Drawing, Stroke
from dood.errors import DoodError
from dood.tracing.ordering import ordered


def test_strokes_follow_the_nearest_end_and_are_turned_to_it() -> None:
    far = Stroke([[90, 90], [80, 80], [70, 70], [60, 60]], [1.0, 2.0, 3.0, 4.0], colour="#aa0000")
    near = Stroke([[40, 40], [10, 10]], 2.0, fill=True)
    drawing = Drawing(100, 100, (far, near), 0.1, 0.2, ("a note",))
    plotted = ordered(drawing, "nearest")
    first, second = plotted.strokes
    assert np.array_equal(first.points, [[10, 10], [40, 40]])
    assert first.fill
    assert np.array_equal(second.points, far.points[::-1])
    assert second.widths.tolist() == [4, 3, 2, 1]
    assert second.colour == "#aa0000"
    assert (plotted.missed, plotted.spurious, plotted.notes) == (0.1, 0.2, ("a note",))


def test_strokes_that_lie_well_stay_as_they_are() -> None:
    dot = Stroke([[5, 5]], 3.0)
    line = Stroke([[10, 10], [20, 10], [20, 20], [12, 18]], 1.0, pieces=3)
    drawing = Drawing(30, 30, (dot, line))
    assert ordered(drawing, "nearest") == drawing
    assert ordered(Drawing(30, 30), "nearest") == Drawing(30, 30)


def test_a_person_draws_downward_from_the_top() -> None:
    up = Stroke([[50, 90], [50, 10]], [3.0, 1.0])
    bar = Stroke([[20, 50], [80, 50]], 2.0)
    cross = Drawing(100, 100, (bar, up))
    down, across = ordered(cross, "person").strokes
    assert np.array_equal(down.points, up.points[::-1])
    assert down.widths.tolist() == [1, 3]
    assert across == bar
    assert ordered(cross, "given") == cross


def test_an_order_that_there_is_not_is_refused() -> None:
    with pytest.raises(DoodError, match="order \\(='alphabetic'\\) must be one of person, nearest, given"):
        ordered(Drawing(30, 30), "alphabetic")
