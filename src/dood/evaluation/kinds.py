"""How much of what a drawing is like is its hand's, how much is what is drawn, and how much is chance."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Parts", "parts_of"]

Array = NDArray[np.float64]
THERE = 0.7
"""Share of the hands in which a character must have a feature, or it is left out of that feature."""


class Parts(NamedTuple):
    """Of the variance of features, [f] each.

    Attributes:
        deviation: of drawings of an alphabet.
        hand, thing, chance: shares of its variance.
    """

    deviation: Array
    hand: Array
    thing: Array
    chance: Array


def parts_of(alphabets: Sequence[Array]) -> Parts:
    """The parts of the variance within alphabets, by a two-way analysis of variance, means over alphabets.

    Arguments:
        alphabets: features [c, d, f] of characters by hands, NaN where a drawing has none.
    """
    count = alphabets[0].shape[-1]
    found = np.array([[_variances(each[..., k]) for k in range(count)] for each in alphabets])
    hand, thing, chance = np.maximum(np.nanmean(found, 0), 0).T
    whole = hand + thing + chance
    return Parts(whole**0.5, hand / whole, thing / whole, chance / whole)


def _variances(table: Array) -> tuple[float, float, float]:
    """Of a feature [c, d]: the variances of hands, characters, and what is left; NaN for fewer than four characters."""
    table = table[np.isfinite(table).mean(1) > THERE]
    characters, hands = table.shape
    if characters < 4:
        return np.nan, np.nan, np.nan
    mean = float(np.nanmean(table))
    by_character = np.nanmean(table, 1) - mean
    by_hand = np.nanmean(table - by_character[:, None], 0) - mean
    left = table - mean - by_character[:, None] - by_hand
    free = np.isfinite(left).sum() * (1 - 1 / characters) * (1 - 1 / hands)
    chance = float(np.nansum(np.square(left))) / free
    hand = float(np.square(by_hand).sum()) / (hands - 1) - chance / characters
    thing = float(np.square(by_character).sum()) / (characters - 1) - chance / hands
    return hand, thing, chance
