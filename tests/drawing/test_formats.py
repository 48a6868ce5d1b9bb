import copy
import io
import json
import math
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from xml.etree import ElementTree

import jsonschema
import numpy as np
import pytest
import svgpathtools
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageSequence

from dood.drawing import MAX_COORDINATE, MAX_PIECES, MAX_SIZE, MAX_STROKES, Drawing, Stroke
from dood.drawing.formats import FORMATS, save_drawing
from dood.drawing.formats.cubic import MOST, elevate, to_cubics
from dood.drawing.formats.gif import frames
from dood.drawing.formats.ink import ALL_CHORDS, Trace, chords_each, paint, trace
from dood.drawing.formats.json_format import schema
from dood.drawing.formats.png import to_png
from dood.drawing.formats.stroke3 import ALL_POINTS, to_stroke3
from dood.drawing.formats.svg import to_animated_svg, to_svg
from dood.drawing.formats.timing import timing
from dood.errors import DoodError

SVG = "{http://www.w3.org/2000/svg}"


def stroke(points: list, *widths: float) -> Stroke:
    return Stroke(points, widths or 2.0)


def controls(least: int = 1, most: int = 8, reach: float = 300) -> st.SearchStrategy[np.ndarray]:
    shapes = st.integers(least, most).map(lambda p: (p, 2))
    return shapes.flatmap(lambda shape: hnp.arrays(float, shape, elements=st.floats(-reach, reach)))


@st.composite
def chains(draw: st.DrawFn, reach: float = 300) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """Points, widths and the rest of a stroke of several pieces."""
    pieces, degree = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    points = draw(hnp.arrays(float, (pieces * degree + 1, 2), elements=st.floats(-reach, reach)))
    count = draw(st.sampled_from([1, pieces + 1, 2 * pieces + 1]))
    widths = draw(hnp.arrays(float, count, elements=st.floats(0.1, 50)))
    closed = draw(st.booleans()) and len(points) > 2
    if closed:
        points[-1] = points[0]
    colour = draw(st.sampled_from([None, "#000000", "#1a2b3c"]))
    return points, widths, {"pieces": pieces, "closed": closed, "colour": colour, "fill": draw(st.booleans())}


@st.composite
def drawings(draw: st.DrawFn, reach: float = MAX_COORDINATE) -> tuple[int, int, tuple[Stroke, ...]]:
    """What a Drawing is made of. Not itself, since checking its type takes random numbers, which strategies may not."""
    widths = hnp.arrays(float, st.integers(1, 4), elements=st.floats(0, MAX_SIZE, exclude_min=True))
    strokes = st.builds(Stroke, controls(reach=reach), widths)
    size = st.integers(1, MAX_SIZE)
    return draw(size), draw(size), tuple(draw(st.lists(strokes, max_size=4)))


@pytest.fixture
def drawing() -> Drawing:
    """A quartic with a swelling pen, a line, a dot and a five-point curve that is a dot all the same."""
    return Drawing(
        300,
        200,
        (
            stroke([[30, 150], [40, 10], [100, -10], [130, 100], [75, 180]], 7, 2, 12),
            stroke([[150, 40], [280, 120]], 5),
            stroke([[220, 40]], 12),
            stroke([[180, 160]] * 5, 8),
        ),
    )


EMPTY = Drawing(30, 20)


# Cubics


@given(controls(1, 4))
def test_low_degrees_become_cubics_exactly(points: np.ndarray) -> None:
    (cubic,) = to_cubics(points[None], 0.01)
    u = np.linspace(0, 1, 50)
    np.testing.assert_allclose(Stroke(cubic, 1).at(u), Stroke(points, 1).at(u), atol=1e-9)


@given(controls(1, 8), st.integers(0, 6))
def test_elevation_keeps_the_curve(points: np.ndarray, more: int) -> None:
    elevated = elevate(points, len(points) + more)
    assert len(elevated) == len(points) + more
    np.testing.assert_allclose(Stroke(elevated, 1).curve(50), Stroke(points, 1).curve(50), atol=1e-9)


