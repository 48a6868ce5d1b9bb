"""What SVGs of other programs draw."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from dood.drawing import Drawing, Stroke
from dood.errors import DoodError
from dood.evaluation.svg_lines import svg_lines

pytest.importorskip("svgpathtools", reason="reading SVG needs svgpathtools, the extra `eval`")


def read(inside: str, head: str = "") -> tuple[list[np.ndarray], list[float]]:
    return svg_lines(f'<svg xmlns="http://www.w3.org/2000/svg" {head}>{inside}</svg>', (100, 50))


def test_our_own_drawings_come_back_in_order() -> None:
    points = [[5, 5], [10, 30], [30, 40], [40, 20], [50, 0], [60, 20], [90, 45]]
    strokes = (Stroke(points, 3, pieces=2), Stroke([[80, 10]], 4), Stroke([[1, 2], [30, 2]], 2))
    lines, widths = svg_lines(Drawing(100, 50, strokes).to_svg(), (100, 50))
    assert widths == [3, 4, 2]
    dense = strokes[0].curve(3000)
    assert max(np.hypot(*(dense - point).T).min() for point in lines[0]) < 0.05
    assert np.hypot(*np.diff(lines[0], axis=0).T).sum() == pytest.approx(strokes[0].length, rel=1e-3)
    assert_allclose(lines[1], [[80, 10]] * 2)
    assert_allclose(lines[2], [[1, 2], [30, 2]])


def test_the_pen_lifted_within_a_path_makes_two_strokes() -> None:
    lines, _ = read('<path d="M0,0 C1,7 3,9 10,3 C12,1 15,1 20,0 M30,30 L40,40 Z"/>')
    assert [line[[0, -1]].tolist() for line in lines] == [[[0, 0], [20, 0]], [[30, 30], [30, 30]]]


def test_transforms_of_groups_and_the_view_count_for_widths_too() -> None:
    body = '<g transform="translate(10,0)" stroke-width="2"><path transform="scale(2)" d="M1,2 L3,4"/></g>'
    (line,), (width,) = read(body)
    assert_allclose(line, [[12, 4], [16, 8]])
    assert width == 4
    (line,), (width,) = read('<line x1="1" y1="2" x2="3" y2="4" style="stroke-width: 3px"/>', 'viewBox="0 0 10 5"')
    assert_allclose(line, [[10, 20], [30, 40]])
    assert width == pytest.approx(30)
    (line,), _ = read('<path d="M0,0 L5,5"/>', 'viewBox="0 0 10 10"')
    assert_allclose(line, [[25, 0], [50, 25]])


def test_polylines_arcs_and_what_is_not_seen() -> None:
    lines, widths = read(
        '<defs><path d="M0,0 L9,9"/></defs><polyline points="1,1 2,2 3,1"/><polygon points="1 1 2 2 3 1"/>'
        '<path d="M0,0 L1,1" display="none"/><path d="M10,10 A10,10 0 0 1 30,10"/><rect width="9" height="9"/>'
    )
    assert [len(line) for line in lines[:2]] == [3, 4]
    assert_allclose(np.hypot(*(lines[2] - [20, 10]).T), 10)
    assert lines[2][:, 1].min() == pytest.approx(0, abs=0.05)
    assert widths == [1, 1, 1]


@pytest.mark.parametrize("text", ["", "<svg", '<svg><path d="M nonsense"/></svg>', '<svg viewBox="a"/>'])
def test_what_is_no_svg_is_said(text: str) -> None:
    with pytest.raises(DoodError, match="no SVG"):
        svg_lines(text, (9, 9))
