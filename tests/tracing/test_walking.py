"""Walks by a network of random weights: what holds whatever it has learned."""

import itertools

import numpy as np
import pytest

from dood.errors import DoodError
from dood.tracing.moves import Rivals, relations
from dood.tracing.pieces import Pieces, measure
from dood.tracing.state import STATES
from dood.tracing.walker import Walker, load_walker
from dood.tracing.walking import walk
from tests.tracing.crossing import plus, words

HIDDEN = 12


def walker(seed: int) -> Walker:
    runs = measure(plus())
    own = runs.own.shape[1]
    pair = relations(runs, Rivals(runs), np.zeros(1, int), np.ones(1, int)).shape[1]
    generator = np.random.default_rng(seed)
    weights = {}
    for name, first in {"own": own, "whole": own, "left": pair, "drawn": pair, "last": pair + STATES}.items():
        for layer, width in ((0, first), (2, HIDDEN)):
            weights[f"{name}.{layer}.weight"] = generator.normal(0, width**-0.5, (HIDDEN, width))
            weights[f"{name}.{layer}.bias"] = np.zeros(HIDDEN)
    for layer, height in ((1, HIDDEN), (3, 2)):
        weights[f"score.{layer}.weight"] = generator.normal(0, 1, (height, HIDDEN))
        weights[f"score.{layer}.bias"] = np.zeros(height)
    return Walker(weights)


@pytest.mark.parametrize("seed", range(4))
def test_every_piece_is_gone_along_and_the_pen_stays_down_only_where_it_is(seed: int) -> None:
    pieces = plus()
    steps = walk(pieces, walker(seed))
    assert {step.run >> 1 for step in steps} == {0, 1, 2, 3}
    assert not steps[0].down
    for last, step in itertools.pairwise(steps):
        end, start = pieces.nodes[last.run >> 1][1 - (last.run & 1)], pieces.nodes[step.run >> 1][step.run & 1]
        assert not step.down or end == start >= 0 or step.run == last.run ^ 1


@pytest.mark.parametrize("seed", range(4))
def test_without_joints_every_piece_is_a_stroke(seed: int) -> None:
    steps = walk(plus(), walker(seed), join=False)
    assert sorted(step.run >> 1 for step in steps) == [0, 1, 2, 3]
    assert not any(step.down for step in steps)


@pytest.mark.parametrize("seed", range(4))
def test_without_retracing_no_piece_is_gone_along_twice(seed: int) -> None:
    assert len(walk(plus(), walker(seed), retrace=False)) == 4


def test_a_walk_does_not_depend_on_the_pictures_resolution() -> None:
    assert walk(plus(), walker(0)) == walk(plus(3.0), walker(0))


@pytest.mark.parametrize(("seed", "pieces"), [(4, plus()), (10, words(2, 4))])
def test_eight_walks_are_kept_unless_told_otherwise(seed: int, pieces: Pieces) -> None:
    """Drawings in which sixteen find another walk."""
    steps = walk(pieces, walker(seed))
    assert steps == walk(pieces, walker(seed), beam=8)
    assert steps != walk(pieces, walker(seed), beam=16)


def test_dots_and_lone_ticks_are_walked_over_too() -> None:
    pieces = words(1, 5)
    pieces = pieces._replace(lines=[*pieces.lines[:-1], pieces.lines[-1][:1]])
    assert sorted(step.run >> 1 for step in walk(pieces, walker(0))) == [0, 1, 2, 3, 4]


def test_weights_of_something_else_are_refused() -> None:
    with pytest.raises(DoodError, match=r"own\.0\.weight"):
        Walker({"other": np.zeros(3)})
    with pytest.raises(DoodError, match="train-pen"):
        load_walker(__file__)