@given(controls(5, 12), st.sampled_from([0.001, 0.05, 2.0, 50.0]))
@settings(max_examples=60)
def test_cubics_stay_within_the_tolerance(points: np.ndarray, tolerance: float) -> None:
    pieces = to_cubics(points[None], tolerance)
    curve = Stroke(points, 1)
    worst, end = 0.0, 0.0
    for piece, (low, high) in zip(pieces, _intervals(points, pieces), strict=True):
        assert low == end
        end = high
        apart = Stroke(piece, 1).curve(80) - curve.at(np.linspace(low, high, 80))
        worst = max(worst, np.hypot(*apart.T).max())
    assert end == 1
    assert worst <= tolerance + 1e-9


def _intervals(points: np.ndarray, pieces: np.ndarray) -> list[tuple[float, float]]:
    """Which parameters each piece stands for: the dyadic interval whose ends and start velocity agree."""
    found, low, degree = [], 0.0, len(points) - 1
    curve, velocity = Stroke(points, 1), Stroke(degree * np.diff(points, axis=0), 1)
    for piece in pieces:
        for depth in range(24):
            high = low + 0.5**depth
            ends = curve.at(np.array([low, high]))
            speed = velocity.at(np.array([low]))[0] * (high - low) / 3
            if high <= 1 and np.allclose([ends[0], ends[1], ends[0] + speed], piece[[0, 3, 1]], rtol=0, atol=1e-7):
                break
        else:
            pytest.fail(f"no part of the curve begins at {low} and is {piece}")
        found.append((low, high))
        low = high
    return found


def test_a_finer_tolerance_takes_more_pieces(drawing: Drawing) -> None:
    points = drawing.strokes[0].points
    counts = [len(to_cubics(points[None], tolerance)) for tolerance in (100.0, 0.1, 0.001)]
    assert counts[0] == 1
    assert counts[0] < counts[1] < counts[2] < 100


@pytest.mark.parametrize("tolerance", [0.0, -1.0, 1e-7, math.nan, math.inf])
def test_bad_tolerances_are_named(drawing: Drawing, tolerance: float) -> None:
    with pytest.raises(DoodError, match=f"tolerance {tolerance} is out of range: give at least 1e-06 pixels"):
        to_svg(drawing, tolerance)


# SVG


def _parsed(text: str, tmp_path: Path) -> tuple[list[Any], list[dict[str, str]], dict[str, str]]:
    path = tmp_path / "a.svg"
    path.write_text(text)
    return svgpathtools.svg2paths2(str(path))  # pyright: ignore[reportReturnType]


def test_svg_has_one_plain_path_per_stroke_in_order(drawing: Drawing, tmp_path: Path) -> None:
    paths, attributes, head = _parsed(to_svg(drawing), tmp_path)
    assert [one["id"] for one in attributes] == ["stroke-1", "stroke-2", "stroke-3", "stroke-4"]
    assert [one["stroke-width"] for one in attributes] == ["7", "5", "12", "8"]
    for one in attributes:
        assert (one["fill"], one["stroke-linecap"], one["stroke-linejoin"]) == ("none", "round", "round")
        assert "transform" not in one
    assert (head["width"], head["height"], head["viewBox"]) == ("300", "200", "0 0 300 200")
    assert all(path.iscontinuous() for path in paths)
    assert {child.tag for child in ElementTree.fromstring(to_svg(drawing))} == {
        f"{SVG}title",
        f"{SVG}desc",
        f"{SVG}path",
    }


