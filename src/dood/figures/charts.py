"""Line charts as SVG, to stand inside a page: curves over one another, axes, and a title under the pointer."""

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

__all__ = ["Curve", "line_chart"]

WIDTH, HEIGHT = 440, 270
"""Of a chart, in the units of its view box; it takes the width that the page gives it."""

LEFT, RIGHT, TOP, BOTTOM = 62, 14, 30, 44
"""Margins that hold the labels, in the same units."""

SKIPPED = 0.2
"""Share of a curve's points, from its start, that need not fit in the picture: curves fall steeply at first."""

HEADROOM = 0.06
"""Space above and below the curves, as a share of what they span."""

TICKS = 8
"""Labels on an axis, at most."""
DOTS = 60
"""Points of a curve that are marked and have titles, at most."""

Point = tuple[float, float]


class Curve(NamedTuple):
    """A line through points (x, y) with x from 0 up, called `name`; the page styles it by the class `kind`."""

    name: str
    kind: str
    points: Sequence[Point]


class Span(NamedTuple):
    """A range of values and the pixels that its ends lie at."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value, to a tenth."""
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Round values within the span: multiples of 1, 2 or 5 times a power of ten."""
        rough = (self.high - self.low) / TICKS
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough * (1 - 1e-9))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [index * step for index in range(first, last + 1)]


def line_chart(curves: Sequence[Curve], title: str, across: str) -> str:
    """An `<svg>` of the curves, with axes that fit all but their first fifth; what lies outside is cut off.

    The text has the class `label`, the grid `grid`; each curve is a `<g>` of its own class, drawn in `var(--ink)`.

    Arguments:
        title: what goes up, above the picture.
        across: what goes right, below it.
    """
    xs = [x for curve in curves for x, _ in curve.points]
    ys = [y for curve in curves for _, y in curve.points[int(len(curve.points) * SKIPPED) :]]
    x_span = Span(0.0, max(xs, default=0.0) or 1.0, LEFT, WIDTH - RIGHT)
    y_span = Span(*_roomy(ys), HEIGHT - BOTTOM, TOP)
    inside = f"{LEFT} {TOP - 4} {WIDTH - RIGHT - LEFT + 6} {HEIGHT - BOTTOM - TOP + 8}"
    left, top, width, height = inside.split()
    return "\n".join(
        [
            f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">',
            *_axes(x_span, y_span, title, across),
            # A nested svg cuts off what leaves it, without an id that must be unique on the page.
            f'<svg x="{left}" y="{top}" width="{width}" height="{height}" viewBox="{inside}">',
            *(_curve(curve, x_span, y_span) for curve in curves if curve.points),
            "</svg>",
            "</svg>",
        ]
    )


def compact(value: float) -> str:
    """A tick's label: 1,200,000 is 1.2M."""
    for unit, size in (("M", 1e6), ("k", 1e4)):
        if abs(value) >= size:
            return f"{value / (1e3 if unit == 'k' else size):.6g}{unit}"
    return f"{value:.6g}"


def _roomy(values: Sequence[float]) -> tuple[float, float]:
    """What an axis runs from and to, so that the values have space around them."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low) * HEADROOM or abs(high) * HEADROOM or 1.0
    return low - room, high + room


def _axes(x_span: Span, y_span: Span, title: str, across: str) -> list[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    lines = [
        f'<text class="label strong" x="0" y="14">{escape(title)}</text>',
        f'<text class="label" x="{(LEFT + right) / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(across)}</text>',
    ]
    for tick in y_span.ticks():
        y = y_span.at(tick)
        lines.append(f'<path class="grid" d="M{LEFT} {y}H{right}"/>')
        lines.append(f'<text class="label" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{compact(tick)}</text>')
    for tick in x_span.ticks():
        x = x_span.at(tick)
        lines.append(f'<path class="grid" d="M{x} {bottom}v5"/>')
        lines.append(f'<text class="label" x="{x}" y="{bottom + 20}" text-anchor="middle">{compact(tick)}</text>')
    return [*lines, f'<path class="grid" d="M{LEFT} {bottom}H{right}"/>']


def _curve(curve: Curve, x_span: Span, y_span: Span) -> str:
    """The line; a wide one that nobody sees, to find it with the pointer; and dots that tell their values."""
    places = [(x_span.at(x), y_span.at(y)) for x, y in curve.points]
    line = " ".join(f"{x},{y}" for x, y in places)
    every = math.ceil(len(places) / DOTS)
    dots = [
        f'<circle cx="{place[0]}" cy="{place[1]}" r="2.5"><title>{escape(_told(curve.name, point))}</title></circle>'
        for place, point in list(zip(places, curve.points, strict=True))[::-every]
    ]
    return (
        f'<g class="{escape(curve.kind)}"><title>{escape(curve.name)}</title>'
        f'<polyline class="reach" points="{line}"/><polyline class="line" points="{line}"/>{"".join(dots)}</g>'
    )


def _told(name: str, point: Point) -> str:
    return f"{name}: {point[1]:.5g} at {point[0]:,.6g}"
