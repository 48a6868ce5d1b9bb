"""What models make of a person's strokes, in the page's own form."""

import json
import sys
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from dood.drawing.formats.json_format import from_plain
from dood.errors import DoodError
from dood.studio import modelling, work

LINE = [[200.0, 460.0], [300.0, 100.0]]
ASKED = {"width": 560, "height": 560, "pen": 8, "strokes": [LINE], "model": "mnist", "temperature": 0.6, "seed": 1}


def ask(verb: str, **changed: Any) -> Any:
    return work.modelled(verb, json.dumps(ASKED | changed))


def drawn(*strokes: list[list[float]]) -> dict[str, Any]:
    return {"width": 560, "height": 560, "pen": 14, "strokes": strokes}


def test_the_models_are_named_the_general_one_first() -> None:
    found = work.models(load=False)
    assert found["names"][0] == "all"
    assert "mnist" in found["names"]
    assert found["lack"] == ""


def test_a_drawing_goes_on_in_eight_ways_without_what_was_given() -> None:
    ways = ask("continue")
    assert len(ways) == 8
    assert any(ways)
    for stroke in (stroke for way in ways for stroke in way):
        points = np.array(stroke["points"])
        assert np.hypot(*(points.mean(0) - np.mean(LINE, 0))) < 560
        assert stroke["width"] < 20, "about as fine as the person's pen"


def test_it_is_drawn_again_nine_times_where_it_was_stroke_for_stroke() -> None:
    bent = [[400.0, 100.0], [450.0, 300.0], [380.0, 460.0]]
    drawings = [from_plain(plain) for plain in ask("again", temperature=0.2, strokes=[LINE, bent, [[10, 10]]])]
    assert len(drawings) == 9
    for drawing in drawings:
        assert (drawing.width, drawing.height) == (560, 560)
        assert [len(stroke.points) for stroke in drawing.strokes] == [2, 3, 1]
        assert drawing.strokes[0].points == pytest.approx(np.array(LINE[::1]), abs=60)
        assert drawing.strokes[0].width == pytest.approx(8, rel=0.3)
    assert len({drawing.strokes for drawing in drawings}) == 9


def test_drawings_are_invented_by_seed() -> None:
    asked = {"count": 3, "model": "mnist", "temperature": 1, "seed": 5}
    first, again = (work.modelled("invent", json.dumps(asked)) for _ in range(2))
    assert len(first) == 3
    assert first == again


def test_a_query_is_of_the_class_that_looks_like_it() -> None:
    circle = [[280 + 150 * np.cos(t), 280 + 150 * np.sin(t)] for t in np.linspace(0, 6.28, 40)]
    cross = ([[150.0, 150.0], [400.0, 400.0]], [[400.0, 150.0], [150.0, 400.0]])
    query = ([[140.0, 160.0], [410.0, 390.0]], [[390.0, 140.0], [160.0, 410.0]])
    asked = {"model": "omniglot", "drawings": [drawn(circle), drawn(*cross), drawn(*query)]}
    answer = work.modelled("which", json.dumps(asked))
    assert sum(answer["probabilities"]) == pytest.approx(1)
    assert answer["probabilities"][1] > 0.8
    assert answer["known"] > 0.5
    assert not answer["none"]


@pytest.mark.parametrize(
    ("verb", "text", "words"),
    [
        ("dance", "{}", "use continue, again"),
        ("continue", "{", "no JSON"),
        ("continue", json.dumps(ASKED | {"model": "../all"}), "no model"),
        ("continue", json.dumps(ASKED | {"temperature": 3}), "temperature"),
        ("again", json.dumps(ASKED | {"strokes": []}), "draw at least one"),
        ("invent", json.dumps(ASKED | {"count": 1000}), "count"),
        ("which", json.dumps({"model": "all", "drawings": []}), "two examples"),
        ("which", "[]", "no JSON object"),
    ],
)
def test_what_is_wrong_is_said(verb: str, text: str, words: str) -> None:
    with pytest.raises(DoodError, match=words):
        work.modelled(verb, text)


def test_without_torch_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modelling, "find_spec", lambda name: None)
    assert "pip install 'dood[torch]'" in work.models(load=True)["lack"]
    monkeypatch.setitem(sys.modules, "dood.tasks.oneshot", None)
    monkeypatch.setattr(modelling, "lacks_torch", lambda error: True)
    with pytest.raises(DoodError, match="need torch: pip install"):
        work.modelled("which", json.dumps({"model": "all", "drawings": [drawn(LINE)] * 3}))
    assert len(ask("again")) == 9
    assert len(ask("continue")) == 8