@pytest.mark.parametrize("tolerance", [0.01, 0.5, 1e-5])
def test_svg_is_read_back_within_its_tolerance(drawing: Drawing, tmp_path: Path, tolerance: float) -> None:
    paths, _, _ = _parsed(to_svg(drawing, tolerance), tmp_path)
    for path, one in zip(paths, drawing.strokes, strict=True):
        curve = one.curve(20_001) @ [1, 1j]
        points = np.array([segment.point(u) for segment in path for u in np.linspace(0, 1, 21)])
        nearest = np.abs(points[:, None] - curve).min(1)
        assert nearest.max() <= tolerance + 1e-6 + one.length / 20_000
        assert abs(points[0] - curve[0]) <= tolerance
        assert abs(points[-1] - curve[-1]) <= tolerance
        assert path.length() == pytest.approx(one.length, abs=10 * tolerance + 1e-3)


def test_svg_of_a_dot_is_a_line_of_no_length(drawing: Drawing) -> None:
    paths = ElementTree.fromstring(to_svg(drawing)).findall(f"{SVG}path")
    assert [path.get("d") for path in paths[1:]] == ["M150,40 L280,120", "M220,40 L220,40", "M180,160 L180,160"]


def test_svg_numbers_have_no_exponent_and_no_width_vanishes() -> None:
    text = to_svg(Drawing(9, 9, (stroke([[-1e-9, 1e-7], [9_999_999, 0.125]], 1e-8), stroke([[1, 2]], 123_456.7))))
    assert 'd="M0,0 L9999999,0.125"' in text
    assert 'stroke-width="0.001"' in text
    assert 'stroke-width="123456.7"' in text


def test_animation_hides_each_stroke_until_its_turn(drawing: Drawing) -> None:
    root = ElementTree.fromstring(to_animated_svg(drawing))
    paths = root.findall(f"{SVG}path")
    animations = [{one.get("attributeName"): one for one in path} for path in paths]
    moved = [one.get("stroke-dashoffset") for one in animations]
    assert [one is not None for one in moved] == [True, True, False, False]
    assert [path.get("pathLength") for path in paths] == ["1", "1", None, None]
    begins = [_times(one["visibility"])[1] for one in animations]
    assert begins == sorted(begins)
    assert begins[0] > 0
    spans = []
    for begin, dash, one in zip(begins, moved, animations, strict=True):
        assert (one["visibility"].get("values"), one["visibility"].get("calcMode")) == ("hidden;visible", "discrete")
        if dash is not None:
            zero, start, end, last = _times(dash)
            assert (zero, start, last) == (0, begin, 1)
            assert dash.get("values") == "1;1;0;0"
            spans.append(end - start)
    first, second = drawing.strokes[:2]
    assert spans[0] / spans[1] == pytest.approx((first.length + 7) / (second.length + 5), rel=1e-3)
    assert begins[1] > begins[0] + spans[0]
    lasting = {one.get("dur") for animation in animations for one in animation.values() if one.tag == f"{SVG}animate"}
    assert len(lasting) == 1
    assert max(begins) < 0.9


def _times(element: ElementTree.Element) -> list[float]:
    return [float(time) for time in str(element.get("keyTimes")).split(";")]


def test_animation_is_the_plain_drawing_where_it_is_not_known(drawing: Drawing) -> None:
    root = ElementTree.fromstring(to_animated_svg(drawing))
    for path in root.findall(f"{SVG}path"):
        path[:] = []
        path.text = None
        path.attrib.pop("pathLength", None)
    assert _canonical(root) == _canonical(ElementTree.fromstring(to_svg(drawing)))


def _canonical(root: ElementTree.Element) -> str:
    return ElementTree.canonicalize(ElementTree.tostring(root), strip_text=True)


# Timing


@given(drawings())
def test_strokes_are_drawn_one_after_the_other(parts: tuple) -> None:
    drawing = Drawing(*parts)
    times = timing(drawing)
    assert len(times.starts) == len(times.ends) == len(drawing.strokes)
    assert (times.starts <= times.ends).all()
    assert (times.starts[1:] >= times.ends[:-1]).all()
    if drawing.strokes:
        assert times.starts[0] == pytest.approx(0, abs=1e-6)
        assert times.ends[-1] == times.seconds
        assert 0.999 < times.seconds < 10.001


