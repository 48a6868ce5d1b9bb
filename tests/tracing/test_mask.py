"""What of the ink is thinned, and what is hollowed out."""

import numpy as np

from dood.tracing.mask import _stands_alone, mask_of
from dood.tracing.work import Work, work_image
from tests.tracing.inked import inked

THIN = [[[10, 10 + 12 * i], [110, 10 + 12 * i]] for i in range(6)]


def hollow(broad: np.ndarray) -> bool:
    """Whether something is taken out of ink beside that of a thin pen."""
    ink = np.maximum(inked(THIN, (240, 90), 4.0), broad)
    work = work_image(ink)
    assert work is not None
    assert work.scale == 1.0
    return bool(mask_of(work).hollow.any())


def test_a_line_of_a_broader_pen_is_a_line() -> None:
    assert not hollow(inked([[[140, 20], [150, 70], [220, 60]]], (240, 90), 18.0))


def test_a_filled_area_is_hollow() -> None:
    y, x = np.mgrid[:90, :240]
    assert hollow(((abs(x - 180) < 30) & (abs(y - 45) < 30) & (abs(x - 180) + abs(y - 45) < 48)).astype(np.float32))


def test_a_filled_shape_that_thins_out_is_hollow() -> None:
    y, x = np.mgrid[:90, :240]
    assert hollow(((x > 130) & (x < 230) & (abs(y - 45) < 0.3 * (x - 130))).astype(np.float32))


def test_pale_specks_of_paper_go_and_a_small_dark_one_stays() -> None:
    ink = inked(THIN, (240, 90), 4.0)
    ink[40:42, 180:182] = 0.4
    ink[60:62, 200:202] = 0.9
    work = work_image(ink)
    assert work is not None
    found = mask_of(work).ink
    column, row = (round(side) for side in work.corner)
    assert not found[40 - row : 42 - row, 180 - column : 182 - column].any()
    assert found[60 - row : 62 - row, 200 - column : 202 - column].all()


def test_a_pale_pencil_keeps_its_dots() -> None:
    line = inked(THIN, (240, 90), 4.0)
    dot = inked([[[180, 40], [180, 40]]], (240, 90), 4.5)
    work = work_image(np.maximum(line, 0.45 * dot))
    assert work is not None
    assert mask_of(work).ink[:, 130:].any()


def test_faint_ink_beside_dark_ink_of_a_thin_pen_counts_from_two_pixels_on_either_side() -> None:
    ink = np.zeros((9, 15), np.float32)
    ink[4, 7] = 1.0
    ink[4, [5, 9]] = 0.4
    found = mask_of(Work(ink, 1.0, (0.0, 0.0), 1.0)).ink
    assert np.argwhere(found).tolist() == [[4, 5], [4, 7], [4, 9]]
    ink[4, [6, 8]] = 0.4
    assert np.flatnonzero(mask_of(Work(ink, 1.0, (0.0, 0.0), 1.0)).ink[4]).tolist() == [5, 7, 9]


def test_a_blot_stands_alone_where_no_ink_lies_on_the_frame_around_it() -> None:
    blot = (slice(10, 13), slice(10, 13))
    for apart, alone in ((4, False), (5, True)):
        for at in ((10 - apart, 11), (12 + apart, 11), (11, 10 - apart), (11, 12 + apart)):
            ink = np.zeros((30, 30), bool)
            ink[blot] = True
            ink[at] = True
            assert _stands_alone(ink, blot, 1.6) == alone
