"""Line charts: where the curves lie, which labels the axes have, and that the markup is sound."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dood.figures.charts import BOTTOM, DOTS, HEIGHT, LEFT, RIGHT, TICKS, TOP, WIDTH, Curve, Span, compact, line_chart

RISING = Curve("first", "r0", [(0.0, 1.0), (5.0, 2.0), (10.0, 3.0)])


def parsed(*curves: Curve) -> ElementTree.Element:
    return ElementTree.fromstring(line_chart(list(curves), "bound <nats>", "images"))


def lines(chart: ElementTree.Element) -> list[list[tuple[float, float]]]:
    """The visible lines, as pixels."""
    found = chart.findall(".//polyline[@class='line']")
    return [[(float(x), float(y)) for x, y in re.findall(r"(\S+),(\S+)", line.attrib["points"])] for line in found]


def labels(chart: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in chart.findall("text")]


def test_a_curve_goes_where_its_points_say() -> None:
    (line,) = lines(parsed(RISING))
    xs, ys = zip(*line, strict=True)
    assert xs == (LEFT, (LEFT + WIDTH - RIGHT) / 2, WIDTH - RIGHT)
    assert ys[0] > ys[1] > ys[2]
    assert ys[1] == pytest.approx((TOP + HEIGHT - BOTTOM) / 2, abs=0.1)
    assert all(TOP < y < HEIGHT - BOTTOM for y in ys)


def test_title_axes_and_names_are_told() -> None:
    chart = parsed(RISING, Curve("second & last", "r1", [(2.0, 2.0)]))
    assert {"bound <nats>", "images", "0", "2", "10", "1.5", "3"} <= set(labels(chart))
    titles = [title.text for title in chart.iter("title")]
    assert "first" in titles
    assert "second & last: 2 at 2" in titles
    assert [group.attrib["class"] for group in chart.iter("g")] == ["r0", "r1"]


def test_the_steep_start_does_not_flatten_the_rest() -> None:
    steep = Curve("steep", "r0", [(0.0, -1e6), *((float(x), 100.0 + x) for x in range(1, 10))])
    (line,) = lines(parsed(steep))
    assert line[0][1] > HEIGHT
    assert line[-1][1] < TOP + 20 < HEIGHT - BOTTOM - 40 < line[1][1] < HEIGHT
    assert all(TOP <= y <= HEIGHT - BOTTOM for _, y in line[2:])


def test_without_points_there_are_axes_still() -> None:
    chart = parsed(Curve("none yet", "r0", []))
    assert lines(chart) == []
    assert {"0", "1"} <= set(labels(chart))


@pytest.mark.parametrize("value", [0.0, 2.0, -3.0])
def test_a_level_curve_lies_in_the_middle(value: float) -> None:
    (line,) = lines(parsed(Curve("level", "r0", [(1.0, value), (2.0, value)])))
    assert [y for _, y in line] == pytest.approx([(TOP + HEIGHT - BOTTOM) / 2] * 2, abs=0.1)


def test_long_curves_have_few_dots_and_one_at_the_end() -> None:
    chart = parsed(Curve("long", "r0", [(float(x), float(x)) for x in range(1001)]))
    dots = list(chart.iter("circle"))
    assert DOTS / 2 < len(dots) <= DOTS
    assert float(dots[0].attrib["cx"]) == WIDTH - RIGHT
    assert len(lines(chart)[0]) == 1001


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.0415, "0.0415"),
        (7e3, "7000"),
        (1.25e4, "12.5k"),
        (1.2e6, "1.2M"),
        (-2e4, "-20k"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_labels_are_short(value: float, text: str) -> None:
    assert compact(value) == text


@given(st.floats(-1e7, 1e7), st.floats(1e-6, 1e7))
def test_ticks_are_round_few_and_inside(low: float, width: float) -> None:
    high = low + width
    if high - low < 1e-9 * abs(low) + 1e-9:
        return
    span = Span(low, high, 0, 100)
    ticks = span.ticks()
    assert 2 <= len(ticks) <= TICKS + 1
    assert all(-0.2 <= span.at(tick) <= 100.2 for tick in ticks)
    gap = ticks[1] - ticks[0]
    assert f"{gap:.0e}"[0] in "125"