def test_no_strokes_take_no_time() -> None:
    assert timing(EMPTY).seconds == 0


# JSON


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


def test_cubic_pieces_are_in_the_svg_as_they_are() -> None:
    points = [[0, 0], [1, 5], [4, 5], [5, 0], [6, -5], [9, -5], [10, 0]]
    one = Stroke(points, [2, 4, 2], pieces=2, colour="#1a2b3c")
    ring = Stroke([*points[:6], [0, 0]], 1, pieces=2, closed=True, fill=True)
    root = ElementTree.fromstring(to_svg(Drawing(20, 20, (one, ring))))
    first, second = root.findall(f"{SVG}path")
    assert first.get("d") == "M0,0 C1,5 4,5 5,0 C6,-5 9,-5 10,0"
    assert (first.get("stroke"), first.get("stroke-width"), first.get("class")) == ("#1a2b3c", "3", None)
    assert second.get("d") == "M0,0 C1,5 4,5 5,0 C6,-5 9,-5 0,0 Z"
    assert (second.get("stroke"), second.get("class")) == ("#000", "fill")


def test_pens_have_their_colours_in_png_and_gif() -> None:
    red, blue = ([[2, y], [28, y]] for y in (5, 15))
    drawing = Drawing(30, 20, (Stroke(red, 4, colour="#ff0000"), Stroke(blue, 4, colour="#0000ff")))
    assert [to_png(drawing).getpixel((15, y)) for y in (5, 10, 15)] == [(255, 0, 0), (255, 255, 255), (0, 0, 255)]
    last = frames(drawing)[0][-1]
    zoom = last.width / 30
    assert [last.getpixel((round(15 * zoom), round(y * zoom))) for y in (5, 15)] == [(255, 0, 0), (0, 0, 255)]


@given(chains(), st.sampled_from([1.0, 0.01]))
@settings(max_examples=40)
def test_chains_are_in_the_svg_within_the_tolerance(parts: tuple, tolerance: float) -> None:
    points, widths, rest = parts
    assume(len(np.unique(points.round(3), axis=0)) > 2)
    one = Stroke(points, widths, **rest)
    data = ElementTree.fromstring(to_svg(Drawing(300, 300, (one,)), tolerance)).findall(f"{SVG}path")[0].get("d")
    found = svgpathtools.parse_path(str(data).removesuffix(" Z"))
    assert len(found) >= one.pieces
    if len(found) == one.pieces:
        u = np.linspace(0, 1, 9)
        for segment, controls in zip(found, one.controls, strict=True):
            way = Stroke(controls, 1).at(u) @ [1, 1j]
            assert np.abs([segment.point(each) for each in u] - way).max() <= tolerance + 1e-6


def test_chords_painted_together_are_those_painted_alone() -> None:
    rng = np.random.default_rng(0)
    lines = [Trace(rng.uniform(-5, 45, (n, 2)), rng.uniform(0.3, 6, n)) for n in rng.integers(2, 9, 30)]
    together, alone = np.zeros((2, 40, 50), np.float32)
    paint(together, lines)
    for line in lines:
        for i in range(len(line.points) - 1):
            paint(alone, [Trace(line.points[i : i + 2], line.radii[i : i + 2])])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert 0.3 < together.mean() < 1


def test_many_wild_strokes_take_bounded_memory() -> None:
    wild = np.random.default_rng(0).uniform(-MAX_COORDINATE, MAX_COORDINATE, (600, 9, 2))
    drawing = Drawing(30, 30, tuple(Stroke(points, 1) for points in wild))
    assert len(to_stroke3(drawing).rows) < 1.1 * ALL_POINTS
    assert sum(len(trace(one, 1.0, most=chords_each(drawing)).points) - 1 for one in drawing.strokes) <= ALL_CHORDS


