import numpy as np

from dood.tracing.pieces import Pieces
from dood.training.pen_paths import walk_of
from tests.tracing.crossing import line, plus


def test_a_cross_is_two_strokes_of_two_runs() -> None:
    walk = walk_of([line((10, 50), (90, 50)), line((50, 10), (50, 90))], plus())
    assert walk.run.tolist() == [1, 2, 5, 6]
    assert walk.down.tolist() == [False, True, False, True]


def test_direction_and_order_are_the_pens() -> None:
    walk = walk_of([line((50, 90), (50, 10)), line((90, 50), (10, 50))], plus())
    assert walk.run.tolist() == [7, 4, 3, 0]


def test_a_stem_gone_up_and_down_is_two_runs_of_one_stroke() -> None:
    stem = Pieces([line((10, 90), (10, 10))], np.array([[-1, -1]]), 4.0)
    walk = walk_of([line((10, 90), (10, 10), (11, 90))], stem)
    assert walk.run.tolist() == [0, 1]
    assert walk.down.tolist() == [False, True]


def test_a_short_bridge_between_runs_was_passed() -> None:
    pieces = Pieces(
        [line((10, 50), (40, 50)), line((41, 50), (44, 50)), line((45, 50), (80, 50))],
        np.array([[-1, 0], [0, 1], [1, -1]]),
        4.0,
    )
    ways = [line((10, 50), (40, 50)), line((45, 50), (80, 50))]
    walk = walk_of([np.concatenate(ways)[np.r_[0:31, 31 : 31 + 36]]], pieces)
    assert walk.run.tolist() == [0, 2, 4]
    assert walk.down.tolist() == [False, True, True]


def test_strokes_far_from_any_piece_are_left_out() -> None:
    assert not len(walk_of([line((200, 200), (300, 200))], plus()).run)
