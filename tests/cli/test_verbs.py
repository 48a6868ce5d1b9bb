"""Each verb: what it hands to the library, what it prints, and its exit code. The library's work is stood in for."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, make_dataclass
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dood.checkpoints.cards import shipped_cards, summary_of_card
from dood.cli import main
from dood.concepts.tokens import Spreads
from dood.data import TrainingData
from dood.errors import DoodError
from dood.evaluation.clusters import KS, Score
from dood.evaluation.pens import Row
from dood.evaluation.probe import Accuracy
from dood.evaluation.published import SETS
from dood.evaluation.quality import Quality
from dood.evaluation.transfer import Cell
from dood.tasks.oneshot import Answer, Run
from dood.tasks.spreads import load_spreads
from dood.training.expost import RefitConfig


@dataclass
class Call:
    """What a stand-in was called with."""

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return (self.kwargs or {})[name]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Call]:
    """`stand_in(module, function, result)` replaces the function, and checks calls against its signature."""

    def replace(module: str, name: str, result: Any) -> Call:
        signature = inspect.signature(getattr(import_module(module), name))
        call = Call()

        def function(*args: Any, **kwargs: Any) -> Any:
            signature.bind(*args, **kwargs)
            call.args, call.kwargs = args, kwargs
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(f"{module}.{name}", function)
        return call

    return replace


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            "--model omniglot --strokes 9 --samples 3 --seed 4 --refine 5 --keep-all --frame ink --batch 6",
            {"model": "omniglot", "strokes": 9, "samples": 3, "seed": 4, "refine": 5, "prune": False, "frame": "ink"}
            | {"batch": 6},
        ),
        (
            "--simplify 0.2 --min-length 3 --no-join --order nearest --no-outline-fills --merge 2",
            {"model": None, "simplify": 0.2, "min_length": 3.0, "join": False, "order": "nearest"}
            | {"outline_fills": False, "merge": 2.0, "batch": 64},
        ),
    ],
)
def test_draw_passes_every_option_that_is_given(
    given: str, expected: dict[str, Any], stand_in: Callable[..., Call], tmp_path: Path
) -> None:
    call = stand_in("dood.tasks.draw", "draw_files", SimpleNamespace(drawn=[], failed=[]))
    line = f"draw a.png b.png --out {tmp_path} --format svg,gif --polarity light --force {given}"
    assert main(line.split()) == 0
    assert call.args == ([Path("a.png"), Path("b.png")], tmp_path)
    kwargs = dict(call.kwargs or {})
    assert callable(kwargs.pop("callback"))
    shared = {
        "formats": ("svg", "gif"),
        "polarity": "light",
        "pens": None,
        "page": None,
        "force": True,
        "progress": None,
    }
    assert kwargs == shared | expected


def test_what_is_not_given_is_left_to_the_library(stand_in: Callable[..., Call]) -> None:
    from dood.tasks.draw import draw_files
    from dood.tracing.trace import Options

    call = stand_in("dood.tasks.draw", "draw_files", SimpleNamespace(drawn=[], failed=[]))
    main(["draw", "a.png"])
    kwargs = dict(call.kwargs or {})
    kwargs.pop("callback")
    defaults = {**inspect.signature(draw_files).parameters, **inspect.signature(Options).parameters}
    assert kwargs == {name: defaults[name].default for name in kwargs}


@pytest.fixture
def line_png(tmp_path: Path) -> Path:
    pixels = np.full((40, 60), 255, np.uint8)
    pixels[18:22, 10:50] = 0
    Image.fromarray(pixels).save(tmp_path / "line.png")
    return tmp_path / "line.png"


def test_draw_prints_files_and_what_came_out(line_png: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = line_png.parent / "out"
    assert main(["draw", str(line_png), "--out", str(out), "--format", "svg"]) == 0
    streams = capsys.readouterr()
    assert streams.out == f"{out / 'line.svg'}\n"
    assert streams.err == "drew 1 of 1 pictures: 1 strokes, 0.0% of the ink missed, 0.0% of the line without ink\n"


def test_a_picture_of_one_dark_pixel_is_a_dot_and_one_without_strokes_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pixels = np.full((100, 100), 255, np.uint8)
    pixels[50, 50] = 0
    Image.fromarray(pixels).save(tmp_path / "speck.png")
    arguments = ["draw", str(tmp_path / "speck.png"), "--out", str(tmp_path / "out")]
    main(arguments)
    streams = capsys.readouterr()
    assert "1 strokes" in streams.err
    assert "no strokes" not in streams.err
    main([*arguments, "--min-length", "5"])
    assert "speck.png: no strokes were found" in capsys.readouterr().err


def test_draw_never_writes_over_the_picture_or_what_is_not_ours(
    line_png: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = line_png.read_bytes()
    folder = str(line_png.parent)
    assert main(["draw", str(line_png), "--out", folder, "--format", "png"]) == 1
    assert "it would be written over" in capsys.readouterr().err
    svg = line_png.with_suffix(".svg")
    svg.write_text("<svg>mine</svg>")
    assert main(["draw", str(line_png), "--out", folder, "--format", "svg"]) == 1
    assert f"{svg} is there, and dood did not write it" in capsys.readouterr().err
    assert svg.read_text() == "<svg>mine</svg>"
    assert main(["draw", str(line_png), "--out", folder, "--format", "svg", "--force"]) == 0
    assert main(["draw", str(line_png), "--out", folder, "--format", "svg"]) == 0, "now it is ours"
    assert line_png.read_bytes() == before


def test_options_of_the_canvas_need_a_model(line_png: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", str(line_png), "--strokes", "3"]) == 2
    assert "--strokes is for drawing with --model" in capsys.readouterr().err


def test_a_picture_that_failed_is_listed_and_the_exit_code_is_1(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    failed = [(Path("b.png"), "not an image"), (Path("c.png"), "c.png is empty: nothing to draw")]
    stand_in("dood.tasks.draw", "draw_files", SimpleNamespace(drawn=[], failed=failed))
    assert main(["draw", "a.png", "b.png", "c.png", "--quiet"]) == 1
    streams = capsys.readouterr()
    assert streams.err == "dood: b.png: not an image\ndood: c.png is empty: nothing to draw\n"


def test_demo_prints_the_files(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    report = SimpleNamespace(outputs=[Path("o/a.svg"), Path("o/sheet.png")], sheet=Path("o/sheet.png"))
    call = stand_in("dood.tasks.demo", "demo", report)
    assert main(["demo", "--out", "o"]) == 0
    assert call.args == (Path("o"),)
    assert capsys.readouterr().out.splitlines() == ["o/a.svg", "o/sheet.png"]


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


@pytest.fixture
def some_data(stand_in: Callable[..., Call]) -> Call:
    """In place of a data set: four images to train on and two held out."""
    blank = np.zeros((6, 40, 40), np.uint8)
    return stand_in("dood.data", "training_data", TrainingData("mnist", [blank[:4]], blank[4:], "5a"))


def test_train_resolves_the_preset_and_the_overrides(
    stand_in: Callable[..., Call], some_data: Call, tmp_path: Path
) -> None:
    call = stand_in("dood.training.loop", "train", None)
    line = f"train --data mnist --out {tmp_path} --preset quick --steps 7 --batch 2 --seed 3"
    assert main([*line.split(), "--set", "model.resolution=40", "--set", "model.strokes=4", "--set", "seed=9"]) == 0
    config, sets, held_out, out = call.args
    assert some_data.args == ("mnist", 40)
    assert (config.data, config.steps, config.batch, config.seed, config.model.strokes) == ("mnist", 7, 2, 9, 4)
    assert ([len(images) for images in sets], len(held_out), out) == ([4], 2, tmp_path)
    assert call["resume"] is False
    assert call["notes"] == {"data": "mnist", "data_sha256": "5a", "seed": "9", "preset": "quick", "model": "dood"}


def test_train_tells_of_each_record_where_no_bar_is_shown(
    stand_in: Callable[..., Call], some_data: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.training.loop", "train", None)
    assert main("train --out x --steps 20".split()) == 0
    capsys.readouterr()
    call["callback"]({"step": 10, "bound": 6860.25})
    assert capsys.readouterr().err == "step 10/20  bound 6860.2\n"


def test_the_default_preset_and_those_in_the_help_exist(capsys: pytest.CaptureFixture[str]) -> None:
    from dood.training.presets import PRESETS

    assert main(["train", "--help"]) == 0
    text = " ".join(capsys.readouterr().out.replace("│", "").split())
    assert "[choices: quick, standard, long, paper] [default: standard]" in text
    assert list(PRESETS) == ["quick", "standard", "long", "paper"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--preset smal", 'for --preset. Choose from: "quick", "standard", "long", "paper"'),
        ("--model aer", 'for --model. Choose from: "dood"'),
        ("--set model.prior=fix", "model.prior takes one of canvas, recurrent, fixed, not 'fix'"),
        ("--set stopping=both", "stopping takes one of exact, nvil, not 'both'"),
        ("--set model.stroks=3", "did you mean model.strokes?"),
        ("--set batch=0", "batch (=0) must be at least 1"),
    ],
)
def test_wrong_settings_are_wrong_usage(options: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(f"train --out x {options}".split()) == 2
    assert message in capsys.readouterr().err


def test_data_fetch_prints_where_the_set_lies(
    stand_in: Callable[..., Call], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.data", "fetch", tmp_path / "mnist.npz")
    assert main(["data", "fetch", "mnist", "--from", str(tmp_path)]) == 0
    assert (call.args, call["source_dir"]) == (("mnist",), tmp_path)
    assert capsys.readouterr().out == f"{tmp_path / 'mnist.npz'}\n"


def test_data_show_writes_the_contact_sheet(
    stand_in: Callable[..., Call],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    found = SimpleNamespace(name="mnist")
    stand_in("dood.data", "load", found)
    call = stand_in("dood.figures.data_sheet", "data_sheet", Image.new("L", (6, 4)))
    assert main("data show mnist --rows 2 --columns 3 --seed 5".split()) == 0
    assert call.args == (found,)
    assert call.kwargs == {"rows": 2, "columns": 3, "seed": 5}
    assert capsys.readouterr().out == "mnist.png\n"
    with Image.open("mnist.png") as sheet:
        assert (sheet.format, sheet.size) == ("PNG", (6, 4))


def test_data_list_names_each_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} >= {"mnist", "omniglot", "emnist", "kmnist", "quickdraw"}


def test_models_lists_the_shipped_weights_with_a_line_of_their_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    for name, card in [("omniglot", {"summary": "50,000 letters"}), ("mnist", {"format": "f", "data": "mnist"})]:
        header = json.dumps({"__metadata__": card}).encode()
        (weights / f"{name}.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    (weights / "README.md").write_text("no weights")
    monkeypatch.setattr("dood.checkpoints.cards.files", lambda package: tmp_path)
    assert main(["models"]) == 0
    assert capsys.readouterr().out == "mnist     data mnist\nomniglot  50,000 letters\n"
    assert main(["models", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["omniglot"] == {"summary": "50,000 letters"}


def test_the_cards_are_those_of_the_weights_that_load() -> None:
    from dood.checkpoints.checkpoint import read_header, shipped

    assert shipped_cards() == {name: read_header(path) for name, path in shipped().items()}
    assert all(summary_of_card(card) for card in shipped_cards().values())


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
    assert main("evaluate --data kmnist --fit 30".split()) == 0
    assert call["fit_steps"] == 30
    assert main("evaluate --data kmnist".split()) == 0
    assert call["fit_steps"] == 0
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


def test_generate_passes_every_option_and_prints_the_files(
    stand_in: Callable[..., Call], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.tasks.generate", "generate_files", [tmp_path / "0001.svg", tmp_path / "samples.png"])
    line = "generate --model mnist --count 3 --format svg --temperature 0.5 --strokes 4 --size 90 --seed 7 --out"
    assert main([*line.split(), str(tmp_path)]) == 0
    assert call.args == (tmp_path,)
    options = {"formats": ("svg",), "temperature": 0.5, "strokes": 4, "size": 90, "seed": 7, "force": False}
    assert call.kwargs == options | {"model": "mnist", "count": 3}
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "0001.svg"), str(tmp_path / "samples.png")]


@pytest.mark.parametrize("text", ["0", "-1", "warm", "nan", "inf", "1e300"])
def test_a_temperature_is_a_positive_number(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "--temperature", text]) == 2
    assert "for --temperature" in capsys.readouterr().err


def test_complete_passes_every_option_and_prints_the_files(
    stand_in: Callable[..., Call], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.tasks.complete", "complete_files", [tmp_path / "a-1.json", tmp_path / "a-completed.png"])
    line = "complete a.png --model mnist --count 3 --format json --temperature 0.5 --strokes 2 --seed 7 --polarity dark"
    assert main([*line.split(), "--frame", "ink", "--out", str(tmp_path)]) == 0
    assert call.args == (Path("a.png"), tmp_path)
    assert call.kwargs == {
        "formats": ("json",),
        "force": False,
        "model": "mnist",
        "count": 3,
        "temperature": 0.5,
        "strokes": 2,
        "seed": 7,
        "polarity": "dark",
        "frame": "ink",
    }
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "a-1.json"), str(tmp_path / "a-completed.png")]


def test_exemplars_passes_every_option_and_prints_the_files(
    stand_in: Callable[..., Call], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.tasks.exemplars", "exemplars_files", [tmp_path / "a-1.json", tmp_path / "a-exemplars.png"])
    line = "exemplars a.png --model mnist --count 3 --format json --temperature 0.5 --seed 7 --polarity dark"
    (tmp_path / "s.json").write_text('{"angle": 0.5}')
    assert main([*line.split(), "--frame", "ink", "--out", str(tmp_path), "--spreads", str(tmp_path / "s.json")]) == 0
    assert call.args == (Path("a.png"), tmp_path)
    assert call.kwargs == {
        "formats": ("json",),
        "force": False,
        "model": "mnist",
        "count": 3,
        "temperature": 0.5,
        "spreads": Spreads(angle=0.5),
        "seed": 7,
        "polarity": "dark",
        "frame": "ink",
    }
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "a-1.json"), str(tmp_path / "a-exemplars.png")]


def test_classify_prints_the_likely_classes_of_every_query(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Answer(Path("q.png"), ("b", "a", "c"), (0.9, 0.099, 0.001))
    call = stand_in("dood.tasks.oneshot", "classify", [answer])
    line = "classify q.png --support letters --model mnist --two-way --polarity dark"
    assert main(line.split()) == 0
    assert call.args == (Path("letters"), (Path("q.png"),))
    assert call.kwargs == {"model": "mnist", "scoring": "two-way", "polarity": "dark"}
    assert capsys.readouterr().out == "q.png: b (0.90), a (0.10)\n"
    assert main([*line.split(), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "query": "q.png",
        "class": "b",
        "probabilities": {"b": 0.9, "a": 0.099, "c": 0.001},
    }


def test_classify_scores_runs(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    rows = [Run("dood", "omniglot", "one-way", i, accuracy, 2.0) for i, accuracy in ((1, 0.9), (2, 1.0))]
    call = stand_in("dood.tasks.oneshot", "classify_runs", rows)
    assert main("classify --runs runs.npz --out table.csv --model all".split()) == 0
    assert call.args == (Path("runs.npz"), Path("table.csv"))
    assert (call["model"], call["scoring"]) == ("all", "one-way")
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "one-way: accuracy 0.950, standard deviation over runs 0.050"
    assert main("classify --runs runs.npz --json".split()) == 0
    assert json.loads(capsys.readouterr().out) == {"accuracy": 0.95, "per_run": [0.9, 1.0], "seconds": 4.0}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("classify", "give either --support"),
        ("classify --support a --runs b.npz", "give either --support"),
        ("classify --support a", "give pictures to classify"),
        ("classify q.png --runs b.npz", "leave out q.png"),
        ("classify q.png --support a --out b.csv", "--out is for --runs"),
    ],
)
def test_classify_wants_one_of_its_two_uses(line: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    assert message in capsys.readouterr().err


def test_quality_prints_a_line_a_figure(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    row = Quality("dood", "mnist", 0.7, "frechet-lenet-mnist-v1", 6.0, 4.0, 5.0, 1.5)
    call = stand_in("dood.evaluation.quality", "quality", [row])
    assert main("quality --models mnist --out q --temperature 1 0.7 --samples 50 --seed 3 --repeats 2".split()) == 0
    assert call.args == (["mnist"], Path("q"))
    assert call.kwargs == {"temperatures": [1.0, 0.7], "samples": 50, "seed": 3, "repeats": 2}
    (printed,) = capsys.readouterr().out.splitlines()
    assert printed.startswith("dood (mnist) at 0.7")
    assert printed.endswith("ratio   1.50")


def test_refit_hands_over_what_was_given_and_says_how_it_went(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.tasks.refit", "refit_file", 12.34)
    assert main("refit mnist --out m.safetensors --steps 7 --passes 2 --seed 3 --data mnist".split()) == 0
    assert call.args == ("mnist", Path("m.safetensors"), RefitConfig(steps=7, passes=2, seed=3))
    assert call["data"] == "mnist"
    assert "12.3 nats" in capsys.readouterr().err


def test_spreads_are_written_and_printed(
    stand_in: Callable[..., Call], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.tasks.spreads", "learn_spreads", Spreads(angle=0.25))
    assert main(f"spreads pairs.npz --out {tmp_path / 's.json'} --model mnist".split()) == 0
    assert call.args == (Path("pairs.npz"),)
    assert call["model"] == "mnist"
    assert load_spreads(tmp_path / "s.json") == Spreads(angle=0.25)
    assert "angle   0.250" in capsys.readouterr().out.splitlines()
