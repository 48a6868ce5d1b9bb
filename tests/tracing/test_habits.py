"""What a pen rather does at joints: straight on; and in drawings no line twice, and no sharp turn."""

import numpy as np

from dood.tracing.graph import graph_of
from dood.tracing.habits import AGAIN, STRAIGHT, TURN, Habits
from dood.tracing.mask import mask_of
from dood.tracing.pieces import Pieces, measure, pieces_of
from dood.tracing.trace import trace
from dood.tracing.work import work_image
from tests.tracing.inked import inked


def drawn(lines: list, size: tuple[int, int]) -> tuple[Pieces, Habits]:
    work = work_image(inked(lines, size))
    assert work is not None
    pieces = pieces_of(graph_of(mask_of(work), work.pen))
    return pieces, Habits(pieces, measure(pieces))


def grid(columns: int, rows: int, apart: int = 20) -> list:
    wide, high = 10 + apart * (columns - 1), 10 + apart * (rows - 1)
    upright = [[(10 + apart * i, 10), (10 + apart * i, high)] for i in range(columns)]
    return upright + [[(10, 10 + apart * j), (wide, 10 + apart * j)] for j in range(rows)]


CROSS = [[(10, 30), (50, 30)], [(30, 10), (30, 50)]]


def test_much_that_hangs_together_is_a_drawing_unless_it_is_long_as_a_word_is() -> None:
    assert not drawn(CROSS, (60, 60))[1].drawn.any()
    assert (drawn(grid(5, 5), (100, 100))[1].drawn == 1).all()
    pieces, habits = drawn(grid(14, 2), (280, 40))
    assert len(pieces.lines) > 32
    assert not habits.drawn.any()


def test_each_piece_is_judged_by_what_it_hangs_together_with() -> None:
    beside = [(np.array(line) + np.array([120, 0])).tolist() for line in CROSS]
    pieces, habits = drawn(grid(5, 5) + beside, (180, 100))
    of_cross = np.array(
        [line[:, 0].min() > 0.6 * max(np.max(line[:, 0]) for line in pieces.lines) for line in pieces.lines]
    )
    assert of_cross.sum() == 4
    np.testing.assert_array_equal(habits.drawn[::2], np.where(of_cross, 0, 1))


def test_a_pen_goes_straight_on_rather_than_aside() -> None:
    pieces, habits = drawn(CROSS, (60, 60))
    runs = habits.runs
    last = np.array([0])
    may = (runs.node[:, 0] == runs.node[0, 1]) & (np.arange(runs.count) > 1)
    odds = habits.odds(last, np.zeros((1, runs.count), bool), may[None])[0]
    cosine = (runs.leave * runs.arrive[0]).sum(-1).mean(-1)
    assert may.sum() == 3
    assert (odds == 0).sum() == runs.count - 2
    assert odds[~may].tolist() == [0] * (runs.count - 3)
    aside = odds[may & (odds < 0)]
    np.testing.assert_allclose(aside, -STRAIGHT, atol=0.3)
    assert cosine[may].max() > 0.95
    assert len(pieces.lines) == 4


def test_in_a_drawing_what_was_drawn_and_what_turns_costs() -> None:
    _, habits = drawn(grid(5, 5), (100, 100))
    runs = habits.runs
    inside = next(r for r in range(runs.count) if (runs.node[:, 0] == runs.node[r, 1]).sum() == 4)
    may = runs.node[:, 0] == runs.node[inside, 1]
    back = inside ^ 1
    none = np.zeros((1, runs.count), bool)
    fresh, passed = (habits.odds(np.array([inside]), which, may[None])[0] for which in (none, none | may))
    np.testing.assert_allclose(passed[may].max(), -AGAIN, atol=0.2)
    assert passed[back] < -AGAIN - 1.2 * TURN
    aside = np.sort(fresh[may])[1:3]
    np.testing.assert_allclose(aside, -STRAIGHT - 0.5 * TURN, atol=0.6)


def test_a_lattice_is_its_lines_each_gone_along_once() -> None:
    lines = grid(5, 5)
    chains = trace(inked(lines, (100, 100)))
    length = sum(np.hypot(*np.diff(chain.points, axis=0).T).sum() for chain in chains)
    assert length < 1.08 * 10 * 80
    assert 6 <= len(chains) <= 12
