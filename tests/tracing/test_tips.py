"""Where strokes end."""

import numpy as np
import pytest

from dood.tracing.chains import Path
from dood.tracing.tips import to_the_tips
from dood.tracing.trace import trace
from tests.tracing.inked import inked


def test_ends_lie_half_a_pen_within_the_ink() -> None:
    ink = inked([[[20, 30], [60, 30]]], (80, 60))
    short = Path(np.stack([np.arange(24.0, 58.0), np.full(34, 30.0)], 1), np.full(34, 4.0), False)
    (path,) = to_the_tips([short], ink, 4.0)
    np.testing.assert_allclose(path.points[[0, -1]], [[20, 30], [60, 30]], atol=0.6)


def test_an_end_that_moves_back_is_cut_where_it_ends_not_at_the_point_before() -> None:
    ink = inked([[[20, 30], [60, 30]]], (80, 60))
    points = np.stack([np.append(np.arange(20.0, 50.0), 61.5), np.full(31, 30.0)], 1)
    (path,) = to_the_tips([Path(points, np.full(31, 4.0), False)], ink, 4.0)
    assert path.points[-1, 0] == pytest.approx(60, abs=0.6)
    assert path.points[-2, 0] == 49.0


@pytest.mark.parametrize("pen", [3.0, 4.5, 6.0])
def test_a_line_at_half_a_right_angle_which_thinning_wears_off_is_whole(pen: float) -> None:
    (chain,) = trace(inked([[(12, 14), (60, 62)]], (72, 76), pen, fine=8))
    for end in ((12, 14), (60, 62)):
        assert np.hypot(*(chain.points[[0, -1]] - end).T).min() < 0.25
