"""What every stage of tracing makes of a few small drawings is what it made of them before.

A golden test: it says that something changed, not that it is wrong. Where a change is meant, look at what was drawn
before and after, then write the figures anew with `python -m tests.tracing.test_goldens`.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tracing.shapes import SHAPES, stages

GOLDENS = Path(__file__).with_name("goldens.json")

ROUNDING = 1e-5
"""Of the sum of magnitudes: other processors and versions add in another order."""


def print_of(array: NDArray) -> list[float]:
    """Size, sum of magnitudes, and sums weighted by waves, in which each number and its place count."""
    flat = np.asarray(array, np.float64).ravel()
    place = np.arange(1, len(flat) + 1)
    sums = [float((flat * np.cos(rate * place)).sum()) for rate in (0.7, 2.3)]
    return [len(flat), float(np.abs(flat).sum()), *sums]


def prints_of(name: str) -> dict[str, list[float]]:
    return {stage: print_of(array) for stage, array in stages(SHAPES[name]()).items()}


@pytest.mark.parametrize("name", SHAPES)
def test_every_stage_makes_what_it_made(name: str) -> None:
    wanted, found = json.loads(GOLDENS.read_text())[name], prints_of(name)
    assert found.keys() == wanted.keys()
    changed = [
        stage
        for stage in wanted
        if not np.allclose(found[stage], wanted[stage], rtol=0, atol=ROUNDING * (1 + wanted[stage][1]))
    ]
    assert changed == []


if __name__ == "__main__":
    lines = (f'"{name}": {json.dumps(prints_of(name))}' for name in SHAPES)
    GOLDENS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
