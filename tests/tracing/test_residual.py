"""Ink that strokes leave: what is asked of a recogniser, and what is taken of its lines."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dood.tracing.chains import Run
from dood.tracing.cubics import Chain
from dood.tracing.residual import left_lines, lines_left
from dood.tracing.trace import Options, trace
from tests.tracing.inked import inked

PEN = 4.0
UPPER, LOWER = [[10, 15], [80, 15]], [[20, 45], [70, 45]]
INK = inked([UPPER, LOWER], (90, 60), PEN)


def level(y: float, begin: float, end: float) -> Chain:
    x = np.linspace(begin, end, 4)
    return Chain(np.stack([x, np.full(4, y)], 1), np.full(2, PEN), np.zeros(2, bool), False)


def line(y: float, begin: float, end: float) -> Run:
    x = np.arange(begin, end + 1)
    return np.stack([x, np.full(len(x), y)], 1), np.full(len(x), PEN)


class Sees:
    """A recogniser that returns given lines [of the whole picture], and remembers its windows."""

    def __init__(self, *lines: Run) -> None:
        self.lines, self.windows = lines, []

    def __call__(self, target: NDArray[np.float32], canvas: NDArray[np.float32], /) -> list[Run]:
        self.windows.append((target, canvas))
        rows, columns = np.nonzero((target > 0.9) & (canvas < 0.1))
        corner = 18 - columns.min(), 45 - rows.mean() - 0.5  # the missed line begins half a pen before x = 20
        return [(points - corner, widths) for points, widths in self.lines]


def left(recognise: Any, chains: list[Chain] | None = None) -> list[Any]:
    return lines_left(chains or [level(15, 10, 80)], INK, INK > 0.5, PEN, recognise)


def test_nobody_is_asked_where_nothing_is_left() -> None:
    sees = Sees()
    assert left(sees, [level(15, 10, 80), level(45, 20, 70)]) == []
    assert sees.windows == []


def test_a_window_shows_what_is_missed_and_what_is_drawn() -> None:
    sees = Sees()
    left(sees, [level(15, 10, 80), level(45, 20, 45)])
    ((target, canvas),) = sees.windows
    assert target.shape == canvas.shape
    assert target.dtype == canvas.dtype == np.float32
    middle = target.argmax(0).max()
    assert target[middle, -16:-9].min() == 1
    assert canvas[middle].max() == 1
    assert canvas[middle, -16:].max() == 0


def test_a_line_that_explains_what_is_left_is_taken_where_it_is() -> None:
    (found,) = left(left_lines)
    np.testing.assert_allclose(found.line[0][:, 1], 45, atol=0.6)
    assert found.after == 0
    (line_found,) = left(Sees(line(45, 20, 70)))
    np.testing.assert_allclose(line_found.line[0][[0, -1]], [[20, 45], [70, 45]], atol=1.1)


BAD = {
    "a speck": (line(45, 20, 21)[0], np.full(2, 1.5)),
    "no ink": line(30, 20, 70),
    "out of the window": line(45, 20, 160),
    "half astray": (line(46.5, 20, 70)[0], np.full(51, 6.5)),
    "too broad": (line(45, 20, 70)[0], np.full(51, 12.0)),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_line_that_explains_little_or_draws_where_there_is_no_ink_is_not_taken(bad: Run) -> None:
    assert left(Sees(bad)) == []


def test_the_same_ink_is_explained_once() -> None:
    assert len(left(Sees(line(45, 20, 70), line(45, 21, 70)))) == 1


def test_thinning_sees_what_the_canvas_leaves() -> None:
    canvas = inked([UPPER], (90, 60), PEN)
    ((points, widths),) = left_lines(INK, canvas)
    np.testing.assert_allclose(points[:, 1], 45, atol=0.6)
    assert np.median(widths) == pytest.approx(PEN, abs=1)
    assert left_lines(INK, INK) == []


def test_what_tracing_leaves_is_traced_and_nothing_else_is_changed() -> None:
    """A bump beside a stem is a hair to the graph, and is left."""
    cross = inked([[[20, 60], [140, 60]], [[80, 10], [80, 110]]], (160, 120), 14)
    ink = np.maximum(cross, inked([[[80, 25], [94, 22]], [[80, 60], [94, 57]]], (160, 120), 22))
    without = trace(ink, recogniser=None)
    asked: list[tuple[int, ...]] = []

    def seen(target: NDArray[np.float32], canvas: NDArray[np.float32], /) -> list[Run]:
        asked.append(target.shape)
        return []

    again = trace(ink, recogniser=seen)
    assert [chain.points.tolist() for chain in again] == [chain.points.tolist() for chain in without]
    assert len(asked) == 1
    assert len(trace(ink)) == len(without) + 1


@pytest.mark.parametrize("options", [Options(merge=2.0), Options(outline_fills=False)])
def test_nobody_is_asked_about_lines_that_are_not_to_cover_their_ink(options: Options) -> None:
    def refuse(target: NDArray[np.float32], canvas: NDArray[np.float32], /) -> list[Run]:
        raise AssertionError

    ink = inked([UPPER, [[10, 20], [80, 20]], LOWER], (90, 60), PEN)
    ink[25:59, 30:60] = 1
    assert trace(ink, options, recogniser=refuse)
