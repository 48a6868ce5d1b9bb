"""The JSON format: lossless, described by its schema, refused by place."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dood.drawing import MAX_COORDINATE, MAX_PIECES, MAX_SIZE, MAX_STROKES, Drawing, Stroke
from dood.drawing.formats.json_format import schema
from dood.errors import DoodError
from tests.drawing.made import chains, drawings, stroke


@given(drawings())
def test_json_keeps_every_bit(parts: tuple) -> None:
    drawing = Drawing(*parts)
    again = Drawing.from_json(drawing.to_json())
    assert (again.width, again.height, len(again.strokes)) == (drawing.width, drawing.height, len(drawing.strokes))
    for one, other in zip(drawing.strokes, again.strokes, strict=True):
        assert one.points.tobytes() == other.points.tobytes()
        assert one.widths.tobytes() == other.widths.tobytes()
    assert again.to_json() == drawing.to_json()


@given(drawings())
@settings(max_examples=30)
def test_json_meets_its_schema(parts: tuple) -> None:
    drawing = Drawing(*parts)
    jsonschema.validate(json.loads(drawing.to_json()), schema())


def test_the_schema_is_sound_and_has_the_limits_of_the_code() -> None:
    found = schema()
    jsonschema.Draft202012Validator.check_schema(found)
    defined = found["$defs"]
    assert defined["size"]["maximum"] == defined["pen"]["maximum"] == MAX_SIZE
    assert defined["point"]["items"]["maximum"] == -defined["point"]["items"]["minimum"] == MAX_COORDINATE
    assert defined["stroke"]["properties"]["pieces"]["maximum"] == MAX_PIECES
    assert found["properties"]["strokes"]["maxItems"] == MAX_STROKES


@given(st.lists(chains(), max_size=3), st.sampled_from([None, 0.0, 0.25]), st.sampled_from([(), ("three pages",)]))
@settings(max_examples=60)
def test_composite_strokes_go_through_json_without_loss(parts: list, share: float | None, notes: tuple) -> None:
    strokes = tuple(Stroke(points, widths, **rest) for points, widths, rest in parts)
    drawing = Drawing(30, 20, strokes, missed=share, spurious=share, notes=notes)
    assert Drawing.from_json(drawing.to_json()) == drawing
    jsonschema.validate(json.loads(drawing.to_json()), schema())


VALID = {
    "format": "dood-drawing",
    "version": 1,
    "width": 28,
    "height": 20,
    "strokes": [
        {"points": [[1, 2], [3, 4.5]], "width": 2},
        {"points": [[1, 2]], "width": 2, "widths": [1, 3]},
    ],
}


def test_json_by_hand() -> None:
    more = VALID | {"title": "unknown members are ignored", "width": 28.0}
    drawing = Drawing.from_json(json.dumps(more))
    assert drawing == Drawing(28, 20, (stroke([[1, 2], [3, 4.5]], 2), stroke([[1, 2]], 1, 3)))
    jsonschema.validate(more, schema())


BROKEN = [
    ("format", "svg", 'format is "svg": give "dood-drawing"'),
    ("format", None, "format is missing"),
    ("version", 3, "version is 3: give 1 or 2"),
    ("version", True, "version is true: give 1"),
    ("version", "1", 'version is "1": give 1'),
    ("width", 0, "width is 0: give a whole number from 1 to 1000000"),
    ("width", 2.5, "width is 2.5: give a whole number"),
    ("width", True, "width is true: give a whole number"),
    ("height", 10**30, "height is 1000000000000000000000000000000: give"),
    ("height", None, "height is missing"),
    ("strokes", None, "strokes is missing"),
    ("strokes", {"a": 1}, 'strokes is {"a": 1}: give a list'),
    ("strokes.0", [1], r"strokes[0] is [1]: give an object"),
    ("strokes.1.points", None, "strokes[1].points is missing"),
    ("strokes.1.points", [], "strokes[1].points has 0 items: give 1 to 256"),
    ("strokes.0.pieces", 0, "strokes[0].pieces is 0: give a whole number from 1 to 100000"),
    ("strokes.0.closed", 1, "strokes[0].closed is 1: give true or false"),
    ("strokes.0.fill", "no", 'strokes[0].fill is "no": give true or false'),
    ("strokes.0.colour", "red", "strokes[0]: colour 'red' is unknown: give #rrggbb"),
    ("missed", 1.5, "missed is 1.5: give a number from 0 to 1"),
    ("notes", ["a", 3], "notes[1] is 3: give a text"),
    ("strokes.0.points.1", 7, "strokes[0].points[1] is 7: give a list"),
    ("strokes.0.points.1", [1, 2, 3], "strokes[0].points[1] has 3 items: give 2"),
    ("strokes.0.points.1.0", "3", 'strokes[0].points[1][0] is "3": give a number from -10000000 to 10000000'),
    ("strokes.0.points.1.1", 1e8, "strokes[0].points[1][1] is 100000000.0: give a number"),
    ("strokes.0.points.1.1", False, "strokes[0].points[1][1] is false: give a number"),
    ("strokes.0.width", None, "strokes[0].width is missing"),
    ("strokes.0.width", 0, "strokes[0].width is 0: give more than 0"),
    ("strokes.0.width", -1, "strokes[0].width is -1: give a number from 0 to 1000000"),
    ("strokes.1.widths", [], "strokes[1].widths has 0 items: give 1 to 256"),
    ("strokes.1.widths.1", [], "strokes[1].widths[1] is []: give a number"),
    ("strokes.0.points", "x" * 99, 'strokes[0].points is "' + "x" * 56 + "...: give a list"),
]


@pytest.mark.parametrize(("place", "value", "message"), BROKEN)
def test_broken_json_is_refused_by_place_and_by_the_schema(place: str, value: Any, message: str) -> None:
    broken = copy.deepcopy(VALID)
    *way, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    inside: Any = broken
    for part in way:
        inside = inside[part]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    with pytest.raises(DoodError) as caught:
        Drawing.from_json(json.dumps(broken))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema())


def test_width_is_the_mean_of_widths() -> None:
    broken = copy.deepcopy(VALID)
    broken["strokes"][1]["width"] = 2.1
    with pytest.raises(
        DoodError, match=r"^strokes\[1\].width is 2.1: give the mean of widths, 2.0, or leave widths out$"
    ):
        Drawing.from_json(json.dumps(broken))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no JSON: Expecting value"),
        ("{", "no JSON: Expecting property name"),
        ("[]", r"the document is \[\]: give an object"),
        ("NaN", "no JSON: NaN is no number of JSON"),
        ('{"width": -Infinity}', "no JSON: -Infinity is no number"),
        ("[" * 200_000, "nested too deeply"),
        ("9" * 5000, "no JSON: Exceeds the limit"),
        (json.dumps(VALID).replace("4.5", "1e999"), r"strokes\[0\].points\[1\]\[1\] is Infinity"),
    ],
)
def test_what_is_no_json_of_a_drawing(text: str, message: str) -> None:
    with pytest.raises(DoodError, match=message):
        Drawing.from_json(text)


def test_loading_names_the_file(tmp_path: Path, drawing: Drawing) -> None:
    path = tmp_path / "a.json"
    with pytest.raises(DoodError, match=r"cannot read .*a\.json: No such file"):
        Drawing.load(path)
    path.write_bytes(b'{"format": "\xff"}')
    with pytest.raises(DoodError, match=r"a\.json: no JSON: byte 12 is not UTF-8"):
        Drawing.load(path)
    path.write_text("{}")
    with pytest.raises(DoodError, match=r"a\.json: format is missing"):
        Drawing.load(str(path))
    path.write_bytes(b"\xef\xbb\xbf" + drawing.to_json().encode())
    assert Drawing.load(path) == drawing
