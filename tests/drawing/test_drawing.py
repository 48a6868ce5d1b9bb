import copy
import math
from dataclasses import FrozenInstanceError
from typing import Any

import jaxtyping
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dood.drawing import MAX_CONTROLS, MAX_COORDINATE, MAX_SIZE, MAX_STROKES, Drawing, Stroke, bernstein
from dood.errors import DoodError


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in use, where nothing but the library itself checks types."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)


def stroke(points: list, widths: list | None = None) -> Stroke:
    return Stroke(points, widths or 2.0)


def controls(least: int = 1, most: int = 9) -> st.SearchStrategy[np.ndarray]:
    shapes = st.integers(least, most).map(lambda p: (p, 2))
    return shapes.flatmap(lambda shape: hnp.arrays(float, shape, elements=st.floats(-1000, 1000)))


def casteljau(points: np.ndarray, u: float) -> np.ndarray:
    while len(points) > 1:
        points = (1 - u) * points[:-1] + u * points[1:]
    return points[0]


@given(controls(), st.floats(0, 1))
def test_the_curve_is_de_casteljaus(points: np.ndarray, u: float) -> None:
    found = Stroke(points, 1).at(np.array([u]))
    np.testing.assert_allclose(found, [casteljau(points, u)], atol=1e-9)


@pytest.mark.parametrize("count", [1, 2, 5, MAX_CONTROLS])
def test_the_basis_adds_up_to_one(count: int) -> None:
    basis = bernstein(count, np.linspace(0, 1, 50))
    assert basis.shape == (50, count)
    assert basis.min() >= 0
    np.testing.assert_allclose(basis.sum(1), 1, rtol=1e-11)


def test_samples_run_from_the_first_point_to_the_last() -> None:
    one = stroke([[0, 0], [5, 9], [10, 0]], [1, 4])
    np.testing.assert_allclose(one.curve(3), [[0, 0], [5, 4.5], [10, 0]])
    np.testing.assert_allclose(one.width_at(3), [1, 2.5, 4])
    assert one.degree == 2
    assert one.curve(1).tolist() == [[0, 0]]


@given(hnp.arrays(float, st.integers(1, 6), elements=st.floats(0.1, 50)))
def test_width_is_the_mean_of_the_width_along_the_stroke(widths: np.ndarray) -> None:
    one = Stroke(np.zeros((2, 2)), widths)
    nodes, weights = np.polynomial.legendre.leggauss(6)
    assert one.width == pytest.approx(bernstein(len(widths), (nodes + 1) / 2) @ widths @ weights / 2)


def test_length() -> None:
    assert stroke([[3, 3]]).length == 0
    # Half the integral of sqrt(16 + v^2) for v from 2 to 4.
    parabola = (2 * math.sqrt(32) + 8 * math.asinh(1) - math.sqrt(20) - 8 * math.asinh(0.5)) / 2
    assert stroke([[0, 0], [1, 2], [3, 4]]).length == pytest.approx(parabola, rel=1e-6)
    assert stroke([[0, 0], [0, 0], [30, 40]]).length == pytest.approx(50)
    # There and back again: y = 18 u (1 - u) is at most 4.5.
    assert stroke([[0, 0], [0, 9], [0, 0]]).length == pytest.approx(9, rel=1e-5)


def test_even_samples_are_evenly_spaced() -> None:
    one = stroke([[0, 0], [1, 0], [2, 0], [150, 60], [200, 0]])
    points = one.even(2.0)
    gaps = np.hypot(*np.diff(points, axis=0).T)
    assert points[0].tolist() == [0, 0]
    np.testing.assert_allclose(points[-1], [200, 0])
    assert 1.9 < gaps.min() <= gaps.max() < 2.01


def test_even_samples_of_what_has_no_length_and_of_what_has_much() -> None:
    assert stroke([[3, 4]]).even(1.0).tolist() == [[3, 4]]
    assert stroke([[3, 4]] * 5).even(1.0).tolist() == [[3, 4]]
    assert len(stroke([[0, 0], [MAX_COORDINATE, 0]]).even(1e-3)) == 16_384


def test_values_are_copied_and_read_only() -> None:
    points = np.zeros((5, 2), np.float32)
    one = Stroke(points, 1)
    points += 1
    assert one.points.dtype == np.float64
    assert one.points.max() == 0
    for array in (one.points, one.widths):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 3
    with pytest.raises(FrozenInstanceError):
        one.points = points  # pyright: ignore[reportAttributeAccessIssue]


