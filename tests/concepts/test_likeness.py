"""Distances of characters, and their traits."""

import numpy as np
import pytest

from dood.concepts.likeness import apart, outline, traits

TEE = [np.stack([np.linspace(0, 1, 50), np.zeros(50)], 1), np.stack([np.full(50, 0.5), np.linspace(0, 1, 50)], 1)]
ELL = [np.stack([np.zeros(50), np.linspace(0, 1, 50)], 1), np.stack([np.linspace(0, 1, 50), np.ones(50)], 1)]


def test_a_character_is_not_apart_from_itself_wherever_and_however_large_and_in_whatever_order() -> None:
    again = [0.3 * line[::-1] + [0.2, 0.7] for line in TEE[::-1]]
    assert apart(outline(TEE), outline(again)) < 0.01


def test_another_character_is_apart_from_both_sides_alike() -> None:
    assert apart(outline(TEE), outline(ELL)) == apart(outline(ELL), outline(TEE)) > 0.15


def test_a_line_more_counts_and_so_does_direction() -> None:
    assert apart(outline(TEE), outline(TEE[:1])) > 0.1
    across = [np.stack([np.linspace(0, 1, 50), np.zeros(50)], 1)]
    teeth = [np.stack([np.full(5, x), np.linspace(-0.01, 0.01, 5)], 1) for x in np.linspace(0, 1, 20)]
    assert apart(outline(across), outline(teeth)) > 0.1


def test_dots_have_no_direction() -> None:
    dots = [np.array([[0.0, 0.0]]), np.array([[1.0, 0.5]])]
    assert apart(outline(dots), outline(dots)) == pytest.approx(0)


def test_traits_tell_how_much_there_is_and_which_way_it_runs() -> None:
    tee, ell, bar = traits(TEE, 1, 0.03), traits(ELL, 1, 0.03), traits(TEE[:1], 0, 0.03)
    assert tee == pytest.approx(ell, abs=1e-6)
    assert tee[0] - bar[0] == pytest.approx(np.log(2))
    assert bar[6:] == pytest.approx([1, 0, 0, 0], abs=1e-6)
    turned = traits([line @ np.array([[1.0, 1.0], [-1.0, 1.0]]) for line in TEE[:1]], 0, 0.03)
    assert turned[6:] == pytest.approx([0, 1, 0, 0], abs=1e-6)
