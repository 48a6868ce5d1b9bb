"""Characters put together of the parts of others."""

import numpy as np
import pytest

from dood.concepts.anatomy import Anatomy, anatomy_of, contacts
from dood.concepts.invention import LARGER, composed, stock_of
from tests.concepts.glyphs import characters

STOCK = stock_of([anatomy_of(each) for each in characters()])


def made(whose: int, seed: int, tries: int = 20) -> list[Anatomy]:
    generator = np.random.default_rng(seed)
    found = [composed(STOCK, whose, generator) for _ in range(tries)]
    return [each for each in found if each is not None]


@pytest.mark.parametrize("whose", range(6))
def test_parts_meet_where_they_should_and_nowhere_else(whose: int) -> None:
    found = made(whose, 1)
    assert found
    for each in found:
        for joint in each.joints:
            gap = each.parts[joint.one].at(joint.at) - each.parts[joint.other].at(joint.to)
            assert np.hypot(*gap) < 0.9 * each.pen
        for j, other in enumerate(each.parts):
            for i, one in enumerate(each.parts[:j]):
                meant = sum({joint.one, joint.other} == {i, j} for joint in each.joints)
                assert len(contacts(one.line, other.line, each.pen / 2)) <= meant


def test_they_are_about_as_large_as_what_they_began_as_and_within_what_the_given_ones_take_up() -> None:
    every = np.concatenate([part.line for part in STOCK.parts])
    wanted = np.ptp(np.concatenate([part.line for part in STOCK.given[1].parts]), axis=0).max()
    for each in made(1, 2):
        points = np.concatenate([part.line for part in each.parts])
        assert np.ptp(points, axis=0).max() <= LARGER * wanted + 1e-9
        assert (points.min(0) >= every.min(0) - 1e-9).all()
        assert (points.max(0) <= every.max(0) + 1e-9).all()


def test_they_take_parts_of_other_characters() -> None:
    lengths = {round(part.length, 3) for part in STOCK.parts}
    assert any(round(part.length, 3) not in lengths for each in made(0, 3) for part in each.parts)
    assert {len(each.parts) for each in made(1, 4, 40)} != {len(STOCK.given[1].parts)}


def test_the_same_generator_makes_the_same() -> None:
    one, other = made(4, 5), made(4, 5)
    assert [len(each.parts) for each in one] == [len(each.parts) for each in other]
    assert all(
        np.array_equal(part.points, same.points)
        for each, again in zip(one, other, strict=True)
        for part, same in zip(each.parts, again.parts, strict=True)
    )


def test_a_single_part_of_a_single_character_can_still_be_drawn() -> None:
    alone = stock_of([anatomy_of(characters()[3])])
    assert any(composed(alone, 0, np.random.default_rng(seed)) is not None for seed in range(5))
