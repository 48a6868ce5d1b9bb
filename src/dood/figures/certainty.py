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
    """On the left how often answers are right by how probable they are, larger dots being more of them; then who is
    held for known.

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
    first.set(xlabel="probability of the answer", ylabel="share that is right", xlim=(0, 1.03), ylim=(0, 1.04))
    for (name, each), axis, colour in zip(judged.items(), others, COLOURS, strict=False):
        low, high = _interval(each.share, each.counts)
        bars = np.stack([each.share - low, high - each.share]).clip(min=0)
        first.errorbar(each.probability, each.share, bars, color=colour, linestyle="", linewidth=1)
        first.scatter(each.probability, each.share, 8 * np.sqrt(each.counts), color=colour, label=name)
        axis.hist(each.there, BINS, color=COLOURS[2], alpha=0.6, label="class is there")
        axis.hist(each.absent, BINS, color=COLOURS[1], alpha=0.6, label="none is")
        axis.set(title=name, xlabel="probability that it is of a class", ylabel="queries")
    first.legend(frameon=False, fontsize="small", loc="lower right")
    others[0].legend(frameon=False, fontsize="small", loc="upper center")
    return figure


def _interval(share: NDArray[np.floating], counts: NDArray[np.integer]) -> tuple[NDArray, NDArray]:
    """Of shares, with a probability of 95 % (Wilson, 1927): it has a width where all of a few are right, too."""
    z = 1.96
    middle = (share + z**2 / (2 * counts)) / (1 + z**2 / counts)
    half = z / (1 + z**2 / counts) * np.sqrt(share * (1 - share) / counts + z**2 / (4 * counts**2))
    return middle - half, middle + half