def test_wild_curves_of_high_degree_take_bounded_time() -> None:
    wild = np.random.default_rng(0).uniform(-MAX_COORDINATE, MAX_COORDINATE, (256, 2))
    assert len(to_cubics(wild[None], 0.01)) <= MOST


def test_a_drawing_of_thousands_of_pieces_is_whole_again() -> None:
    points = np.random.default_rng(0).uniform(0, 500, (3000, 31, 2))
    drawing = Drawing(500, 500, tuple(Stroke(each, 2, pieces=10) for each in points))
    assert Drawing.from_json(drawing.to_json()) == drawing
    assert to_svg(drawing).count("<path") == 3000


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


# Stroke-3


def _lines(rows: np.ndarray, offset: np.ndarray) -> list[np.ndarray]:
    """Absolute points of each stroke, as sketch-rnn reads them."""
    path = offset.astype(float) + rows[:, :2].astype(float).cumsum(0)
    return np.split(path, np.flatnonzero(rows[:, 2])[:-1] + 1)


def test_stroke3_walks_along_the_strokes(drawing: Drawing) -> None:
    rows, offset = to_stroke3(drawing)
    assert (rows.dtype, rows.ndim, rows.shape[1]) == (np.float32, 2, 3)
    assert set(rows[:, 2].tolist()) == {0, 1}
    assert rows[-1, 2] == 1
    assert rows[0, :2].tolist() == [0, 0]
    lines = _lines(rows, offset)
    assert len(lines) == len(drawing.strokes)
    for line, one in zip(lines, drawing.strokes, strict=True):
        curve = one.curve(20_001)
        assert max(np.hypot(*(curve - point).T).min() for point in line) < 0.02
        assert np.hypot(*(line[0] - one.points[0])) < 1e-3
        assert np.hypot(*(line[-1] - one.points[-1])) < 1e-3
        assert np.hypot(*np.diff(line, axis=0).T).max(initial=0) <= 1.51
    assert [len(line) for line in lines[2:]] == [1, 1]


@given(drawings(reach=1000), st.sampled_from([0.5, 20.0]))
@settings(max_examples=30)
def test_stroke3_ends_where_the_drawing_ends(parts: tuple, step: float) -> None:
    drawing = Drawing(*parts)
    assume(drawing.strokes)
    rows, offset = to_stroke3(drawing, step)
    assert int(rows[:, 2].sum()) == len(drawing.strokes)
    for line, one in zip(_lines(rows, offset), drawing.strokes, strict=True):
        np.testing.assert_allclose(line[-1], one.points[-1], atol=2e-3)


@pytest.mark.parametrize("step", [0.0, -1.0, math.nan, math.inf])
def test_bad_steps_are_named(step: float) -> None:
    with pytest.raises(DoodError, match=f"step {step} is out of range"):
        to_stroke3(EMPTY, step)


# PNG


def ink(image: Image.Image) -> np.ndarray:
    return 1 - np.asarray(image.convert("L"), float) / 255


def test_png_has_ink_along_the_curve_and_nowhere_else(drawing: Drawing) -> None:
    found = ink(to_png(drawing))
    assert found.shape == (200, 300)
    y, x = np.indices(found.shape) + 0.5
    gap = np.full(found.shape, np.inf)
    for one in drawing.strokes:
        for (px, py), width in zip(one.curve(600), one.width_at(600), strict=True):
            gap = np.minimum(gap, np.hypot(x - px, y - py) - width / 2)
    assert found[gap < -0.75].min() == 1
    assert found[gap > 0.75].max() == 0
    edge = np.abs(gap) < 0.4
    assert np.abs(found[edge] - np.clip(0.5 - gap[edge], 0, 1)).max() < 0.12


