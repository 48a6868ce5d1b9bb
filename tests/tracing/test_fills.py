"""Fills whose rims meet other lines are outlined as a whole."""

import numpy as np
import pytest

from dood.tracing.cubics import Chain, polyline
from dood.tracing.fills import with_whole_rims
from dood.tracing.graph import graph_of
from dood.tracing.linking import as_learned, by_hand
from dood.tracing.mask import mask_of
from dood.tracing.report import report_of
from dood.tracing.trace import trace
from dood.tracing.work import work_image
from tests.tracing.inked import circle, inked

SIZE = (160, 120)
ROUND = [[[10, 10], [150, 10]], [[10, 110], [150, 110]]]
"""Lines that say how broad the pen is."""


def with_disc(lines: list, radius: float = 25) -> np.ndarray:
    """Ink of lines and of a filled disc in the middle."""
    y, x = np.mgrid[:120, :160] + 0.5
    return np.maximum(inked([*ROUND, *lines], SIZE), np.hypot(x - 80, y - 60) < radius).astype(np.float32)


def fills(chains: list[Chain]) -> list[Chain]:
    return [chain for chain in chains if chain.fill]


@pytest.mark.parametrize("linker", [by_hand, as_learned])
@pytest.mark.parametrize(
    "lines",
    [
        [[[80, 60], [150, 60]]],
        [[[10, 60], [150, 60]]],
        [circle(50, 60, 34)],
        [[[80, 60], [20, 25]], [[80, 60], [140, 25]], [[80, 60], [80, 108]]],
    ],
)
def test_a_fill_that_lines_meet_is_one_closed_stroke(lines: list, linker: object) -> None:
    (disc,) = fills(trace(with_disc(lines), linker=linker))  # pyright: ignore[reportArgumentType]
    assert disc.closed
    away = np.hypot(*(polyline(disc)[0] - [80, 60]).T)
    assert 19 < away.min() <= away.max() < 26


def test_a_line_that_meets_a_fill_ends_on_its_rim() -> None:
    ends = [chain.points[[0, -1]] for chain in trace(with_disc([[[10, 60], [150, 60]]])) if not chain.fill]
    away = np.sort([np.hypot(*(end - [80, 60]).T).min() for end in ends])
    assert len(away) == 4
    assert ((away[:2] > 20) & (away[:2] < 26)).all()


def test_spikes_are_of_the_fill() -> None:
    ink = with_disc([[[80, 60], [80, 31]], [[80, 60], [109, 60]]])
    (disc,) = fills(trace(ink))
    assert polyline(disc)[0].min(0)[1] < 34
    assert len(trace(ink)) == 3


def test_no_ink_is_missed_in_a_fill_and_all_of_it_is_without_its_outline() -> None:
    ink = with_disc([[[80, 60], [150, 60]]])
    chains = trace(ink)
    assert report_of(chains, ink).missed < 0.002
    assert report_of([chain._replace(fill=False) for chain in chains], ink).missed > 0.2


@pytest.mark.parametrize(("radius", "cut"), [(6, False), (9, True)])
def test_lines_end_at_a_rim_if_more_than_a_blot_is_taken_out(radius: float, cut: bool) -> None:
    work = work_image(with_disc([[[10, 60], [150, 60]]], radius))
    assert work is not None
    mask = mask_of(work)
    graph = graph_of(mask, work.pen)
    assert mask.hollow.any()
    assert (with_whole_rims(graph, mask.hollow) is not graph) == cut
