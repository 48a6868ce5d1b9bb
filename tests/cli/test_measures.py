"""The verbs that measure: what they hand to the library, and what they print. The library's work is stood in for."""

import json
from collections.abc import Callable
from dataclasses import make_dataclass
from pathlib import Path

import pytest

from dood.cli import main
from dood.errors import DoodError
from dood.evaluation.clusters import KS, Score
from dood.evaluation.pens import Row
from dood.evaluation.probe import Accuracy
from dood.evaluation.published import SETS
from dood.evaluation.quality import Quality
from dood.evaluation.transfer import Cell
from tests.stand_ins import Call

FIGURES = ["bound", "mse", "mae", "strokes", "images", "seconds"]
OPTIONAL = [("note", str, ""), ("stderr", float | None, None), ("mse_stderr", float | None, None)]
Evaluation = make_dataclass("Evaluation", [*FIGURES, *OPTIONAL])


def test_evaluate_prints_one_json_object(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    call = stand_in("dood.evaluation.evaluate", "evaluate", Evaluation(6860.5, 0.0026, 0.011, 3.5, 100, 2.0))
    assert main("evaluate --model mnist --data kmnist --samples 5 --limit 100 --batch 8 --json".split()) == 0
    assert call.args == ("mnist", "kmnist")
    assert (call["samples"], call["limit"], call["batch"], call["resolution"]) == (5, 100, 8, None)
    figures = json.loads(capsys.readouterr().out)
    assert figures == {
        "bound": 6860.5,
        "mse": 0.0026,
        "mae": 0.011,
        "strokes": 3.5,
        "images": 100,
        "seconds": 2.0,
        "note": "",
        "stderr": None,
        "mse_stderr": None,
    }


def test_evaluate_prints_a_table(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    stand_in("dood.evaluation.evaluate", "evaluate", Evaluation(6860.5, 0.0026, 0.011, 3.5, 100, 2.0))
    assert main(["evaluate", "--data", "kmnist"]) == 0
    text = capsys.readouterr().out
    assert "all on 100 test images of kmnist\n" in text
    assert "6860.5  nats an image, 200 particles" in text
    measured = Evaluation(6860.5, 0.0026, 0.011, 3.5, 100, 2.0, stderr=38.25, mse_stderr=0.00012)
    stand_in("dood.evaluation.evaluate", "evaluate", measured)
    assert main(["evaluate", "--data", "kmnist"]) == 0
    text = capsys.readouterr().out
    assert "6860.5 ± 38.2  nats" in text
    assert "0.00260 ± 0.00012  mean" in text


def test_evaluate_warns_of_what_its_note_says(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in("dood.evaluation.evaluate", "evaluate", Evaluation(1.0, 0.0026, 0.011, 3.5, 100, 2.0, "it has no split"))
    assert main(["evaluate", "--data", "mine/"]) == 0
    assert "it has no split" in capsys.readouterr().err


def test_an_error_of_the_library_is_one_line(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    stand_in(
        "dood.evaluation.evaluate", "evaluate", DoodError("no model 'mnits': it is neither a file nor a shipped model")
    )
    assert main(["evaluate", "--model", "mnits", "--data", "mnist"]) == 1
    assert capsys.readouterr().err == "dood: no model 'mnits': it is neither a file nor a shipped model\n"


def test_evaluate_passes_the_fitting_steps_on(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.evaluation.evaluate", "evaluate", Evaluation(6860.5, 0.0026, 0.011, 3.5, 100, 2.0))
    assert main("evaluate --data kmnist --lm 7 --fit 30".split()) == 0
    assert (call["lm_steps"], call["fit_steps"]) == (7, 30)
    assert main("evaluate --data kmnist".split()) == 0
    assert (call["lm_steps"], call["fit_steps"]) == (0, 0)
    capsys.readouterr()


CELL = Cell("air", "fitted-30", "mnist", "kmnist", 1, 3000, 100, 5, 891105, 300.0, 4123.4, 0.0123, 0.0345, 2.5, 31.0)


def test_transfer_prints_a_line_a_cell(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    call = stand_in("dood.evaluation.transfer", "transfer", [CELL])
    line = "transfer --models mnist runs/air --data kmnist omniglot --out t.csv --samples 5 --limit 100 --fit 30"
    assert main([*line.split(), "--strokes", "9"]) == 0
    assert call.args == (["mnist", "runs/air"], ["kmnist", "omniglot"], Path("t.csv"))
    assert [call[name] for name in ("samples", "limit", "fit_steps", "strokes")] == [5, 100, 30, 9]
    (printed,) = capsys.readouterr().out.splitlines()
    assert printed.startswith("air (mnist, seed 1) on kmnist, fitted-30")
    assert "4123.4 ± 31.0 " in printed
    assert "0.01230" in printed


def test_transfer_measures_the_five_models_on_the_five_sets_unless_told_otherwise(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.evaluation.transfer", "transfer", [CELL])
    assert main("transfer --out t.csv --json".split()) == 0
    assert call.args[:2] == (list(SETS), list(SETS))
    assert json.loads(capsys.readouterr().out)["bound"] == 4123.4


def test_clusters_prints_the_mean_over_seeds(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    scores = [Score("dood", "mnist", "shape", seed, k, 0.25 + 0.1 * seed) for k in KS for seed in (0, 1)]
    call = stand_in("dood.evaluation.clusters", "clusters", scores)
    assert main("clusters --models mnist runs/air --out maps --strokes 100 --seeds 2".split()) == 0
    assert call.args == (["mnist", "runs/air"], Path("maps"))
    assert call.kwargs == {"strokes": 100, "seeds": 2}
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(KS)
    assert lines[1].split() == "dood, mnist, shape k=8 silhouette 0.300 ± 0.050".split()


def test_probe_prints_a_line_a_row(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    call = stand_in("dood.evaluation.probe", "probe", [Accuracy("air", "mnist", "kmnist", 2, 100, 50, 0.875)])
    assert main("probe --models runs/air --data kmnist --out p.csv --limit 100".split()) == 0
    assert call.args == (["runs/air"], ["kmnist"], Path("p.csv"))
    assert call["limit"] == 100
    assert "air (mnist, seed 2) on kmnist" in (line := capsys.readouterr().out)
    assert "0.8750" in line


def test_benchmark_prints_a_line_a_method_and_set(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        Row("kanjivg", method, 2.0, 1.0, 0.0, measure, value, 0.1, 0.9, 9)
        for method, value in (("svgs", 0.5), ("tidy", 0.75))
        for measure in ("f1", "tau", "chamfer")
    ]
    call = stand_in("dood.evaluation.pens", "benchmark_pens", rows)
    assert main("benchmark pens svgs --data kanjivg --scale 2 --limit 9 --out p.csv".split()) == 0
    assert call.args == ("svgs", ("kanjivg",))
    assert (call["look"].scale, call["limit"], call["table"], call["baseline"]) == (2, 9, Path("p.csv"), True)
    one, other = capsys.readouterr().out.splitlines()
    assert one.split() == ["kanjivg", "svgs", "f1", "0.50", "tau", "0.50"]
    assert other.split()[1:] == ["tidy", "f1", "0.75", "tau", "0.75"]


def test_benchmark_writes_pictures_for_programs(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.evaluation.pens", "write_pictures", [Path("d/kanjivg/00000.png")])
    assert main("benchmark pens --pictures d --data kanjivg --pen 1.5".split()) == 0
    assert call.args == (Path("d"), ("kanjivg",))
    assert call["look"].pen == 1.5
    assert capsys.readouterr().err == "wrote 1 pictures into d\n"


@pytest.mark.parametrize("line", ["benchmark pens", "benchmark pens svgs --model mnist"])
def test_benchmark_needs_a_source(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    assert "benchmark pens needs a SOURCE" in capsys.readouterr().err


def test_transfer_reports_on_the_cells_and_the_models(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in("dood.evaluation.transfer", "transfer", [CELL])
    call = stand_in("dood.evaluation.transfer_report", "write_report", [Path("t.md")])
    assert main("transfer --models mnist --out t.csv --report".split()) == 0
    assert call.args == ([CELL], ["mnist"], Path("t.csv"))
    assert "wrote t.md" in capsys.readouterr().err


def test_quality_prints_a_line_a_figure(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    row = Quality("dood", "mnist", 0.7, "frechet-lenet-mnist-v2", 6.0, 4.0, 5.0, 4.5, 1.5, 0.25)
    call = stand_in("dood.evaluation.quality", "quality", [row])
    assert main("quality --models mnist --out q --temperature 1 0.7 --samples 50 --seed 3 --repeats 2".split()) == 0
    assert call.args == (["mnist"], Path("q"))
    assert call.kwargs == {"temperatures": [1.0, 0.7], "samples": 50, "seed": 3, "repeats": 2}
    (printed,) = capsys.readouterr().out.splitlines()
    assert printed.startswith("dood (mnist) at 0.7")
    assert printed.endswith("ratio   1.50 ± 0.25")
