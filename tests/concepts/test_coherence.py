"""How much every place of a character looks like some place of others."""

import numpy as np

from dood.concepts.coherence import MOST, known_patches, strangeness
from dood.drawing import Stroke


def moved(lines: list[np.ndarray], x: float, y: float) -> list[np.ndarray]:
    return [line + np.array([x, y]) for line in lines]


def line(*points: tuple[float, float]) -> np.ndarray:
    return Stroke(np.array(points), 0.02).even(0.01)


ACROSS, DOWN = line((0.2, 0.3), (0.7, 0.3)), line((0.3, 0.3), (0.3, 0.8))
DOT = np.array([[0.5, 0.6]])


def test_a_given_character_is_not_strange_and_hardly_so_elsewhere_on_the_page() -> None:
    known = known_patches([[ACROSS, DOWN], [DOT]])
    assert strangeness([ACROSS, DOWN], known) < 1e-2
    aside = strangeness(moved([ACROSS, DOWN], 0.05, 0.1), known)
    slanted = strangeness([line((0.2, 0.3), (0.7, 0.8)), line((0.3, 0.6), (0.6, 0.3))], known)
    assert aside < slanted / 3


def test_the_same_lines_are_strange_where_they_meet_as_no_given_ones_do() -> None:
    known = known_patches([[ACROSS, DOWN]])
    crossed = [ACROSS, *moved([DOWN], 0.2, -0.25)]
    assert strangeness(crossed, known) > 1.5 * strangeness(moved([ACROSS, DOWN], 0.0, 0.05), known)


def test_of_very_many_characters_not_all_patches_are_kept() -> None:
    few, many = known_patches([[ACROSS]]), known_patches([[ACROSS, DOWN]] * 200)
    assert len(few) < 30
    assert MOST / 2 < len(many) <= MOST
    assert few.shape[1] == many.shape[1]
