"""Characters invented from many alphabets beside real ones."""

import math

import numpy as np
import pytest

from dood.drawing import Drawing
from dood.evaluation import mixed
from dood.evaluation.mixed import MADE, REAL, SAMPLES, mixture_of, mixture_rows
from tests.concepts.glyphs import characters
from tests.evaluation.test_invented import two

COUNT = 3


@pytest.fixture(scope="module")
def mixture() -> mixed.Mixture:
    return mixture_of(two(), [*characters(), Drawing(100, 100), *characters()], COUNT, seed=1)


def test_all_that_is_compared_is_drawn_by_the_same_pen(mixture: mixed.Mixture) -> None:
    assert [len(mixture.groups[name]) for name in (REAL, MADE, SAMPLES)] == [COUNT] * 3
    assert len(mixture.given) == 20
    drawn = [each for some in mixture.groups.values() for each in some]
    assert {(each.width, each.height) for each in drawn} == {(100, 100)}
    widths = [stroke.width for each in drawn for stroke in each.strokes if stroke.degree]
    assert np.ptp(widths) < 1e-9


def test_the_share_that_is_told_is_of_both_kinds_alike(mixture: mixed.Mixture, monkeypatch: pytest.MonkeyPatch) -> None:
    learned: list[list[int]] = []
    monkeypatch.setattr(mixed, "train_alphabets", lambda images, kinds, **_: learned.append(kinds.tolist()))
    monkeypatch.setattr(mixed, "alphabets_said", lambda network, images: np.arange(len(images)) % 3 == 0)
    rows = {row.drawings: row for row in mixture_rows(mixture, mixture)}
    assert learned == [[0] * COUNT + [1] * COUNT] * 2
    # A third is called invented: two thirds of the real ones are right, and a third of the others.
    assert rows[MADE].told == pytest.approx(0.5)
    assert rows[MADE].low < 0.5 < rows[MADE].high
    assert math.isnan(rows[REAL].told)
    assert rows[MADE].copies == 0
    assert rows[MADE].nearest > rows[SAMPLES].nearest
    assert all(row.spread > 0.05 for row in rows.values())
