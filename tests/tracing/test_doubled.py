"""Lines gone over twice become one; what is farther apart stays."""

import numpy as np
import pytest

from dood.tracing.cubics import polyline
from dood.tracing.doubled import merged
from dood.tracing.linking import by_hand
from dood.tracing.trace import Options, trace
from tests.tracing.inked import inked

TWICE = [[[20, 30], [120, 30]], [[18, 38], [122, 38]]]
"""Two lines of a pen of 4, 4 apart."""

APART = [[20, 80], [120, 80]]


def bars(gap: int) -> np.ndarray:
    ink = np.zeros((30, 60), bool)
    ink[10:12, 5:55] = ink[12 + gap : 14 + gap, 5:55] = True
    return ink


@pytest.mark.parametrize(("between", "limit", "filled"), [(4, 5.0, True), (4, 3.0, False), (9, 10.0, True)])
def test_gaps_up_to_the_limit_are_filled(between: int, limit: float, filled: bool) -> None:
    ink = bars(between)
    found = merged(ink, limit)
    assert found[ink].all()
    assert found[12 : 12 + between, 15:45].all() == filled
    assert (found == ink).all() != filled


def test_nothing_grows_into_the_margin_and_twice_is_as_once() -> None:
    ink = np.zeros((40, 40), bool)
    ink[:3], ink[6:9], ink[:, -2:] = True, True, True
    found = merged(ink, 6.0)
    assert found[3:6, 5:35].all()
    assert not found[16:, :30].any()
    assert (merged(found, 6.0) == found).all()


def drawn(merge: float) -> list[np.ndarray]:
    ink = inked([*TWICE, APART], (140, 100), 4.0)
    return [polyline(chain)[0] for chain in trace(ink, Options(merge=merge), by_hand)]


def test_a_line_gone_over_twice_is_one_stroke_along_its_middle() -> None:
    assert len(drawn(0.0)) == 3
    one, other = sorted(drawn(1.5), key=lambda line: line[:, 1].mean())
    for line, height, slack in ((one, 34, 0.7), (other, 80, 0.3)):
        inner = line[(line[:, 0] > 30) & (line[:, 0] < 110)]
        np.testing.assert_allclose(inner[:, 1], height, atol=slack)


def test_a_merged_line_is_no_wider_than_the_pen() -> None:
    chains = trace(inked([*TWICE, APART], (140, 100), 4.0), Options(merge=1.5), by_hand)
    assert max(chain.widths.max() for chain in chains) == pytest.approx(4.0, rel=0.15)
