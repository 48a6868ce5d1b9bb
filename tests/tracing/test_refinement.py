"""Strokes that are off their ink come back to it; those that are on it stay."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from dood.tracing.cubics import Chain, cubic_basis, polyline
from dood.tracing.outline import outline_of
from dood.tracing.refinement import refined, slopes
from tests.tracing.inked import circle, inked

ENDS = np.array([[10.0, 14.0], [50.0, 30.0]])


def straight(ends: NDArray, width: float, pieces: int = 1) -> Chain:
    share = np.linspace(0, 1, 3 * pieces + 1)[:, None]
    points = (1 - share) * ends[0] + share * ends[1]
    return Chain(points, np.full(pieces + 1, width), np.zeros(pieces + 1, bool), False)


def laid(chains: list[Chain], ink: NDArray[np.float32], pen: float) -> list[Chain]:
    return refined(chains, outline_of(ink, pen), pen)


def test_slopes_are_those_of_automatic_differentiation() -> None:
    rng = np.random.default_rng(3)
    share, values, outline = rng.random(20), rng.normal(size=(20, 4, 3)), rng.normal(size=(20, 2))
    moving = torch.tensor(values, requires_grad=True)
    basis, u = torch.tensor(cubic_basis(share)), torch.tensor(share)
    away = torch.tensor(outline) - torch.einsum("nk,nkd->nd", basis, moving[..., :2])
    error = away.norm(dim=1) - ((1 - u) * moving[:, 0, 2] + u * moving[:, 3, 2]) / 2
    error.sum().backward()
    assert moving.grad is not None
    normal = (away / away.norm(dim=1, keepdim=True)).detach().numpy()
    np.testing.assert_allclose(slopes(share, normal), moving.grad.numpy().reshape(20, 12), atol=1e-12)


@pytest.mark.parametrize(("shift", "width"), [((0.0, 0.0), 4.0), ((1.0, -1.2), 5.5), ((-0.8, 0.9), 3.0)])
def test_a_line_that_is_off_comes_back_with_its_width(shift: tuple[float, float], width: float) -> None:
    ink = inked([ENDS], (60, 44), pen=4.0, fine=8)
    (chain,) = laid([straight(ENDS + shift, width)], ink, 4.0)
    np.testing.assert_allclose(chain.points[[0, -1]], ENDS, atol=0.15)
    np.testing.assert_allclose(chain.widths, 4.0, atol=0.1)
    assert chain.widths[0] == chain.widths[-1]


def test_what_is_right_stays() -> None:
    chain = straight(ENDS, 4.0, 2)
    (found,) = laid([chain], inked([ENDS], (60, 44), pen=4.0, fine=8), 4.0)
    np.testing.assert_allclose(found.points, chain.points, atol=0.15)


def test_a_corner_that_thinning_had_cut_is_found() -> None:
    corner = np.array([[10.0, 40.0], [30.0, 8.0], [50.0, 40.0]])
    cut = corner + np.array([[0, 0], [0, 2.5], [0, 0]])
    points = np.concatenate([straight(cut[:2], 4).points, straight(cut[1:], 4).points[1:]])
    chain = Chain(points, np.full(3, 4.0), np.array([False, True, False]), False)
    (found,) = laid([chain], inked([corner], (60, 50), pen=4.0, fine=8), 4.0)
    np.testing.assert_allclose(found.points[3], corner[1], atol=0.3)


def test_lines_that_touch_find_their_own_sides() -> None:
    lines = [np.array([[8.0, 20.0], [60.0, 20.0]]), np.array([[20.0, 23.5], [72.0, 23.5]])]
    ink = inked(lines, (80, 44), pen=4.0, fine=8)
    wrong = [straight(line + np.array([0, away]), 3.0, 3) for line, away in zip(lines, (0.8, -0.8), strict=True)]
    for found, line in zip(laid(wrong, ink, 4.0), lines, strict=True):
        np.testing.assert_allclose(found.points[:, 1], line[0, 1], atol=0.35)
        np.testing.assert_allclose(found.widths, 4.0, atol=0.4)


def test_a_ring_stays_closed_and_round() -> None:
    angle = np.linspace(0, 2 * np.pi, 5)
    knots = np.stack([30 + 15 * np.cos(angle), 30 + 15 * np.sin(angle)], 1)
    way = 0.5523 * 15 * np.stack([-np.sin(angle), np.cos(angle)], 1)
    points = np.empty((13, 2))
    points[::3], points[1::3], points[2::3] = knots, (knots + way)[:-1], (knots - way)[1:]
    ring = Chain(points + np.array([0.7, -0.5]), np.full(5, 5.0), np.zeros(5, bool), True)
    (found,) = laid([ring], inked([circle(30, 30, 15)], (60, 60), pen=4.0, fine=8), 4.0)
    np.testing.assert_array_equal(found.points[0], found.points[-1])
    leave, arrive = found.points[1] - found.points[0], found.points[-1] - found.points[-2]
    assert leave @ arrive > 0.999 * np.hypot(*leave) * np.hypot(*arrive)
    np.testing.assert_allclose(np.hypot(*(polyline(found)[0] - 30).T), 15, atol=0.25)


def test_joints_without_corners_stay_smooth() -> None:
    rng = np.random.default_rng(1)
    angle = np.linspace(0, np.pi, 60)
    arc = np.stack([30 + 20 * np.cos(angle), 30 - 20 * np.sin(angle)], 1)
    chain = straight(np.array([[50.0, 30.0], [10.0, 30.0]]), 4.0, 2)
    chain.points[1:6] = arc[[10, 20, 30, 40, 50]] + rng.normal(0, 0.5, (5, 2))
    chain.points[[2, 4]] = chain.points[3] + [[6, 0], [-5, 0]]
    (found,) = laid([chain], inked([arc], (60, 44), pen=4.0, fine=8), 4.0)
    back, on = found.points[3] - found.points[2], found.points[4] - found.points[3]
    assert back @ on > 0.9999 * np.hypot(*back) * np.hypot(*on)


def test_dots_and_outlines_of_fills_are_left_where_they_are() -> None:
    dot = Chain(np.array([[30.0, 12.0]]), np.array([5.0]), np.zeros(1, bool), False)
    fill = straight(np.array([[10.0, 40.0], [50.0, 40.0]]), 4.0)._replace(fill=True)
    line = straight(ENDS + 0.5, 4.0)
    found = laid([dot, fill, line], inked([ENDS, [(30.5, 12.5)], [(10, 41), (50, 41)]], (60, 50), 4.0), 4.0)
    np.testing.assert_array_equal(found[0].points, dot.points)
    np.testing.assert_array_equal(found[1].points, fill.points)
    assert abs(found[2].points - line.points).max() > 0.2
    assert laid([dot], np.zeros((20, 40), np.float32), 4.0) == [dot]


def test_a_dot_does_not_draw_a_line_towards_it() -> None:
    dot = Chain(np.array([[30.0, 26.0]]), np.array([4.0]), np.zeros(1, bool), False)
    level = np.array([[6.0, 20.5], [54.0, 20.5]])
    ink = inked([level, [(30, 26)]], (60, 40), pen=4.0, fine=8)
    alone, beside = (laid([straight(level, 4.0, 3), *more], ink, 4.0)[0] for more in ([], [dot]))
    assert abs(beside.points[:, 1] - 20.5).max() < 0.1 < abs(alone.points[:, 1] - 20.5).max()


def test_a_brush_whose_width_changes_keeps_its_widths() -> None:
    ink = np.maximum.reduce([inked([[(x, 20)]], (80, 40), pen=3 + x / 10, fine=2) for x in np.arange(10, 71, 0.5)])
    (found,) = laid([straight(np.array([[10.0, 20.0], [70.0, 20.0]]), 6.0, 4)], ink, 6.0)
    np.testing.assert_allclose(found.widths, 3 + found.points[::3, 0] / 10, atol=0.8)
