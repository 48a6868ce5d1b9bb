"""When which stroke is drawn in an animation."""

import pytest
from hypothesis import given

from dood.drawing import Drawing
from dood.drawing.formats.timing import timing
from tests.drawing.made import EMPTY, drawings


@given(drawings())
def test_strokes_are_drawn_one_after_the_other(parts: tuple) -> None:
    drawing = Drawing(*parts)
    times = timing(drawing)
    assert len(times.starts) == len(times.ends) == len(drawing.strokes)
    assert (times.starts <= times.ends).all()
    assert (times.starts[1:] >= times.ends[:-1]).all()
    if drawing.strokes:
        assert times.starts[0] == pytest.approx(0, abs=1e-6)
        assert times.ends[-1] == times.seconds
        assert 0.999 < times.seconds < 10.001


def test_no_strokes_take_no_time() -> None:
    assert timing(EMPTY).seconds == 0
