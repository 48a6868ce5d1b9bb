"""Shares of ink that is missed, and of line that lies where there is none."""

import numpy as np

from dood.tracing.cubics import Chain
from dood.tracing.report import inkless, missed_ink, report_of


def level(y: float, first: float = 0.0, last: float = 20.0, width: float = 2.0) -> Chain:
    return Chain(np.linspace((first, y), (last, y), 4), np.full(2, width), np.zeros(2, bool), False)


def band(top: int, bottom: int, size: tuple[int, int] = (40, 20)) -> np.ndarray:
    ink = np.zeros(size, np.float32)
    ink[top:bottom] = 1
    return ink


def test_a_line_on_its_ink_misses_and_invents_nothing() -> None:
    assert report_of([level(10)], band(9, 11)) == (1, 0.0, 0.0)


def test_half_of_the_ink_is_missed() -> None:
    assert report_of([level(10)], np.maximum(band(9, 11), band(30, 32))) == (1, 0.5, 0.0)


def test_what_lies_beside_the_ink_is_invented() -> None:
    strokes, missed, spurious = report_of([level(10), level(30)], band(9, 11))
    assert (strokes, missed, spurious) == (2, 0.0, 0.5)


def test_nothing_drawn_and_nothing_there() -> None:
    assert report_of([], band(9, 11)) == (0, 1.0, 0.0)
    assert report_of([], band(0, 0)) == (0, 0.0, 0.0)
    assert report_of([level(10)], band(0, 0)) == (1, 0.0, 1.0)


def test_ink_is_missed_from_three_pixels_beyond_the_pen() -> None:
    points, widths = np.array([[0.5, 10.0]]), np.array([4.0])
    ink = np.zeros((30, 1), np.float32)
    ink[10:20] = 0.6
    pixels, missed = missed_ink(ink, points, widths)
    assert pixels.tolist() == [[0.5, y + 0.5] for y in range(10, 20)]
    assert missed.tolist() == [abs(y + 0.5 - 10) - 2 > 3 for y in range(10, 20)]


def test_of_very_much_ink_a_part_is_looked_at() -> None:
    ink = np.ones((300, 500), np.float32)
    pixels, _ = missed_ink(ink, np.array([[0.0, 0.0]]), np.array([1.0]))
    assert len(pixels) == 50_000
    assert len(missed_ink(ink[:120], np.array([[0.0, 0.0]]), np.array([1.0]))[0]) == 60_000


def test_a_point_is_inkless_from_three_pixels_on_inside_and_outside_the_picture() -> None:
    ink = np.zeros((20, 20), np.float32)
    ink[:, :4] = 0.3
    ink[:, 4:] = 0.25
    x = np.array([2.5, 4.5, 6.5, 7.5, 30.0, -0.5, -2.5, -3.5, -40.0])
    points = np.stack([x, np.full_like(x, 10.5)], 1)
    assert inkless(ink, points).tolist() == [False, False, False, True, True, False, False, True, True]
