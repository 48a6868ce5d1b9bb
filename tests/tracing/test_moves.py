"""What two runs have to do with each other, against the plainest way to compute it."""

from itertools import pairwise

import numpy as np

from dood.tracing.moves import _distances
from dood.tracing.pieces import Pieces, measure


def to_segment(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    way = end - start
    share = np.clip((point - start) @ way / max(way @ way, 1e-12), 0, 1)
    return float(np.hypot(*(point - start - share * way)))


def test_distances_are_those_from_points_to_the_segments_of_bodies() -> None:
    generator = np.random.default_rng(0)
    lines = [generator.normal(size=(5, 2)).cumsum(0) * 10 for _ in range(3)]
    runs = measure(Pieces(lines, np.full((3, 2), -1), 2.0))
    table = _distances(runs)
    assert table.shape == (6, 6, 3)
    for one in range(6):
        for other in range(6):
            body = runs.body[other]
            for column, point in enumerate(runs.body[one][[0, 3, 7]]):
                nearest = min(to_segment(point, *pair) for pair in pairwise(body))
                np.testing.assert_allclose(table[one, other, column], nearest, atol=1e-9)
