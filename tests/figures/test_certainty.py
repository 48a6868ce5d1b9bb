"""The figure of certainty, and its intervals."""

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="figures need matplotlib, the extra `plots`")

from matplotlib.collections import LineCollection

from dood.figures.certainty import Judged, certainty_figure
from dood.figures.parses import parse_sheet


def test_a_panel_of_reliability_and_one_for_each_scoring() -> None:
    bins = np.array([0.3, 0.9]), np.array([0.0, 1.0]), np.array([1, 60])
    judged = Judged(*bins, np.array([0.9, 0.8]), np.array([0.1]))
    figure = certainty_figure({"one-way": judged, "two-way": judged})
    first, one, two = figure.axes
    assert [axis.get_title() for axis in (one, two)] == ["one-way", "two-way"]
    bars, _ = [each for each in first.collections if isinstance(each, LineCollection)]
    (least, low_end), (low, high) = (segment[:, 1] for segment in bars.get_segments())
    assert least == pytest.approx(0, abs=1e-9)
    assert low_end > 0.7  # one of one says little
    assert 0.9 < low < 0.95
    assert high == pytest.approx(1, abs=1e-9)


def test_a_panel_for_each_parse() -> None:
    line = np.array([[1.0, 1.0], [5.0, 5.0]])
    figure = parse_sheet({"a": {"drawer": [line], "tidy": [line, line]}, "b": {"drawer": [], "tidy": [line]}}, (10, 8))
    assert [len(axis.lines) for axis in figure.axes] == [1, 2, 0, 1]
    assert [axis.get_title() for axis in figure.axes] == ["drawer", "tidy", "", ""]
    assert figure.axes[0].get_ylim() == (8, 0)
