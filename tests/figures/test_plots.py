"""Figures: that they show what they are given."""

import io
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from dood.errors import DoodError
from dood.figures.plots import (
    COLOURS,
    UNDECIDED,
    Measured,
    as_svg,
    image_grid,
    learning_curves,
    save_figure,
    stroke_histograms,
    transfer_grid,
)

pytest.importorskip("matplotlib", reason="figures need matplotlib, the extra `plots`")


def run(better: float) -> list[dict[str, float]]:
    """Eight records of a run whose every figure differs from that of another by `better`."""
    return [
        {"images": 64 * i, "bound": 5000 + i + 9 * better, "mse": 0.1 / (i + 9 * better), "strokes": better + i / 9}
        for i in range(1, 9)
    ]


def shown(figure: Any) -> np.ndarray:
    """What a figure looks like: [h, w, 3]."""
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return np.asarray(Image.open(file).convert("RGB"))


def pixels_of(image: np.ndarray, colour: str) -> np.ndarray:
    """Where the image is of the colour: [h, w]."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.asarray((np.abs(image.astype(int) - wanted) < 8).all(-1))


def test_each_run_has_a_curve_in_each_panel() -> None:
    image = shown(learning_curves({"one": run(1), "two": run(2)}))
    for colour in COLOURS[:2]:
        columns = np.flatnonzero(pixels_of(image, colour).any(0))
        thirds = np.bincount(columns * 3 // image.shape[1], minlength=3)
        assert (thirds > 20).all()
    assert not pixels_of(image, COLOURS[2]).any()


def lines(figure: Any) -> list[list[list[tuple[float, float]]]]:
    """The points of every line of each panel."""
    return [[[(float(x), float(y)) for x, y in line.get_xydata()] for line in axis.lines] for axis in figure.axes]


def test_curves_go_where_the_records_say_and_leave_out_what_is_no_number() -> None:
    records = [
        {"images": 64, "seconds": 30.0, "bound": 1.0, "mse": 0.5, "strokes": 2.0},
        {"images": 128, "seconds": 60.0, "bound": float("nan"), "mse": "much", "strokes": 3.0},
        {"images": 192, "bound": 3.0, "mse": 0.25, "strokes": 4.0},
    ]
    by_images, by_time = lines(learning_curves({"r": records})), lines(learning_curves({"r": records}, "seconds"))
    assert by_images == [
        [[(0.064, 1.0), (0.192, 3.0)]],
        [[(0.064, 0.5), (0.192, 0.25)]],
        [[(0.064, 2.0), (0.128, 3.0), (0.192, 4.0)]],
    ]
    assert by_time == [[[(0.5, 1.0)]], [[(0.5, 0.5)]], [[(0.5, 2.0), (1.0, 3.0)]]]


def test_the_steep_start_does_not_flatten_the_rest() -> None:
    steep = [{"images": x, "bound": 100.0 + x if x else -1e6, "mse": 0.1, "strokes": 1} for x in range(30)]
    low, high = learning_curves({"steep": steep}).axes[0].get_ylim()
    assert -200 < low < 100
    assert 129 < high < 1e6


def test_without_records_there_are_axes_still() -> None:
    assert lines(learning_curves({"none yet": []})) == [[[]], [[]], [[]]]


def test_many_runs_have_colours_and_then_dashes() -> None:
    figure = learning_curves({f"run{i}": run(1) for i in range(len(COLOURS) + 1)})
    styles = [(line.get_color(), line.get_linestyle()) for line in figure.axes[0].lines]
    assert len(set(styles)) == len(styles)
    assert styles[-1][0] == styles[0][0]
    legend: Any = figure.axes[-1].get_legend()
    assert [text.get_text() for text in legend.get_texts()][-1] == f"run{len(COLOURS)}"


def test_svg_is_sound_and_always_the_same() -> None:
    one, two = (as_svg(learning_curves({"<a> & b": run(1), "c": run(2)})) for _ in range(2))
    assert one == two
    assert ElementTree.fromstring(one).tag.endswith("svg")


def test_bars_are_as_high_as_the_shares() -> None:
    image = shown(stroke_histograms({"dood": {"mnist": [1, 1, 1, 3], "omniglot": [0, 0]}}, 4))
    heights = pixels_of(image, COLOURS[0]).sum(0)
    peaks = [height for height in np.unique(heights, return_counts=True)[0] if (heights == height).sum() > 5 and height]
    assert len(peaks) == 2
    assert peaks[1] / peaks[0] == pytest.approx(3, rel=0.1)
    assert pixels_of(image, COLOURS[1]).sum(0).max() > peaks[1]


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(DoodError, match=r"dood\[plots\]"):
        stroke_histograms({"dood": {"mnist": [1]}}, 2)


def test_histograms_have_a_row_a_model_and_a_column_a_set() -> None:
    sets = {"mnist": [1, 2], "omniglot": [3]}
    figure = stroke_histograms({"dood": sets, "air": sets}, 6)
    places = [round(axis.get_position().y0, 3) for axis in figure.axes]
    assert places[0] == places[1] > places[2] == places[3]
    assert [axis.get_ylabel().split("\n")[0] for axis in figure.axes[::2]] == ["dood", "air"]


def drawn_in(figure: Any) -> list[np.ndarray]:
    """The images in a figure's panels, ink as they were given."""
    return [1 - np.asarray(axis.images[0].get_array()) for axis in figure.axes]


def test_a_grid_has_each_image_in_its_place() -> None:
    images = np.random.default_rng(0).random((4, 5, 5))
    figure = image_grid({"one": images[:2], "two": images[2:]}, ["target", "drawn"])
    np.testing.assert_allclose(drawn_in(figure), images)
    assert [axis.get_title() for axis in figure.axes] == ["target", "drawn", "", ""]


def test_a_cell_of_transfer_shows_the_images_over_what_was_drawn_and_the_difference_to_the_published_figure() -> None:
    upper, lower = np.random.default_rng(0).random((2, 3, 5, 5))
    bounds = {("a", "a"): Measured(7000.2, 49.0, 6900.0), ("a", "b"): Measured(10, 4, 20), ("b", "a"): Measured(5)}
    figure = transfer_grid(bounds, {("a", "a"): (upper, lower)}, "dood")
    np.testing.assert_allclose(drawn_in(figure)[0], np.vstack([np.hstack(list(upper)), np.hstack(list(lower))]))
    labels = {axis.get_xlabel(): axis.xaxis.label.get_color() for axis in figure.axes}
    assert labels == {"7000 ± 49 (+100)": COLOURS[0], "10 ± 4 (-10)": COLOURS[1], "5": COLOURS[0], "": "black"}


def test_a_difference_of_less_than_two_standard_errors_is_undecided() -> None:
    assert Measured(110, 6, 100).colour == Measured(90, 6, 100).colour == UNDECIDED
    assert Measured(110, None, 100).colour == Measured(110, 4, 100).colour == COLOURS[0]
    assert Measured(90, None, 100).colour == COLOURS[1]


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_figure_is_saved_as_its_name_says_and_always_the_same(suffix: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        save_figure(image_grid({"row": np.eye(3)[None]}, ["column"]), tmp_path / f"{name}.{suffix}")
    one, two = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in ("one", "two"))
    assert one == two
    assert (b"<svg" in one) == (suffix == "svg")
