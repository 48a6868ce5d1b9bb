"""Strokes of one picture, as several people and programs have them. Needs matplotlib (`pip install 'dood[plots]'`)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError
from dood.figures.plots import COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["parse_sheet"]

INCH = 1.15
"""Side of a panel."""


def parse_sheet(rows: Mapping[str, Mapping[str, Sequence[NDArray[np.float64]]]], size: tuple[int, int]) -> "Figure":
    """A row for each picture, a panel for each parse of it: strokes in colours, numbered at their starts.

    Arguments:
        rows: polylines [n, 2] in pixels, y down, by picture and then by whose parse they are, the same for each.
        size: width and height of the pictures.

    Raises:
        DoodError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DoodError("the figure needs matplotlib: pip install 'dood[plots]'") from error
    names = list(next(iter(rows.values())))
    figure = Figure(figsize=(INCH * len(names), INCH * len(rows) + 0.3), layout="constrained")
    panels = figure.subplots(len(rows), len(names), squeeze=False)
    for axes, parses in zip(panels, rows.values(), strict=True):
        for axis, lines in zip(axes, parses.values(), strict=True):
            axis.set(xlim=(0, size[0]), ylim=(size[1], 0), xticks=[], yticks=[], aspect="equal")
            for i, line in enumerate(lines):
                colour = COLOURS[i % len(COLOURS)]
                axis.plot(*line.T, color=colour, linewidth=1.6, solid_capstyle="round")
                axis.text(*line[0], str(i + 1), color=colour, fontsize=7, weight="bold", ha="right", va="bottom")
    for axis, name in zip(panels[0], names, strict=True):
        axis.set_title(name, fontsize=7)
    return figure
