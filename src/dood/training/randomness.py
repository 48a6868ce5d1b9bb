"""Where a run's random numbers come from: each is a function of seed, purpose and step, so a run can be resumed."""

from enum import IntEnum

import numpy as np
import torch

__all__ = ["Stream", "generator_at"]


class Stream(IntEnum):
    """What random numbers are for. Streams are independent: an image's augmentation says nothing of its noise."""

    ORDER = 0
    POSTERIOR = 1
    AUGMENTATION = 2
    DREAMS = 3
    STOPS = 4
    MEASURE = 5
    PRIOR = 6


def generator_at(seed: int, stream: Stream, step: int = 0, rank: int = 0) -> torch.Generator:
    """The source of the numbers that one step needs for one purpose.

    Arguments:
        seed: of the run.
        stream: what the numbers are for.
        step: of the run, or the epoch of an order; not negative.
        rank: of the process, where processes must not have the same numbers.
    """
    state = np.random.SeedSequence((seed, stream, step, rank)).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(state[0]))
