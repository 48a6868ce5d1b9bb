"""From ink to strokes: lines that are known come back, whatever their size, place and pen."""

from itertools import pairwise

import numpy as np
import pytest

from dood.errors import DoodError
from dood.tracing.cubics import Chain, polyline
from dood.tracing.linking import by_hand
from dood.tracing.report import report_of
from dood.tracing.trace import Options, trace
from tests.tracing.inked import circle, inked

ANGLE = np.linspace(0.2, 2 * np.pi - 0.8, 60)
S = np.stack([40 + 22 * np.sin(ANGLE), 12 + 10 * ANGLE], 1)

SHIFT = np.array([13.0, 7.0])


def found(lines: list, size: tuple[int, int] = (80, 84), pen: float = 4.0, **options: object) -> list[Chain]:
    return trace(inked(lines, size, pen), Options(**options), by_hand)  # pyright: ignore[reportArgumentType]


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """Greatest distance of a point of one from the other."""
    return float(np.hypot(*np.moveaxis(one[:, None] - other[None], -1, 0)).min(1).max())


@pytest.mark.parametrize("pen", [1.5, 3.0, 6.0, 12.0])
def test_a_line_comes_back_whatever_the_pen(pen: float) -> None:
    line = np.array([[20.3, 30.6], [70.1, 42.2]])
    (chain,) = found([line], (96, 72), pen)
    points, widths = polyline(chain)
    dense = line[0] + np.linspace(0, 1, 200)[:, None] * (line[1] - line[0])
    assert apart(points, dense) < 0.3 + 0.04 * pen
    assert apart(line, points) < 0.3 * pen + 0.3
    assert np.median(widths) == pytest.approx(pen, rel=0.15, abs=0.4)


def test_an_s_is_one_stroke_without_corners_on_the_line() -> None:
    (chain,) = found([S], pen=5.0)
    dense = np.concatenate([a + np.linspace(0, 1, 50)[:, None] * (b - a) for a, b in pairwise(S)])
    assert apart(polyline(chain)[0], dense) < 1.5
    assert len(chain.points) < 3 * 12


def test_what_is_moved_is_found_moved() -> None:
    (here,) = found([S])
    (there,) = found([S + SHIFT], (100, 100))
    np.testing.assert_allclose(there.points, here.points + SHIFT, atol=1e-6)


def test_what_is_twice_as_large_has_the_same_strokes() -> None:
    lines = [S, [[10, 5], [70, 5]], circle(40, 40, 6)]
    small, large = found(lines), found([np.asarray(line) * 2 for line in lines], (160, 168), 8.0)
    assert len(small) == len(large) == 3


@pytest.mark.parametrize(("radius", "between", "pen"), [(12, 26, 6), (11, 23, 8)])
def test_the_waist_of_an_eight_is_drawn(radius: float, between: float, pen: float) -> None:
    """Where two loops touch, the pen passes through their ink, though the lines of a skeleton pass beside it."""
    eight = inked([circle(30, 22, radius), circle(30, 22 + between, radius)], (60, 70), pen)
    points = np.concatenate([polyline(chain)[0] for chain in trace(eight)])
    assert np.hypot(*(points - (30, 22 + between / 2)).T).min() < 0.45 * pen


def test_dots_are_dots_and_closed_strokes_are_closed() -> None:
    chains = found([[[20, 20]], circle(50, 50, 15)], pen=5.0)
    dot, ring = sorted(chains, key=lambda chain: len(chain.points))
    np.testing.assert_allclose(dot.points, [[20, 20]], atol=0.6)
    assert dot.widths[0] == pytest.approx(5.0, abs=0.8)
    assert ring.closed


def test_a_filled_disc_is_its_outline_and_said_to_be_a_fill() -> None:
    y, x = np.mgrid[:120, :160] + 0.5
    ink = np.maximum(inked([[[10, 10], [150, 10]], [[10, 110], [150, 110]]], (160, 120)), np.hypot(x - 80, y - 60) < 30)
    fills = [chain for chain in trace(ink.astype(np.float32), linker=by_hand) if chain.fill]
    assert len(fills) == 1
    away = np.hypot(*(polyline(fills[0])[0] - [80, 60]).T)
    assert 25 < away.min() <= away.max() < 30.5
    middle = trace(ink.astype(np.float32), Options(outline_fills=False), by_hand)
    assert not any(chain.fill for chain in middle)


def test_faint_lines_are_whole() -> None:
    ink = np.maximum(inked([[[10, 10], [70, 10]]], (80, 40)), 0.4 * inked([[[10, 30], [70, 30]]], (80, 40)))
    assert len(trace(ink, linker=by_hand)) == 2


def test_lines_are_not_joined_unless_asked_to() -> None:
    cross = [[[10, 40], [70, 40]], [[40, 10], [40, 70]]]
    assert len(found(cross)) == 2
    assert len(found(cross, join=False)) == 4


def test_short_strokes_are_left_out() -> None:
    lines = [[[10, 10], [70, 10]], [[10, 30], [20, 30]], [[40, 50]]]
    assert len(found(lines)) == 3
    assert len(found(lines, min_length=30.0)) == 1


def travel(chains: list[Chain]) -> float:
    at, total = np.zeros(2), 0.0
    for chain in chains:
        total += float(np.hypot(*(chain.points[0] - at)))
        at = chain.points[-1]
    return total


def test_the_nearest_order_travels_less() -> None:
    rng = np.random.default_rng(0)
    lines = [[[x, y], [x + 10, y + 6]] for x, y in rng.uniform(5, 180, (25, 2))]
    near, person = (found(lines, (200, 200), 2.0, order=order) for order in ("nearest", "person"))
    assert len(near) == len(person)
    assert travel(near) < 0.6 * travel(person)


def test_strokes_run_and_follow_one_another_in_reading_order() -> None:
    lines = [[[70, 60], [10, 60]], [[10, 10], [70, 10]]]
    first, second = found(lines)
    np.testing.assert_allclose([first.points[0], first.points[-1]], [[10, 10], [70, 10]], atol=1.0)
    np.testing.assert_allclose([second.points[0], second.points[-1]], [[10, 60], [70, 60]], atol=1.0)


def test_ink_too_faint_to_follow_is_said_so() -> None:
    with pytest.raises(DoodError, match="no line dark enough"):
        trace(np.full((20, 20), 0.2, np.float32))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"simplify": 0.0}, "simplify"),
        ({"simplify": 1.5e6}, "from 0.001 to 1e"),
        ({"min_length": -1.0}, "min_length"),
        ({"merge": 20.5}, "from 0 to 20"),
    ],
)
def test_bad_options_are_named(options: dict, message: str) -> None:
    with pytest.raises(DoodError, match=message):
        Options(**options)


def test_the_report_counts_what_is_missed_and_what_is_invented() -> None:
    lines = [[[10, 10], [70, 10]], [[10, 40], [70, 40]]]
    ink = inked(lines, (80, 60))
    both = trace(ink, linker=by_hand)
    assert report_of(both, ink)[1:] == (0.0, 0.0)
    assert report_of(both[:1], ink).missed == pytest.approx(0.5, abs=0.02)
    assert report_of(both, inked(lines[:1], (80, 60))).spurious == pytest.approx(0.5, abs=0.03)
    assert report_of([], ink) == (0, 1.0, 0.0)
