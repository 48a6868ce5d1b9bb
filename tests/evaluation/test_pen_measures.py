"""Found strokes beside a person's: every figure by drawings of which it is known."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from dood.data.pensets import Drawn
from dood.evaluation.pen_measures import Found, Scores, even, score
from dood.evaluation.pen_pictures import Look

pytest.importorskip("sklearn", reason="the measures need scikit-learn, the extra `eval`")

Line = NDArray[np.float64]
PEN = 5.0


def straight(start: tuple[float, float], end: tuple[float, float], count: int = 30) -> Line:
    return np.linspace(start, end, count)


ROWS = [straight((30, y), (220, y)) for y in (40.0, 100.0, 160.0, 220.0)]
CROSS = [straight((40, 128), (216, 128)), straight((128, 40), (128, 216))]


def scored(lines: list[Line], drawn: list[Line], width: float = PEN, look: Look | None = None) -> Scores:
    scale = look.scale if look else 1
    found = Found([line * scale for line in lines], [width * scale] * len(lines))
    return score(found, Drawn(drawn, (256, 256), PEN), look)


@pytest.mark.parametrize("look", [None, Look(scale=2.0), Look(noise=0.1)])
def test_a_persons_own_strokes_are_right_in_everything(look: Look | None) -> None:
    found = scored(CROSS, CROSS, look=look)
    assert found.f1 == found.tau == found.direction == found.count == found.junctions == 1
    assert found.ari == pytest.approx(1, abs=0.02)  # the point where they cross is of either
    assert found.count_within_1 == 1
    assert found.ldtw == found.width_error == found.chamfer == 0
    assert found.iou > 0.99


def test_backwards_and_in_the_other_order() -> None:
    turned = scored([line[::-1] for line in ROWS], ROWS)
    assert (turned.f1, turned.ari, turned.tau, turned.direction) == (1, 1, 1, 0)
    last_first = scored(ROWS[::-1], ROWS)
    assert (last_first.f1, last_first.ari, last_first.tau, last_first.direction) == (1, 1, -1, 1)
    assert min(turned.ldtw, last_first.ldtw) > 5


def test_tau_counts_pairs_of_strokes() -> None:
    assert scored([ROWS[1], ROWS[0], *ROWS[2:]], ROWS).tau == pytest.approx((5 - 1) / 6)
    assert math.isnan(scored(ROWS[:1], ROWS[:1]).tau)


def test_the_distance_is_that_of_the_lines() -> None:
    shifted = scored([line + np.array([0, 3]) for line in ROWS], ROWS)
    assert shifted.chamfer == pytest.approx(3)
    assert shifted.f1 == pytest.approx(0)
    assert shifted.ldtw == pytest.approx(3 / 4)
    assert shifted.direction == 0
    near = scored([line + np.array([0, 1.4]) for line in ROWS], ROWS)
    assert near.f1 == near.direction == 1


def test_half_of_the_lines_is_half_found() -> None:
    half = scored(ROWS[:2], ROWS)
    assert half.f1 == pytest.approx(2 * 0.5 / 1.5, abs=0.01)
    assert half.iou == pytest.approx(0.5, abs=0.01)
    assert (half.count, half.count_within_1) == (0.5, 0)


def test_strokes_that_are_lumped_together_lower_the_rand_index() -> None:
    lumped = [np.concatenate([ROWS[0], ROWS[1][::-1]]), np.concatenate([ROWS[2], ROWS[3][::-1]])]
    assert 0.2 < scored(lumped, ROWS).ari < 0.8
    assert scored([np.concatenate([ROWS[0], *ROWS[1:]])], ROWS).ari == pytest.approx(0, abs=0.02)


def test_widths_are_compared_with_the_pen() -> None:
    thin = scored(ROWS, ROWS, width=PEN / 2)
    assert thin.width_error == pytest.approx(0.5)
    assert thin.iou == pytest.approx(0.5, abs=0.03)
    assert scored(ROWS, ROWS, width=2 * PEN, look=Look(pen=2.0)).width_error == 0


def test_corners_instead_of_a_crossing_are_a_junction_gone_wrong() -> None:
    across, down = CROSS
    bent = [np.concatenate([across[:15], down[15:]]), np.concatenate([down[:15], across[15:]])]
    assert scored(bent, CROSS).junctions == 0
    assert scored([line[::-1] for line in reversed(CROSS)], CROSS).junctions == 1
    assert math.isnan(scored(ROWS, ROWS).junctions)


def test_where_a_stroke_ends_on_another_the_other_goes_through() -> None:
    tee = [CROSS[0], straight((128, 128), (128, 216))]
    assert scored(tee, tee).junctions == 1
    elbow = [np.concatenate([CROSS[0][:15], tee[1]]), CROSS[0][15:]]
    assert scored(elbow, tee).junctions == 0
    assert scored([tee[0]], tee).junctions == 1


def test_closed_strokes_pass_a_junction_at_their_seam() -> None:
    angle = np.linspace(0, 2 * np.pi, 200)
    ring = 128 + 60 * np.stack([np.cos(angle), np.sin(angle)], 1)
    ring[-1] = ring[0]
    bar = straight((130, 128), (240, 128))
    moved = np.roll(ring[:-1], 70, axis=0)
    assert scored([np.concatenate([moved, moved[:1]]), bar], [ring, bar]).junctions == 1


def test_nothing_found_is_nothing_right() -> None:
    nothing = scored([], CROSS)
    assert nothing[:6] == (0, 0, 0, 0, 0, 0)
    assert nothing.junctions == nothing.count_within_1 == 0
    assert all(math.isnan(value) for value in (nothing.ldtw, nothing.width_error, nothing.chamfer))
    assert scored([np.zeros((0, 2))], CROSS)[:6] == nothing[:6]


def test_dots_are_strokes() -> None:
    dots = [np.array([[50.0, 60.0]]), np.array([[150.0, 90.0]])]
    found = scored(dots, dots)
    assert (found.f1, found.ari, found.count, found.tau, found.chamfer) == (1, 1, 1, 1, 0)
    assert found.direction == 0  # dots have none


def test_even_points() -> None:
    np.testing.assert_allclose(even(np.array([[0, 0], [1, 0], [10.0, 0]])), np.stack([np.arange(11), np.zeros(11)], 1))
    assert even(np.array([[3.0, 4.0]] * 3)).tolist() == [[3, 4]]


def test_warping_is_that_of_the_plain_table() -> None:
    rng = np.random.default_rng(0)
    one, other = (rng.uniform(0, 256, (2, 2, 2)).cumsum(1)).tolist()
    drawn, found = [np.array(one)], [np.array(other)]
    expected = plain_warping(even(drawn[0]), even(found[0])) / 4
    assert scored(found, drawn).ldtw == pytest.approx(expected)


def plain_warping(one: Line, other: Line, count: int = 256) -> float:
    a, b = (line[np.linspace(0, len(line) - 1, count).round().astype(int)] for line in (one, other))
    best = {(-1, -1): (0.0, 0)}
    for i in range(count):
        for j in range(count):
            before = [best.get(place, (math.inf, 0)) for place in ((i - 1, j - 1), (i - 1, j), (i, j - 1))]
            total, steps = min(before, key=lambda one: one[0])
            best[i, j] = (total + float(np.hypot(*(a[i] - b[j]))), steps + 1)
    total, steps = best[count - 1, count - 1]
    return total / steps
