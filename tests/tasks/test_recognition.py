"""A shipped model as what sees strokes in the ink that tracing leaves."""

import subprocess
import sys

import numpy as np
import pytest

import dood
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.tasks.recognition import recogniser_of
from dood.tracing.chains import Run
from dood.tracing.cubics import Chain
from dood.tracing.residual import lines_left
from tests.tracing.inked import inked

PEN = 4.0
DRAWN, LEFT = [[10, 60], [90, 60]], [[20, 10], [80, 40]]


def test_the_model_sees_the_line_that_is_left() -> None:
    ink = inked([DRAWN, LEFT], (100, 72), PEN)
    x = np.linspace(10, 90, 4)
    drawn = Chain(np.stack([x, np.full(4, 60.0)], 1), np.full(2, PEN), np.zeros(2, bool), False)
    found = lines_left([drawn], ink, ink > 0.5, PEN, recogniser_of("all"))
    points = np.concatenate([each.line[0] for each in found])
    away = np.abs((points - LEFT[0]) @ np.array([30, -60]) / np.hypot(30, 60))
    assert away.max() < PEN
    assert np.ptp(points[:, 0]) > 45


def test_blank_windows_need_no_model() -> None:
    none = np.zeros((20, 30), np.float32)
    assert recogniser_of("there-is-no-such-model")(none, none) == []
    with pytest.raises(DoodError, match="there-is-no-such-model"):
        recogniser_of("there-is-no-such-model")(none + 1, none)


def picture() -> np.ndarray:
    return np.rint(255 * (1 - inked([DRAWN, LEFT], (100, 72), PEN))).astype(np.uint8)


def test_draw_takes_a_recogniser_and_asks_it_for_what_is_left_alone() -> None:
    def refuse(target: np.ndarray, canvas: np.ndarray, /) -> list[Run]:
        raise AssertionError

    drawing = dood.draw(picture(), recogniser=refuse)
    assert isinstance(drawing, Drawing)
    assert len(drawing.strokes) == 2
    with pytest.raises(DoodError, match="recogniser"):
        dood.draw(picture(), model="mnist", recogniser=refuse)


def test_tracing_loads_no_engine() -> None:
    code = (
        "import sys, numpy, dood; picture = numpy.full((40, 60), 255, numpy.uint8); picture[18:22, 8:52] = 0; "
        "dood.draw(picture); print([n for n in sys.modules if n in ('onnxruntime', 'torch')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
