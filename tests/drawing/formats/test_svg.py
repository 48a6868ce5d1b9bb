"""The plain and the animated SVG."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import svgpathtools
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dood.drawing import Drawing, Stroke
from dood.drawing.formats.svg import to_animated_svg, to_svg
from tests.drawing.made import SVG, chains, stroke


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
