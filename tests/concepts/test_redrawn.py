"""Drawings again, by other hands: what stays, what differs, and how far."""

import numpy as np
import pytest

from dood.concepts.redrawn import redrawn
from dood.concepts.spreads import Spreads
from dood.drawing import Drawing, Stroke

NONE = Spreads(*[0.0] * len(Spreads._fields))._replace(reach=0.4)
RING = Stroke([[50, 20], [70, 20], [80, 50], [50, 50], [20, 50], [30, 20], [50, 20]], 3.0, pieces=2, closed=True)
LINE = Stroke([[50, 50], [60, 60], [70, 70], [90, 90]], [2.0, 4.0], colour="#102030", fill=True)
DRAWING = Drawing(100, 100, (RING, LINE, Stroke([[10, 90]], 5.0)))


def steps(spreads: Spreads, count: int = 400, drawing: Drawing = DRAWING, **options: float) -> np.ndarray:
    """Displacements [count, n, 2] of all control points."""
    made = redrawn(drawing, spreads, count, **options)  # pyright: ignore[reportArgumentType]
    before = np.concatenate([stroke.points for stroke in drawing.strokes])
    return np.stack([np.concatenate([stroke.points for stroke in each.strokes]) - before for each in made])


def test_all_but_the_places_and_the_pen_stays() -> None:
    for made in redrawn(DRAWING, Spreads(), 5, seed=2):
        assert (made.width, made.height) == (100, 100)
        for old, new in zip(DRAWING.strokes, made.strokes, strict=True):
            kept = [(each.pieces, each.closed, each.colour, each.fill) for each in (old, new)]
            assert kept[0] == kept[1]
            assert old.points.shape == new.points.shape
            assert not np.allclose(old.points, new.points)
        (factor,) = {
            round(float(new.width / old.width), 9) for old, new in zip(DRAWING.strokes, made.strokes, strict=True)
        }
        assert 0.5 < factor < 2


def test_without_temperature_or_spreads_nothing_differs() -> None:
    for made in (*redrawn(DRAWING, Spreads(), 2, temperature=0.0), *redrawn(DRAWING, NONE, 2)):
        for old, new in zip(DRAWING.strokes, made.strokes, strict=True):
            np.testing.assert_allclose(new.points, old.points, atol=1e-9)
            np.testing.assert_allclose(new.widths, old.widths)


def test_a_hand_is_the_same_for_a_seed_whatever_the_count() -> None:
    assert redrawn(DRAWING, Spreads(), 2, seed=4) == redrawn(DRAWING, Spreads(), 5, seed=4)[:2]
    assert redrawn(DRAWING, Spreads(), 1, seed=4) != redrawn(DRAWING, Spreads(), 1, seed=5)


def test_the_deformation_is_smooth_and_as_large_as_its_spread() -> None:
    dots = Drawing(100, 100, tuple(Stroke([[x, 50.0]], 1.0) for x in (0.0, 2.0, 50.0, 100.0)))
    moved = steps(NONE._replace(bend=0.1, reach=0.3), 3000, dots) / 50
    assert moved.std(0) == pytest.approx(np.full((4, 2), 0.1), rel=0.06)
    one, near, middle, far = moved[..., 0].T
    assert np.corrcoef(one, near)[0, 1] == pytest.approx(np.exp(-0.5 * (0.04 / 0.3) ** 2), abs=0.01)
    assert abs(np.corrcoef(one, far)[0, 1]) < 0.06
    assert np.corrcoef(one, middle)[0, 1] == pytest.approx(np.exp(-0.5 * (1 / 0.3) ** 2), abs=0.06)


def test_a_strokes_own_shift_is_less_than_its_pen() -> None:
    moved = steps(NONE._replace(stroke=0.2), 2000)
    sizes = moved.std(0)
    assert np.allclose(moved[:, :7] - moved[:, :1], 0, atol=1e-9)
    assert sizes[0] == pytest.approx([0.25 * 3] * 2, rel=0.1)
    assert sizes[-1] == pytest.approx([0.25 * 5] * 2, rel=0.1)
    assert steps(NONE._replace(stroke=0.002), 2000).std(0) == pytest.approx(np.full((12, 2), 0.002 * 40), rel=0.1)


def test_the_whole_is_moved_as_one() -> None:
    moved = steps(NONE._replace(shift=0.1), 2000)
    assert np.ptp(moved, axis=1).max() < 1e-9
    assert moved[:, 0].std(0) == pytest.approx([0.1 * 40] * 2, rel=0.1)


def test_thousands_of_strokes_are_no_matter_and_none_are_none() -> None:
    many = Drawing(100, 100, tuple(Stroke([[i % 90, i // 90], [i % 90 + 1, i // 90]], 1.0) for i in range(5000)))
    assert len(redrawn(many, Spreads(), 1)[0].strokes) == 5000
    empty = Drawing(10, 10)
    assert redrawn(empty, Spreads(), 2) == [empty, empty]
