"""What a drawing keeps of its picture."""

import pytest

from dood.pictures import Picture
from dood.tracing.drawings import drawing_of
from dood.tracing.graph import Graph
from dood.tracing.linking import Linked, by_hand
from tests.tracing.inked import inked


@pytest.mark.parametrize(("note", "notes"), [("", ()), ("read as light on dark", ("read as light on dark",))])
def test_what_was_noted_of_the_picture_is_noted_of_its_drawing(note: str, notes: tuple[str, ...]) -> None:
    picture = Picture(inked([[[10, 20], [50, 20]]], (60, 40)), 60, 40, note=note)
    assert drawing_of(picture).notes == notes


def test_strokes_may_be_made_otherwise() -> None:
    picture = Picture(inked([[[10, 20], [50, 20]], [[30, 5], [30, 35]]], (60, 40)), 60, 40)
    asked: list[bool] = []

    def linker(graph: Graph, join: bool) -> Linked:
        asked.append(join)
        return by_hand(graph, False)

    assert len(drawing_of(picture, linker=linker).strokes) == 4
    assert asked == [True]