@pytest.mark.parametrize("width", [0.6, 1, 1.5, 4, 9.3])
@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_png_has_as_much_ink_as_the_pen_gives(width: float, scale: float) -> None:
    one = stroke([[10.3, 12.2], [70.1, 40.7]], width)
    found = ink(to_png(Drawing(80, 60, (one,)), scale)).sum() / scale**2
    assert found == pytest.approx(one.length * width + math.pi * width**2 / 4, rel=0.04)


def test_png_shows_pens_that_are_all_but_nothing() -> None:
    found = ink(to_png(Drawing(50, 50, (stroke([[5, 25.5], [45, 25.5]], 1e-6),))))
    assert found[25, 10:40].min() == pytest.approx(0.5, abs=0.01)


def test_png_of_a_pen_wider_than_the_picture_is_quick_and_black() -> None:
    wide = Drawing(1000, 1000, (stroke([[0, 0], [9e6, -9e6], [1000, 1000], [-9e6, 9e6], [0, 9]], MAX_SIZE, 1e5, 1e6),))
    assert ink(to_png(wide)).min() == 1


def test_png_clips_what_leaves_the_picture() -> None:
    far = Drawing(20, 20, (stroke([[-MAX_COORDINATE, 10], [MAX_COORDINATE, 10]], 4), stroke([[1e6, 1e6]], 9)))
    found = ink(to_png(far))
    assert found[8:12].min() == 1
    assert found[:7].max() == found[13:].max() == 0


@pytest.mark.parametrize(
    ("width", "height", "scale", "size"),
    [(30, 20, 2.5, (75, 50)), (30, 20, 1e9, (4096, 2731)), (1, MAX_SIZE, 1.0, (1, 4096)), (30, 20, 1e-9, (1, 1))],
)
def test_png_sizes_are_bounded(width: int, height: int, scale: float, size: tuple[int, int]) -> None:
    assert to_png(Drawing(width, height), scale).size == size


def test_png_colours() -> None:
    image = to_png(Drawing(20, 20, (stroke([[10, 10]], 8),)), ink="#ff0000", paper="navy")
    assert image.mode == "RGB"
    assert image.getpixel((10, 10)) == (255, 0, 0)
    assert image.getpixel((0, 0)) == (0, 0, 128)


def test_bad_options_of_png_are_named() -> None:
    for scale in (0.0, -2.0, math.nan, math.inf):
        with pytest.raises(DoodError, match=f"scale {scale} is out of range"):
            to_png(EMPTY, scale)
    with pytest.raises(DoodError, match="colour 'blak' is unknown"):
        to_png(EMPTY, ink="blak")


# GIF


def _gif(drawing: Drawing) -> Image.Image:
    with TemporaryFile() as file:
        FORMATS["gif"].write(drawing, file)
        file.seek(0)
        return Image.open(io.BytesIO(file.read()))


def test_gif_grows_frame_by_frame_and_holds_the_whole(drawing: Drawing) -> None:
    image = _gif(drawing)
    assert image.format == "GIF"
    assert image.info["loop"] == 0
    assert 24 <= getattr(image, "n_frames", 1) <= 60
    shown = [(ink(frame), frame.info["duration"]) for frame in ImageSequence.Iterator(image)]
    for (before, _), (after, _) in pairwise(shown):
        assert (after >= before).all()
        assert after.sum() > before.sum()
    assert 0 < shown[0][0].sum() < 0.2 * shown[-1][0].sum()
    assert shown[-1][1] >= 1500
    assert all(20 <= duration < 300 for _, duration in shown[:-1])
    assert np.abs(shown[-1][0] - ink(to_png(drawing))).max() < 0.05


def test_gif_draws_in_order() -> None:
    across = [stroke([[20, y], [280, y]], 6) for y in (30, 100, 170)]
    images, _ = frames(Drawing(300, 200, (across[2], across[0], across[1])))
    first = [next(i for i, image in enumerate(images) if ink(image)[y].max() > 0.9) for y in (170, 30, 100)]
    assert first == sorted(set(first))
    left = [next(i for i, image in enumerate(images) if ink(image)[170, x] > 0.9) for x in (30, 150, 270)]
    assert left == sorted(set(left))
    assert left[-1] < first[1]


