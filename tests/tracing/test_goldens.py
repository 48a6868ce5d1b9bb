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

REFINED, GROWN = ("refined.", "trace."), 0.02
"""Stages after refinement, whose steps make more of rounding: on another processor pens of a scrawl differ by 1 %."""


def prints_of(name: str) -> dict[str, list[float]]:
    whole = name != NOT_ENLARGED
    ink = (DRAWN[name] if whole else DRAWN["fine_scrawl"])()
    return {stage: print_of(array) for stage, array in stages(ink, enlarged=whole).items()}


@pytest.mark.parametrize("name", [*DRAWN, NOT_ENLARGED])
def test_every_stage_makes_what_it_made(name: str) -> None:
    found, wanted = prints_of(name), read(GOLDENS)[name]
    assert changed(found, wanted, GROWN) == []
    assert changed(_steady(found), _steady(wanted), ROUNDING) == []


def _steady(prints: dict[str, list[float]]) -> dict[str, list[float]]:
    return {stage: its for stage, its in prints.items() if not stage.startswith(REFINED)}


if __name__ == "__main__":
    write(GOLDENS, {name: prints_of(name) for name in [*DRAWN, NOT_ENLARGED]})
