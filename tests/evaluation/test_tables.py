"""Tables for readers: means over seeds, and the published figures beside."""

import dataclasses
from statistics import pstdev

import pytest

from dood.evaluation.published import BOUNDS, SETS
from dood.evaluation.tables import as_markdown, over_seeds
from dood.evaluation.transfer import Cell

CELL = Cell("dood", "amortised", "mnist", "kmnist", 1, 3000, 100, 200, 9, 300.0, -2000.0, 0.02, 0.03, 4.0)


def other(**changes: object) -> Cell:
    return dataclasses.replace(CELL, **changes)  # pyright: ignore[reportArgumentType]


def test_seeds_are_averaged_and_nothing_else() -> None:
    cells = [CELL, other(seed=2, bound=-1000.0, strokes=5.0, images=50), other(target="mnist", bound=7000.0)]
    summaries = over_seeds(cells)
    assert [key[3] for key in summaries] == ["mnist", "kmnist"]
    two = summaries["dood", "amortised", "mnist", "kmnist"]
    assert (two.bound, two.strokes, two.seeds, two.images) == (-1500, 4.5, 2, 50)
    assert two.spread == pytest.approx(pstdev([-2000, -1000]))
    assert summaries["dood", "amortised", "mnist", "mnist"].spread == 0


def test_the_published_figure_is_subtracted() -> None:
    text = as_markdown([CELL, other(seed=2, bound=-1000.0)])
    difference = -1500 - BOUNDS["dood", "mnist", "kmnist"]
    assert f"**-1500**, seeds ± 500 ({difference:+.0f})<br>0.0200, 4.0" in text
    assert "(" not in as_markdown([other(source="scribbles")])
    assert f"({-2000 - BOUNDS['dood', 'mnist', 'kmnist']:+.0f})" in as_markdown([other(model="dood-augmented-refit")])


def test_errors_are_over_images_and_over_seeds() -> None:
    cells = [other(stderr=30.0), other(seed=2, bound=-1800.0, stderr=50.0), other(seed=3, bound=-1900.0, stderr=40.0)]
    (summary,) = over_seeds(cells).values()
    assert summary.stderr == 40
    assert summary.error == pytest.approx((40**2 + pstdev([-2000, -1800, -1900]) ** 2 / 2) ** 0.5)
    assert "**-1900** ± 40, seeds ± 82" in as_markdown(cells)
    (unknown,) = over_seeds([*cells, other(seed=4)]).values()
    assert (unknown.stderr, unknown.error) == (None, None)


def test_a_win_is_a_difference_of_more_than_two_standard_errors() -> None:
    published = {target: BOUNDS["dood", "mnist", target] for target in SETS}
    by = {"mnist": 61.0, "emnist": 59.0, "kmnist": -61.0, "quickdraw": -59.0, "omniglot": 200.0}
    cells = [other(target=target, bound=published[target] + by[target], stderr=30.0) for target in SETS]
    verdict = "By more than two standard errors ahead of the authors in 2 of 5 cells, behind in 1."
    assert verdict in as_markdown(cells).splitlines()
    assert verdict in as_markdown([*cells, other(source="zebra")])
    assert "standard errors" not in as_markdown([*cells[:4], CELL])


def test_sources_are_rows_and_targets_columns_in_the_papers_order_then_by_name() -> None:
    cells = [other(source=source, target=target) for source in ("zebra", "emnist", "mnist") for target in SETS[::-1]]
    lines = as_markdown([*cells, other(variant="fitted-9")]).splitlines()
    assert lines[0] == "### dood, amortised"
    assert lines[2] == "| from \\ to | " + " | ".join(SETS) + " |"
    assert [line.split(" |")[0] for line in lines[4:7]] == ["| mnist", "| emnist", "| zebra"]
    assert "### dood, fitted-9" in lines


def test_a_cell_that_is_missing_is_left_empty() -> None:
    lines = as_markdown([CELL, other(source="emnist", target="mnist")]).splitlines()
    assert lines[4].startswith("| mnist |  | **-2000**")
    assert lines[5].endswith("|  |")


def test_the_published_bounds_are_those_of_the_tables() -> None:
    """Spot checks of the transcription, row and column."""
    assert BOUNDS["dood", "emnist", "quickdraw"] == 3486.7
    assert BOUNDS["dood-no-renderer", "mnist", "omniglot"] == 4001.7
    assert BOUNDS["difference-air", "quickdraw", "kmnist"] == 1153.2
    assert not any(key[:2] == ("difference-air", "omniglot") for key in BOUNDS)
    assert len(BOUNDS) == 25 + 20 + 25 + 5 + 20
