"""What a drawing keeps of its picture."""

import math

import numpy as np
import pytest

from dood.pictures import Picture
from dood.tracing.drawings import drawing_of
from dood.tracing.graph import Graph
from dood.tracing.linking import Linked, by_hand
from dood.tracing.trace import trace
from tests.tracing.inked import inked


@pytest.mark.parametrize(("note", "notes"), [("", ()), ("read as light on dark", ("read as light on dark",))])
def test_what_was_noted_of_the_picture_is_noted_of_its_drawing(note: str, notes: tuple[str, ...]) -> None:
    picture = Picture(inked([[[10, 20], [50, 20]]], (60, 40)), 60, 40, note=note)
    assert drawing_of(picture).notes == notes


def test_a_stroke_has_the_pieces_of_its_chain_and_a_dot_has_one() -> None:
    wave = [[10 + 2 * i, 30 + 12 * math.sin(i / 2)] for i in range(60)]
    picture = Picture(inked([wave, [[120, 50], [120, 50]]], (140, 60)), 140, 60)
    line, dot = sorted(drawing_of(picture).strokes, key=lambda stroke: -len(stroke.points))
    chain, _ = sorted(trace(picture.ink), key=lambda chain: -len(chain.points))
    assert line.pieces == len(chain.widths) - 1 > 3
    assert dot.pieces == 1


def test_strokes_may_be_made_otherwise() -> None:
    picture = Picture(inked([[[10, 20], [50, 20]], [[30, 5], [30, 35]]], (60, 40)), 60, 40)
    asked: list[bool] = []

    def linker(graph: Graph, join: bool) -> Linked:
        asked.append(join)
        return by_hand(graph, False)

    assert len(drawing_of(picture, linker=linker).strokes) == 4
    assert asked == [True]


def test_strokes_of_a_large_picture_are_in_pixels_of_the_user() -> None:
    """A value of its ink covers three pixels by three."""
    ink = inked([[[10, 20], [50, 20]]], (60, 40), 4)
    (small,) = drawing_of(Picture(ink, 60, 40)).strokes
    large = drawing_of(Picture(ink, 179, 120, block=3))
    (stroke,) = large.strokes
    np.testing.assert_allclose(stroke.points, 3 * np.asarray(small.points), atol=1e-9)
    assert stroke.width == pytest.approx(3 * small.width)
    assert (large.width, large.height) == (179, 120)
