"""Many models on many test sets, a cell at a time."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dood.checkpoints import checkpoint
from dood.data import write_npz
from dood.errors import DoodError
from dood.evaluation import transfer as module
from dood.evaluation.evaluate import evaluate
from dood.evaluation.transfer import Variant, read_cells, transfer
from dood.evaluation.transfer_report import write_report
from tests.tiny import scribbles_uint8, tiny_model


@pytest.fixture
def models(tmp_path: Path) -> list[Path]:
    """The same architecture trained twice, as it were."""
    for seed in (1, 2):
        notes = {"model": "dood", "data": "scribbles", "seed": str(seed), "steps": "30", "seconds": "2.5"}
        checkpoint.save(tiny_model(seed=seed), tmp_path / f"{seed}.safetensors", notes)
    return [tmp_path / f"{seed}.safetensors" for seed in (1, 2)]


@pytest.fixture
def targets(tmp_path: Path) -> list[str]:
    for name, count in (("few", 3), ("many", 6)):
        images = scribbles_uint8(count).numpy()
        write_npz(tmp_path / f"{name}.npz", {"test_images": images, "test_labels": np.zeros(count, np.int64)})
    return [str(tmp_path / f"{name}.npz") for name in ("few", "many")]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The targets that were measured, in order."""
    calls: list[str] = []

    def spy(model: Any, target: str, **options: Any) -> Any:
        calls.append(target)
        return evaluate(model, target, **options)

    monkeypatch.setattr(module, "evaluate", spy)
    return calls


def test_a_cell_is_what_evaluate_says_of_the_model_in_the_file(
    models: list[Path], targets: list[str], tmp_path: Path
) -> None:
    cells = transfer(models, targets, tmp_path / "table.csv", samples=2, limit=5)
    assert [(cell.seed, cell.target, cell.images) for cell in cells] == [
        (seed, target, images) for seed in (1, 2) for target, images in zip(targets, (3, 5), strict=True)
    ]
    cell, alone = cells[3], evaluate(models[1], targets[1], samples=2, limit=5)
    assert (cell.model, cell.variant, cell.source, cell.steps, cell.seconds) == (
        "dood",
        "amortised",
        "scribbles",
        30,
        2.5,
    )
    figures = (cell.bound, cell.mse, cell.mae, cell.strokes, cell.stderr)
    assert figures == (alone.bound, alone.mse, alone.mae, alone.strokes, alone.stderr)
    assert cell.parameters == sum(parameter.numel() for parameter in tiny_model().parameters())


def test_what_is_in_the_table_is_not_measured_again(
    models: list[Path], targets: list[str], measured: list[str], tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    transfer(models[:1], targets[:1], table, samples=2)
    cells = transfer(models[:1], targets, table, samples=2)
    assert measured == targets
    assert [cell.target for cell in cells] == targets
    assert [cell.images for cell in read_cells(table)] == [3, 6]


def test_another_protocol_is_another_cell(
    models: list[Path], targets: list[str], measured: list[str], tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    fitted = {"limit": 4, "fit_steps": 1}
    for options in ({"limit": 2}, {"limit": 4}, fitted, fitted | {"strokes": 2}, {"samples": 3}, {}, {"limit": 4}):
        transfer(models[:1], targets[1:], table, **({"samples": 2} | options))  # pyright: ignore[reportArgumentType]
    assert len(measured) == 6
    rows = [(cell.images, cell.variant, cell.samples) for cell in read_cells(table)]
    assert rows == [
        (2, "amortised", 2),
        (4, "amortised", 2),
        (4, "fitted-1", 2),
        (4, "fitted-1-strokes-2", 2),
        (6, "amortised", 3),
        (6, "amortised", 2),
    ]


def test_cells_that_were_measured_stay_when_a_later_one_fails(
    models: list[Path], targets: list[str], tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    with pytest.raises(DoodError, match="nowhere"):
        transfer(models[:1], [targets[0], "nowhere.npz"], table, samples=2)
    assert [cell.target for cell in read_cells(table)] == targets[:1]


def test_progress_counts_cells(models: list[Path], targets: list[str], tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    transfer(models, targets[:1], tmp_path / "t.csv", samples=1, progress=lambda *done: seen.append(done))
    assert seen == [(1, 2), (2, 2)]


def test_a_table_of_before_has_no_standard_errors_and_gets_some(
    models: list[Path], targets: list[str], tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    transfer(models[:1], targets[:1], table, samples=1)
    table.write_text("".join(f"{line.rpartition(',')[0]}\n" for line in table.read_text().splitlines()))
    assert [cell.stderr for cell in read_cells(table)] == [None]
    *_, second = transfer(models[:1], targets, table, samples=1)
    assert [cell.stderr for cell in read_cells(table)] == [None, pytest.approx(second.stderr, rel=1e-5)]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "", "\x00", "model\nair\n"])
def test_a_file_that_is_no_table_is_not_overwritten(text: str, models: list[Path], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(text)
    with pytest.raises(DoodError, match="no table of transfer"):
        transfer(models, ["mnist"], table)
    assert table.read_text() == text


def test_a_number_that_is_none_is_refused(models: list[Path], targets: list[str], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    transfer(models[:1], targets[:1], table, samples=1)
    table.write_text(table.read_text().replace(",30,", ",thirty,"))
    with pytest.raises(DoodError, match="thirty"):
        read_cells(table)


def test_a_report_has_a_table_and_a_figure_for_each_model_and_variant(
    models: list[Path], targets: list[str], tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib", reason="figures need matplotlib, the extra `plots`")
    table = tmp_path / "table.csv"
    transfer(models, targets, table, samples=1)
    cells = transfer(models[:1], targets[:1], table, samples=1, fit_steps=2)
    written = write_report(cells, models, table)
    names = [f"table-dood-{variant}.{suffix}" for variant in ("amortised", "fitted-2") for suffix in ("png", "svg")]
    assert [path.name for path in written] == ["table.md", *names]
    assert written[0].read_text().count("### dood") == 2
    for path in written[1:]:
        assert path.read_bytes()[1:4] == (b"PNG" if path.suffix == ".png" else b"?xm")


@pytest.mark.parametrize(
    ("variant", "name"),
    [
        (Variant(), "amortised"),
        (Variant(strokes=9), "amortised-strokes-9"),
        (Variant(fit_steps=600), "fitted-600"),
        (Variant(lm_steps=10), "lm-10"),
        (Variant(10, 50, 3), "lm-10-fitted-50-strokes-3"),
        (Variant(views=True), "views"),
        (Variant(strokes=9, views=True), "views-strokes-9"),
        (Variant(lm_steps=20, views=True), "views-lm-20"),
    ],
)
def test_a_variants_name_says_its_settings(variant: Variant, name: str) -> None:
    assert variant.name == name
    assert Variant.named(name) == variant
