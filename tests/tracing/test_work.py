"""The work image: which size a picture is brought to, and what is cut off."""

import numpy as np
import pytest

from dood.tracing import work as module
from dood.tracing.work import Work, pen_width, work_image
from tests.tracing.inked import inked


def bar(width: int, length: int = 60, size: tuple[int, int] = (100, 100), ink: float = 1.0) -> np.ndarray:
    picture = np.zeros(size, np.float32)
    picture[40 : 40 + width, 20 : 20 + length] = ink
    return picture


@pytest.mark.parametrize("width", [4, 5, 7])
def test_a_pen_of_some_pixels_is_left_as_it_is_and_the_rim_cut_off(width: int) -> None:
    work = work_image(bar(width))
    assert work is not None
    assert (work.scale, work.corner) == (1.0, (18.0, 38.0))
    assert work.ink.shape == (width + 4, 64)
    assert work.ink.dtype == np.float32
    assert work.pen == pytest.approx(width, abs=1.1)


def test_a_thin_pen_is_enlarged_and_a_broad_one_made_smaller() -> None:
    thin, broad = work_image(bar(1)), work_image(bar(20))
    assert thin is not None
    assert broad is not None
    assert thin.scale == pytest.approx(4.5 / pen_width(bar(1) > 0.5))
    assert thin.pen == pytest.approx(4.5)
    assert thin.ink.shape == (np.ceil(5 * thin.scale), np.ceil(64 * thin.scale))
    assert 0 <= thin.ink.min() <= thin.ink.max() <= 1
    assert broad.scale == pytest.approx(4.5 / pen_width(bar(20) > 0.5))
    assert broad.pen == pytest.approx(4.5)
    assert broad.ink.shape == (np.ceil(24 * broad.scale), np.ceil(64 * broad.scale))


def test_enlarging_has_a_limit_in_times_and_in_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENLARGED", 2.0)
    twice = work_image(bar(1))
    assert twice is not None
    assert (twice.scale, twice.ink.shape) == (2.0, (10, 128))
    monkeypatch.setattr(module, "PIXELS", 80)
    small = work_image(bar(1))
    assert small is not None
    assert small.scale == pytest.approx((80 / (5 * 64)) ** 0.5)
    assert small.ink.shape == (3, 32)


def test_faint_ink_beside_a_line_stays_and_nothing_dark_is_nothing() -> None:
    picture = np.maximum(bar(4), 0)
    picture[80, 90] = 0.3
    picture[5, 5] = 0.25
    work = work_image(picture)
    assert work is not None
    assert (work.corner, work.ink.shape) == ((18.0, 38.0), (45, 75))
    assert work_image(bar(4, ink=0.5)) is None


def test_a_line_at_the_rim_of_the_picture_has_no_margin_beyond_it() -> None:
    picture = np.zeros((12, 30), np.float32)
    picture[0:4] = 1
    work = work_image(picture)
    assert work is not None
    assert (work.corner, work.ink.shape) == ((0.0, 0.0), (6, 30))


def test_places_go_back_to_the_picture() -> None:
    work = Work(np.zeros((1, 1), np.float32), 2.0, (10.0, 20.0), 4.0)
    assert work.to_picture(np.array([[4.0, 6.0]])).tolist() == [[12, 23]]


def test_what_was_enlarged_lies_where_it_was_to_a_hundredth_of_a_pixel() -> None:
    """A dot far from the corner of a picture whose sides times the scale are no whole numbers."""
    ink = inked([[(5, 5)], [(70.25, 40.75)]], (77, 47), pen=2.2, fine=8)
    work = work_image(ink)
    assert work is not None
    assert work.scale > 1.5
    y, x = np.mgrid[: work.ink.shape[0], : work.ink.shape[1]] + 0.5
    weight = np.where(x > work.ink.shape[1] / 2, work.ink, 0)
    middle = np.array([(weight * axis).sum() for axis in (x, y)]) / weight.sum()
    np.testing.assert_allclose(work.to_picture(middle), (70.25, 40.75), atol=0.02)
