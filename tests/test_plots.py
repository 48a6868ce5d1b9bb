"""Figures: that they show what they are given."""

import sys

import numpy as np
import pytest

from dood.errors import DoodError
from dood.plots import COLOURS, learning_curves, stroke_histograms

pytest.importorskip("matplotlib", reason="figures need matplotlib, the extra `plots`")


def run(better: float) -> list[dict[str, float]]:
    """Eight records of a run whose every figure differs from that of another by `better`."""
    return [
        {"images": 64 * i, "bound": 5000 + i + 9 * better, "mse": 0.1 / (i + 9 * better), "strokes": better + i / 9}
        for i in range(1, 9)
    ]


def pixels_of(image: np.ndarray, colour: str) -> np.ndarray:
    """Where the image is of the colour: [h, w]."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.asarray((np.abs(image.astype(int) - wanted) < 8).all(-1))


def test_each_run_has_a_curve_in_each_panel() -> None:
    image = np.asarray(learning_curves({"one": run(1), "two": run(2)}))
    for colour in COLOURS[:2]:
        columns = np.flatnonzero(pixels_of(image, colour).any(0))
        thirds = np.bincount(columns * 3 // image.shape[1], minlength=3)
        assert (thirds > 20).all()
    assert not pixels_of(image, COLOURS[2]).any()


def test_bars_are_as_high_as_the_shares() -> None:
    image = np.asarray(stroke_histograms({"mnist": [1, 1, 1, 3], "omniglot": [0, 0]}, 4))
    heights = pixels_of(image, COLOURS[0]).sum(0)
    peaks = [height for height in np.unique(heights, return_counts=True)[0] if (heights == height).sum() > 5 and height]
    assert len(peaks) == 2
    assert peaks[1] / peaks[0] == pytest.approx(3, rel=0.1)
    assert pixels_of(image, COLOURS[1]).sum(0).max() > peaks[1]


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(DoodError, match=r"dood\[plots\]"):
        stroke_histograms({"mnist": [1]}, 2)