def test_equality_is_by_value() -> None:
    one, same = stroke([[0, 0], [1, 2]], [1, 2]), stroke([[-0.0, 0], [1, 2]], [1, 2])
    assert one == same == copy.deepcopy(one)
    assert hash(one) == hash(same)
    assert one != stroke([[0, 0], [1, 2]], [1, 3])
    assert one != stroke([[0, 0], [1, 3]], [1, 2])
    assert one != stroke([[0, 0]], [1, 2])
    assert one != "stroke"
    assert Drawing(3, 4, (one,)) == Drawing(3, 4, (same,))
    assert len({Drawing(3, 4, (one,)), Drawing(3, 4, (same,)), Drawing(3, 4), Drawing(4, 3)}) == 3


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (np.zeros((0, 2)), r"shape \(0, 2\): give \[p, 2\] with p of at least 1"),
        (np.zeros((MAX_CONTROLS + 1, 2)), "257 control points for 1 pieces: give at most 256 a piece"),
        (np.zeros((5, 3)), r"shape \(5, 3\)"),
        (np.zeros(2), r"shape \(2,\)"),
        (np.array([[0, 0], [math.nan, 3]]), r"control point 1 is \(nan, 3.0\): give finite"),
        (np.array([[0, -math.inf]]), r"control point 0 is \(0.0, -inf\)"),
        (np.array([[0, 2.0 * MAX_COORDINATE]]), r"at most 10000000 pixels"),
    ],
)
def test_bad_points_are_named(points: np.ndarray, message: str) -> None:
    with pytest.raises(DoodError, match=message):
        Stroke(points, np.ones(1))


@pytest.mark.parametrize(
    ("widths", "message"),
    [
        (np.ones(0), r"pen widths have shape \(0,\)"),
        (np.ones((1, 1)), r"shape \(1, 1\)"),
        (np.ones(MAX_CONTROLS + 1), "257 pen widths for 1 pieces: give at most 256 a piece"),
        (np.array([1, 0.0]), "pen width 1 is 0.0: give more than 0"),
        (np.array([-2.5]), r"pen width 0 is -2.5"),
        (np.array([math.nan]), r"pen width 0 is nan"),
        (np.array([2.0 * MAX_SIZE]), r"at most 1000000"),
    ],
)
def test_bad_widths_are_named(widths: np.ndarray, message: str) -> None:
    with pytest.raises(DoodError, match=message):
        Stroke(np.zeros((1, 2)), widths)


TWO = [[0, 0], [1, 5], [4, 5], [5, 0], [6, -5], [9, -5], [10, 0]]


def test_pieces_share_the_parameter_evenly() -> None:
    one = Stroke(TWO, [1, 3, 2], pieces=2)
    first, second = (Stroke(TWO[at : at + 4], 1) for at in (0, 3))
    assert (one.degree, one.controls.shape) == (3, (2, 4, 2))
    np.testing.assert_allclose(one.curve(9), [*first.curve(5), *second.curve(5)[1:]], atol=1e-12)
    np.testing.assert_allclose(one.width_at(5), [1, 2, 3, 2.5, 2])
    assert one.width == pytest.approx(2.25)
    assert one.length == pytest.approx(first.length + second.length, rel=1e-4)


def test_corners_are_where_the_pen_turned() -> None:
    smooth = Stroke(TWO, 1, pieces=2)
    turned = Stroke([*TWO[:4], [6, 5], *TWO[5:]], 1, pieces=2)
    assert smooth.corners.tolist() == [False, False, False]
    assert turned.corners.tolist() == [False, True, False]
    square = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]
    assert Stroke(square, 1, pieces=4, closed=True).corners.tolist() == [True] * 5
    assert Stroke(square, 1, pieces=4).corners.tolist() == [False, True, True, True, False]
    assert Stroke([[3, 3]], 1).corners.tolist() == [False, False]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pieces": 3}, "7 control points do not make 3 pieces|do not make"),
        ({"pieces": 0}, "pieces of a stroke are 0: give a whole number"),
        ({"pieces": 4}, "7 control points do not make 4 pieces: give a multiple of 4, and one more"),
        ({"pieces": 2, "widths": [1, 2]}, "2 pen widths do not make 2 pieces"),
        ({"pieces": 2, "closed": True}, "a closed stroke must end at its first control point"),
        ({"pieces": 2, "colour": "red"}, "colour 'red' is unknown: give #rrggbb"),
    ],
)
def test_bad_pieces_are_named(options: dict[str, Any], message: str) -> None:
    widths = options.pop("widths", 1)
    points = TWO if options["pieces"] != 3 else [*TWO, [0, 0]]
    with pytest.raises(DoodError, match=message):
        Stroke(points, widths, **options)


