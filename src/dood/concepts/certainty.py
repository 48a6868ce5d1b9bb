"""How sure a classification from one example is: probabilities that hold, and whether a drawing is of any class at all.

The scores of `dood.concepts.matching` stand in for log densities; taken for them they are far too sure. The numbers
here were fitted by `scripts/make_certainty.py` to runs of Omniglot's background alphabets.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["CERTAINTIES", "Certainty", "class_probabilities", "filled", "known_probability"]


class Certainty(NamedTuple):
    """How scores become probabilities.

    Attributes:
        temperature: scores are divided by it (Guo et al., 2017).
        best, blank, offset: the log odds that a drawing is of one of the classes are best * (its best score) + blank *
            (the score of the empty canvas) + offset, all scores over 100 nats, where one drawing in two is of none.
        none_below: a drawing is said to be of none if it is of one of them with a smaller probability; of those that
            were, so few were said to be of none: see `SPARED`.
    """

    temperature: float
    best: float
    blank: float
    offset: float
    none_below: float


SCALE = 100.0
SPARED = 0.95
"""Share of the drawings of a class, in the runs that this was fitted to, that are not said to be of none."""

CERTAINTIES = {
    ("one-way", True): Certainty(9.714, 4.505, -0.1297, 0.4246, 0.199),
    ("two-way", True): Certainty(14.12, 3.031, -0.0387, -0.0405, 0.306),
    ("one-way", False): Certainty(16.65, 2.911, -0.1220, 0.2542, 0.247),
    ("two-way", False): Certainty(21.63, 2.205, -0.0722, 0.0296, 0.211),
}
"""By the scoring of `dood.tasks.oneshot`, and whether pictures are traced as well."""


def class_probabilities(scores: Float[Tensor, "q c"], certainty: Certainty) -> Float[Tensor, "q c"]:
    """Return the probability of each class, given that the drawing is of one of them."""
    return (filled(scores) / certainty.temperature).softmax(-1)


def known_probability(
    scores: Float[Tensor, "q c"], blank: Float[Tensor, " q"], certainty: Certainty
) -> Float[Tensor, " q"]:
    """Return the probability that each drawing is of one of the classes, if one in two is of none.

    Arguments:
        blank: the score of the empty canvas, by `dood.concepts.matching.blank_scores`: how much there is to explain.
    """
    best = scores.amax(-1)
    return ((certainty.best * best + certainty.blank * blank) / SCALE + certainty.offset).sigmoid()


def filled(scores: Float[Tensor, "q c"]) -> Float[Tensor, "q c"]:
    """Return scores whose hopeless classes have the least score that another has: how much worse nobody knows."""
    hopeless = scores.isinf()
    least = scores.masked_fill(hopeless, torch.inf).amin(-1, keepdim=True)
    return torch.where(hopeless, least, scores)
