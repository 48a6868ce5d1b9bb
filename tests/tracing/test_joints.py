"""Which ends of branches one stroke goes through."""

import numpy as np

from dood.tracing.graph import graph_of
from dood.tracing.joints import link
from dood.tracing.mask import mask_of
from dood.tracing.work import work_image
from tests.tracing.inked import inked


def test_only_ends_with_odds_above_even_are_joined() -> None:
    work = work_image(inked([[[10, 40], [70, 40]], [[40, 10], [40, 70]]], (80, 80)))
    assert work is not None
    graph = graph_of(mask_of(work), work.pen)
    for odds, joined in ((0.0, 0), (1e-6, 4)):
        assert len(link(graph, lambda _, __, pairs, odds=odds: np.full(len(pairs.one), odds)).joined) == joined


def test_a_stem_that_two_strokes_share_is_gone_over_twice_unless_told_otherwise() -> None:
    """An n with a spread foot: down the left leg, and up the same stem again into the arch."""
    work = work_image(
        inked([[[20, 10], [40, 40], [40, 60], [20, 90]], [[60, 10], [40, 40], [40, 60], [60, 90]]], (80, 100))
    )
    assert work is not None
    graph = graph_of(mask_of(work), work.pen)
    default, told, plain = (
        links.passes for links in (link(graph), link(graph, retrace=True), link(graph, retrace=False))
    )
    assert default.tolist() == told.tolist()
    assert sorted(default) == [1, 1, 1, 1, 2]
    assert sorted(plain) == [1] * 5
