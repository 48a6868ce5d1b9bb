"""Which entry of a codebook is drawn."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from dood.models.priors.entries import SPREAD, chances_given, drawn_from


def test_entries_are_drawn_with_their_shares() -> None:
    share = np.array([0.0, 0.25, 0.5, 0.0, 0.2], np.float32)  # what weights in 16 bits sum to is not 1
    drawn = drawn_from(share, np.linspace(0, 1, 1001)[:-1].astype(np.float32))
    assert_allclose(np.bincount(drawn, minlength=5) / 1000, share / share.sum(), atol=2e-3)


def test_what_an_entry_lacks_of_a_part_makes_it_improbable_and_what_it_has_beyond_does_not() -> None:
    centres, share = np.array([[0.5], [0.9], [0.2]]), np.array([0.5, 0.25, 0.25])
    chances = chances_given(np.full((5, 5), 0.5), centres, share)
    assert chances[0] / chances[1] == pytest.approx(2)
    assert chances[2] / chances[1] == pytest.approx(np.exp(-((0.3 / SPREAD) ** 2) / 2))


def test_an_entry_that_no_drawing_has_has_no_chance_however_near_it_is() -> None:
    chances = chances_given(np.full((5, 5), 1.0), np.array([[1.0], [0.0]]), np.array([0.0, 1e-9]))
    assert chances[0] == 0
    assert 0 < chances[1] < np.inf
