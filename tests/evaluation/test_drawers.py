"""Programs beside several drawers, on pen paths that are made up."""

from pathlib import Path

import numpy as np
import pytest

from dood.data.pensets import Drawn
from dood.errors import DoodError
from dood.evaluation import drawers as module
from dood.evaluation.drawers import agreement_with_drawers
from dood.evaluation.pen_pictures import ink_of

pytest.importorskip("matplotlib", reason="the figure needs matplotlib, the extra `plots`")

SIZE, PEN = (105, 105), 4.0


def drawn(index: int, label: int, lines: list[np.ndarray]) -> Drawn:
    ink = ink_of(lines, [PEN] * len(lines), SIZE)
    return Drawn(lines, SIZE, PEN, np.rint(255 * (1 - ink)).astype(np.uint8), index, label)


def bars(shift: float) -> list[np.ndarray]:
    """Three bars from above, each from left to right."""
    return [np.linspace((20 + shift, y), (80 + shift, y), 40) for y in (25.0, 50.0, 75.0)]


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two characters by five drawers each; of the first, one begins below, and of the second all agree."""
    first = [drawn(i, 0, bars(i)[:: -1 if i == 2 else 1]) for i in range(5)]
    second = [drawn(5 + i, 1, bars(-i)[:2]) for i in range(5)]
    monkeypatch.setattr(module, "load_pen_set", lambda name, data_dir=None: [*first, *second])


def test_methods_are_compared_with_all_other_drawers(people: None, tmp_path: Path) -> None:
    rows = agreement_with_drawers([], tmp_path)
    of = {(row.method, row.with_, row.measure): row for row in rows}
    assert {row.method for row in rows} == {"drawers", "tracing", "tidy"}
    order = of["drawers", "others", "order"]
    assert order.value == pytest.approx((0.75 - 0.25 + 1) / 2, abs=0.05)
    assert order.characters == 2
    assert of["drawers", "others", "grouping"].value > 0.9
    assert of["drawers", "own", "parse"].value == of["drawers", "others", "parse"].relative == 1
    tracing = of["tracing", "others", "parse"]
    assert tracing.low <= tracing.value <= tracing.high
    assert tracing.relative == pytest.approx(tracing.value / of["drawers", "others", "parse"].value)
    header, *lines = (tmp_path / "drawers.csv").read_text().splitlines()
    assert header == "method,with,measure,value,low,high,relative,relative_low,relative_high,characters"
    assert len(lines) == len(rows) == 3 * 2 * 4
    assert (tmp_path / "drawers.png").stat().st_size > 1000


def test_a_program_that_finds_nothing_agrees_as_chance_does(
    people: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "tidy_finder", lambda picture: type("Found", (), {"lines": []}))
    rows = agreement_with_drawers([], tmp_path, limit=1)
    assert [row.value for row in rows if row.method == "tidy"] == [0.0] * 8
    assert {row.characters for row in rows} == {1}


def test_pen_paths_without_pictures_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blind = [drawn(i, 0, bars(0))._replace(image=None) for i in range(5)]
    monkeypatch.setattr(module, "load_pen_set", lambda name, data_dir=None: blind)
    with pytest.raises(DoodError, match="have no pictures"):
        agreement_with_drawers([], tmp_path)
