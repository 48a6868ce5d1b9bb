"""Random numbers of a run: functions of seed, purpose and step, and of nothing else."""

from itertools import combinations

import torch

from dood.training.randomness import Stream, generator_at


def numbers(*where: int) -> torch.Tensor:
    seed, stream, *rest = where
    return torch.randn(100, generator=generator_at(seed, Stream(stream), *rest))


def test_the_same_place_has_the_same_numbers() -> None:
    assert torch.equal(numbers(1, Stream.POSTERIOR, 7, 2), numbers(1, Stream.POSTERIOR, 7, 2))


def test_seeds_purposes_steps_and_ranks_have_numbers_of_their_own() -> None:
    places = [(1, stream, step, rank) for stream in Stream for step in (0, 1) for rank in (0, 1)]
    places += [(2, Stream.POSTERIOR, 0, 0)]
    for one, other in combinations([numbers(*place) for place in places], 2):
        assert not torch.isclose(one, other).any()