def test_strokes_differ_by_everything_they_say() -> None:
    ring = [*TWO[:6], [0, 0]]
    every = [
        Stroke(ring, 1, pieces=2),
        Stroke(ring, 1),
        Stroke(ring, 1, pieces=2, closed=True),
        Stroke(ring, 1, pieces=2, colour="#00ff00"),
        Stroke(ring, 1, pieces=2, fill=True),
    ]
    assert len(set(every)) == len(every)
    assert Stroke(ring, 1, colour="#00FF00") == Stroke(ring, 1, colour="#00ff00")


def test_what_a_notebook_and_a_prompt_show() -> None:
    drawing = Drawing(300, 200, (Stroke(TWO, 1, pieces=2, colour="#00ff00"), Stroke([[1, 2]], 3)))
    assert repr(drawing) == "<Drawing: 2 strokes, 300 x 200 pixels>"
    assert repr(drawing.strokes[0]) == "<Stroke: 2 pieces of degree 3, #00ff00, width 1, from (0.0, 0.0)>"
    assert repr(drawing.strokes[1]) == "<Stroke: dot, width 3, from (1.0, 2.0)>"
    assert drawing._repr_svg_() == drawing.to_svg()
    assert "<animate" in drawing._repr_html_()


@pytest.mark.parametrize(("name", "value"), [("missed", 1.5), ("spurious", -0.1)])
def test_shares_are_shares(name: str, value: float) -> None:
    with pytest.raises(DoodError, match=f"{name} of the drawing is"):
        Drawing(3, 3, missed=value if name == "missed" else None, spurious=value if name == "spurious" else None)


def test_what_is_no_array_of_numbers() -> None:
    with pytest.raises(DoodError, match=r"control points 'abc' are no array of numbers"):
        Stroke("abc", 1)
    with pytest.raises(DoodError, match=r"pen widths \[\[1\], \[2, 3\]\] are no array"):
        Stroke([[0, 0]], [[1], [2, 3]])


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("size", [0, -3, MAX_SIZE + 1, 2.5, True, "12", None])
def test_bad_sizes_are_named(size: object) -> None:
    with pytest.raises(DoodError, match=f"height of the drawing is {size!r}: give a whole number from 1 to 1000000"):
        Drawing(28, size)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DoodError, match="width of the drawing"):
        Drawing(size, 28)  # pyright: ignore[reportArgumentType]


@pytest.mark.usefixtures("unchecked")
def test_sizes_of_numpy_and_strokes_in_a_list_become_plain() -> None:
    drawing = Drawing(np.int64(28), 30, [stroke([[1, 2]])])  # pyright: ignore[reportArgumentType]
    assert type(drawing.width) is int
    assert isinstance(drawing.strokes, tuple)


@pytest.mark.usefixtures("unchecked")
def test_what_is_no_stroke_is_named() -> None:
    with pytest.raises(DoodError, match="stroke 1 of the drawing is 'x': give a Stroke"):
        Drawing(28, 28, (stroke([[1, 2]]), "x"))  # pyright: ignore[reportArgumentType]


def test_strokes_beyond_reason_are_refused() -> None:
    with pytest.raises(DoodError, match="the drawing has 250001 strokes: give at most 250000"):
        Drawing(28, 28, (stroke([[1, 2]]),) * (MAX_STROKES + 1))


def test_methods_are_the_formats(tmp_path) -> None:
    drawing = Drawing(40, 30, (stroke([[5, 5], [30, 20]], [2, 3]), stroke([[20, 20]])))
    assert "<animate " not in drawing.to_svg()
    assert "<animate " in drawing.to_svg(animated=True)
    assert Drawing.from_json(drawing.to_json()) == drawing
    assert drawing.to_png(2.0).size == (80, 60)
    assert drawing.save(tmp_path / "a.json") == tmp_path / "a.json"
    assert Drawing.load(tmp_path / "a.json") == drawing