@pytest.mark.parametrize(
    ("size", "expected"),
    [((28, 28), (256, 256)), ((300, 200), (300, 200)), ((3000, 1500), (512, 256)), ((MAX_SIZE, 1), (512, 1))],
)
def test_gif_sizes(size: tuple[int, int], expected: tuple[int, int]) -> None:
    image = _gif(Drawing(*size, (stroke([[0, 0], list(size)], 1),)))
    assert image.size == expected
    assert max(ink(frame).max() for frame in ImageSequence.Iterator(image)) > 0.55


def test_gif_of_many_strokes_has_few_frames() -> None:
    many = Drawing(100, 100, tuple(stroke([[x, 5], [x, 95]], 0.3) for x in np.linspace(2, 98, 150)))
    images, durations = frames(many)
    assert len(images) == len(durations) == 60
    assert sum(durations) == pytest.approx(11_500, abs=400)


# All of them


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_saved_by_name_and_by_ending(drawing: Drawing, tmp_path: Path, name: str) -> None:
    path = save_drawing(drawing, tmp_path / "scan.v2", name)
    assert path == tmp_path / f"scan.v2{FORMATS[name].suffix}"
    again = drawing.save(str(tmp_path / f"B{FORMATS[name].suffix.upper()}"))
    assert again.read_bytes() == path.read_bytes()
    assert sorted(tmp_path.iterdir()) == sorted([path, again])


def _read(name: str, path: Path) -> Any:
    if name.endswith("svg"):
        return ElementTree.parse(path).findall(f"{SVG}path")
    if name == "json":
        return list(Drawing.load(path).strokes)
    if name == "npz":
        with np.load(path) as arrays:
            assert set(arrays) == {"stroke3", "offset", "width", "height"}
            assert (int(arrays["width"]), int(arrays["height"])) == (30, 20)
            return list(arrays["stroke3"])
    with Image.open(path) as image:
        return list(np.flatnonzero(ink(image)))


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_drawing_is_an_empty_file_of_its_format(tmp_path: Path, name: str) -> None:
    assert _read(name, save_drawing(EMPTY, tmp_path / "a", name)) == []
    full = Drawing(30, 20, (stroke([[15, 10]], 4),))
    assert _read(name, save_drawing(full, tmp_path / "a", name)) != []


@given(drawings(reach=100))
@settings(max_examples=10)
def test_every_format_takes_every_drawing(parts: tuple) -> None:
    drawing = Drawing(*parts)
    small = Drawing(min(drawing.width, 300), min(drawing.height, 300), drawing.strokes)
    for one in FORMATS.values():
        with TemporaryFile() as file:
            one.write(small, file)
            assert file.tell() > 0


def test_formats_are_described() -> None:
    assert set(FORMATS) == {"svg", "json", "gif", "png", "npz", "animated-svg"}
    assert all(name == one.name and one.description for name, one in FORMATS.items())
    assert len({one.suffix for one in FORMATS.values()}) == len(FORMATS)


def test_what_cannot_be_saved_is_named(drawing: Drawing, tmp_path: Path) -> None:
    with pytest.raises(DoodError, match="unknown format 'jpg': choose from svg, json, gif, png, npz, animated-svg"):
        save_drawing(drawing, tmp_path / "a", "jpg")
    with pytest.raises(DoodError, match=r"a\.bmp has no ending of a known format: use \.svg, \.json,"):
        drawing.save(tmp_path / "a.bmp")
    with pytest.raises(DoodError, match="cannot write"):
        drawing.save(tmp_path / "missing" / "a.svg")
    assert list(tmp_path.iterdir()) == []
