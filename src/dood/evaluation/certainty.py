"""Whether the certainty of a classification holds: fitted on some runs of the one-shot protocol, measured on others."""

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor

from dood.concepts.certainty import SCALE, SPARED, Certainty, class_probabilities, filled, known_probability

__all__ = ["Held", "Scored", "calibration_error", "fit_certainty", "held", "reliability", "without_their_class"]

BINS = 10


class Scored(NamedTuple):
    """Queries of all runs one after another, and their scores.

    Attributes:
        scores: [q, c], as `dood.tasks.oneshot.class_scores` has them.
        blank: [q], scores of the empty canvas.
        answers: [q], the right classes.
    """

    scores: Float[Tensor, "q c"]
    blank: Float[Tensor, " q"]
    answers: Int[Tensor, " q"]


class Held(NamedTuple):
    """How well certainty holds on runs.

    Attributes:
        accuracy: share of queries whose class is the most probable.
        sureness: mean probability of the most probable class; the accuracy where it holds.
        surprise: mean negative log probability of the right class, in nats.
        calibration_error: mean distance between probability and share of right answers, over ten equal bins of
            probability, weighted by their queries.
        known_area: chance that a query whose class is there is the more probably known one of it and one whose class is
            not (area under the ROC curve).
        kept: share of the queries whose class is there that are not said to be of none of the classes.
        refused: share of those whose class is not there that are.
    """

    accuracy: float
    sureness: float
    surprise: float
    calibration_error: float
    known_area: float
    kept: float
    refused: float


def fit_certainty(scored: Scored) -> Certainty:
    """Return what makes the answers of runs most probable, and a threshold that spares 95 in 100 of what is known.

    Whether a class is there is learned from each query twice: as it is, and with its class left out.
    """
    scores, rows = filled(scored.scores).double(), torch.arange(len(scored.answers))

    def surprise(log_temperature: NDArray[np.float64]) -> float:
        logits = scores / float(np.exp(log_temperature[0]))
        return float(-logits.log_softmax(-1)[rows, scored.answers].mean())

    temperature = float(np.exp(minimize(surprise, [2.0], method="Nelder-Mead").x[0]))
    best = torch.cat([scored.scores.amax(-1), without_their_class(scored).amax(-1)]).double().numpy() / SCALE
    blank = scored.blank.repeat(2).double().numpy() / SCALE
    there = np.repeat([1.0, -1.0], len(rows))

    def doubt(weights: NDArray[np.float64]) -> float:
        return float(np.logaddexp(0, -there * (weights[0] * best + weights[1] * blank + weights[2])).mean())

    found = Certainty(temperature, *map(float, minimize(doubt, np.zeros(3)).x), none_below=0.0)
    known = known_probability(scored.scores, scored.blank, found)
    return found._replace(none_below=float(known.quantile(1 - SPARED)))


def held(scored: Scored, certainty: Certainty) -> Held:
    """Measure certainty on runs that it was not fitted to."""
    probable, rows = class_probabilities(scored.scores, certainty), torch.arange(len(scored.answers))
    sure, said = probable.max(-1)
    right = said == scored.answers
    there = known_probability(scored.scores, scored.blank, certainty)
    absent = known_probability(without_their_class(scored), scored.blank, certainty)
    above = (there[:, None] > absent).double() + 0.5 * (there[:, None] == absent).double()
    return Held(
        accuracy=float(right.double().mean()),
        sureness=float(sure.mean()),
        surprise=float(-probable[rows, scored.answers].log().mean()),
        calibration_error=calibration_error(sure.numpy(), right.numpy()),
        known_area=float(above.mean()),
        kept=float((there >= certainty.none_below).double().mean()),
        refused=float((absent < certainty.none_below).double().mean()),
    )


def without_their_class(scored: Scored) -> Float[Tensor, "q c"]:
    """Return the scores of the queries as if their own class were not among those given: it is hopeless."""
    return scored.scores.scatter(1, scored.answers.unsqueeze(-1), -torch.inf)


def reliability(
    sure: NDArray[np.floating], right: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Mean probability, share of right answers, and number of queries in each of ten equal bins that has any."""
    which = np.minimum((sure * BINS).astype(int), BINS - 1)
    counts = np.bincount(which, minlength=BINS)
    there = counts > 0
    means = [np.bincount(which, weights=each, minlength=BINS)[there] / counts[there] for each in (sure, right)]
    return means[0], means[1], counts[there]


def calibration_error(sure: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Mean distance between probability and share of right answers, over bins, weighted by their queries."""
    probability, share, counts = reliability(sure, right)
    return float(np.average(np.abs(probability - share), weights=counts))
