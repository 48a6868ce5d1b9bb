"""Each benchmark runs, on workloads of next to nothing, and reports the figures that it promises."""

import json
import sys
from pathlib import Path

import pytest
import torch

from benchmarks import bound, ceiling, cold_start, install, parsing, processes, renderer, studio, training
from benchmarks.__main__ import NAMES
from benchmarks.ceiling import Traffic
from benchmarks.dense import dense_renderer, render_dense
from benchmarks.report import GOALS, as_text, write
from benchmarks.timing import Result, fresh_process, machine, medians, peak_megabytes
from benchmarks.workload import fresh_model, stroke_images, stroke_parameters
from dood.core.renderer import render
from tests.browsing import CHROMIUM

SMALL = {
    "renderer": lambda: renderer.run(batch=2, sizes=(12, 16), repeats=1),
    "training": lambda: training.run(batches=(1, 2), strokes=(1,), sizes=(16,), batch=2, repeats=1, dense_repeats=1),
    "ceiling": lambda: ceiling.run(batch=2, sizes=(50,), repeats=1, side=8),
    "processes": lambda: processes.run(batch=2, steps=1),
    "parsing": lambda: parsing.run(batches=(1, 2), batch=2, repeats=1),
    "bound": lambda: bound.run(images=1, samples=2, repeats=1),
    "cold_start": lambda: cold_start.run(repeats=1),
    "studio": lambda: studio.run(repeats=1, rows=1, page_rows=1),
    "install": lambda: install.run(repeats=1, python=Path(sys.executable)),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_reports_positive_figures_that_the_table_knows(name: str) -> None:
    if name == "studio":
        pytest.importorskip("starlette", reason="needs the extra studio")
        if CHROMIUM is None:
            pytest.skip("needs chromium")
    result = SMALL[name]()
    assert result.figures
    assert set(result.figures) <= set(GOALS)
    numbers = [*result.figures.values(), *(x for rows in result.growth.values() for row in rows for x in row.values())]
    assert min(numbers) > 0
    text = as_text(result)
    assert all(GOALS[figure].what in text for figure in result.figures)


def test_the_dense_renderer_draws_the_same() -> None:
    points, pen = stroke_parameters(6)
    torch.testing.assert_close(render(points, pen, 20, 24), render_dense(points, pen, 20, 24), atol=1e-4, rtol=1e-4)


def test_the_dense_renderer_is_swapped_in_and_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr("benchmarks.dense.render_dense", lambda *arguments: calls.append(1) or render_dense(*arguments))
    model, image = fresh_model(resolution=16, strokes=2), stroke_images(1, 16)
    with dense_renderer():
        model(image)
    assert len(calls) == 4, "each stroke is drafted, then drawn"
    model(image)
    assert len(calls) == 4


def test_traffic_counts_what_is_read_and_written_but_not_products_and_views() -> None:
    square = torch.ones(10, 10)
    with Traffic() as traffic:
        (square.T @ square).add_(square)
    assert traffic.bytes == 4 * (100 + 100 + 100)
    assert traffic.operations == 3


def test_the_images_are_drawings() -> None:
    images = stroke_images(4, 28)
    assert images.shape == (4, 28, 28)
    assert ((images == 0).float().mean((1, 2)) > 0.3).all()
    assert (images.amax((1, 2)) > 0.8).all()


def test_calls_take_turns_after_the_warm_up() -> None:
    order = []
    taken = medians({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, repeats=2, warm_up=1)
    assert "".join(order) == "ababab"
    assert set(taken) == {"a", "b"}


def test_a_failing_process_says_why() -> None:
    with pytest.raises(RuntimeError, match="so it is"):
        fresh_process(["-c", "raise SystemExit('so it is')"])


def test_the_peak_of_a_process_leaves_out_its_parent_s() -> None:
    ballast = torch.ones(200 * 2**20)
    assert peak_megabytes() > 800
    assert float(fresh_process(["-c", "import benchmarks.timing as t; print(t.peak_megabytes())"])) < 600
    del ballast


def test_the_record_holds_figures_growth_and_machine(tmp_path: Path) -> None:
    result = Result({"cold_draw_s": 1.23456}, {"training by size": [{"size": 50, "step_ms": 3.0}]})
    write(result, machine(), tmp_path / "new" / "bench.json")
    record = json.loads((tmp_path / "new" / "bench.json").read_text())
    assert record["cold_draw_s"] == 1.235
    assert record["growth"] == {"training by size": [{"size": 50, "step_ms": 3.0}]}
    assert record["machine"]["torch"] == torch.__version__
    assert record["machine"]["threads"] >= 1
