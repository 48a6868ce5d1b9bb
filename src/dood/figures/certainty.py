"""Whether probabilities hold, drawn. Needs matplotlib (`pip install 'dood[plots]'`)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError
from dood.figures.plots import COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Judged", "certainty_figure"]

BINS = np.linspace(0, 1, 21)


class Judged(NamedTuple):
    """Queries of one way of scoring.

    Attributes:
        probability, share, counts: of the bins of a reliability diagram that hold any query.
        there, absent: the probability that queries are of one of the classes, where they are and where they are not.
    """

    probability: NDArray[np.floating]
    share: NDArray[np.floating]
    counts: NDArray[np.integer]
    there: NDArray[np.floating]
    absent: NDArray[np.floating]


def certainty_figure(judged: Mapping[str, Judged]) -> "Figure":
    """On the left how often answers are right by how probable they are; then who is held for known.

    Raises:
        DoodError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DoodError("the figure needs matplotlib: pip install 'dood[plots]'") from error
    figure = Figure(figsize=(3.4 * (1 + len(judged)), 3.3), layout="constrained")
    first, *others = figure.subplots(1, 1 + len(judged))
    first.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    first.set(xlabel="probability of the answer", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1.02))
    for (name, each), axis, colour in zip(judged.items(), others, COLOURS, strict=False):
        error = np.sqrt(each.share * (1 - each.share) / each.counts)
        first.errorbar(each.probability, each.share, error, color=colour, marker="o", markersize=4, label=name)
        axis.hist(each.there, BINS, color=COLOURS[2], alpha=0.6, label="class is there")
        axis.hist(each.absent, BINS, color=COLOURS[1], alpha=0.6, label="none is")
        axis.set(title=name, xlabel="probability that it is of a class", ylabel="queries")
    first.legend(frameon=False, fontsize="small", loc="upper left")
    others[0].legend(frameon=False, fontsize="small", loc="upper left")
    return figure
