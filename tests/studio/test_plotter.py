"""The order of a plotter."""

import numpy as np

from dood.drawing import Drawing, Stroke
from dood.studio.plotter import for_plotter


def test_strokes_follow_the_nearest_end_and_are_turned_to_it() -> None:
    far = Stroke([[90, 90], [80, 80], [70, 70], [60, 60]], [1.0, 2.0, 3.0, 4.0], colour="#aa0000")
    near = Stroke([[40, 40], [10, 10]], 2.0, fill=True)
    drawing = Drawing(100, 100, (far, near), 0.1, 0.2, ("a note",))
    plotted = for_plotter(drawing)
    first, second = plotted.strokes
    assert np.array_equal(first.points, [[10, 10], [40, 40]])
    assert first.fill
    assert np.array_equal(second.points, far.points[::-1])
    assert second.widths.tolist() == [4, 3, 2, 1]
    assert second.colour == "#aa0000"
    assert (plotted.missed, plotted.spurious, plotted.notes) == (0.1, 0.2, ("a note",))


def test_strokes_that_lie_well_stay_as_they_are() -> None:
    dot = Stroke([[5, 5]], 3.0)
    line = Stroke([[10, 10], [20, 10], [20, 20], [12, 18]], 1.0, pieces=3)
    drawing = Drawing(30, 30, (dot, line))
    assert for_plotter(drawing) == drawing
    assert for_plotter(Drawing(30, 30)) == Drawing(30, 30)
