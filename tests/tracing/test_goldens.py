"""What every stage of tracing makes of a few small drawings is what it made of them before.

A golden test: it says that something changed, not that it is wrong. Where a change is meant, look at what was drawn
before and after, then write the figures anew with `python -m tests.tracing.test_goldens`.
"""

from pathlib import Path

import pytest

from tests.prints import changed, print_of, read, write
from tests.tracing.scrawls import SCRAWLS
from tests.tracing.shapes import SHAPES, stages

GOLDENS = Path(__file__).with_name("goldens.json")

DRAWN = SHAPES | SCRAWLS

NOT_ENLARGED = "fine_scrawl, not enlarged"

ROUNDING = 1e-5
"""Of the sum of magnitudes: other processors and versions add in another order."""


def prints_of(name: str) -> dict[str, list[float]]:
    whole = name != NOT_ENLARGED
    ink = (DRAWN[name] if whole else DRAWN["fine_scrawl"])()
    return {stage: print_of(array) for stage, array in stages(ink, enlarged=whole).items()}


@pytest.mark.parametrize("name", [*DRAWN, NOT_ENLARGED])
def test_every_stage_makes_what_it_made(name: str) -> None:
    assert changed(prints_of(name), read(GOLDENS)[name], ROUNDING) == []


if __name__ == "__main__":
    write(GOLDENS, {name: prints_of(name) for name in [*DRAWN, NOT_ENLARGED]})
