"""Each verb: what it hands to the library, what it prints, and its exit code. The library's work is stood in for."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from dood.checkpoints.cards import shipped_cards, summary_of_card
from dood.cli import main
from dood.concepts.tokens import Spreads
from dood.data import TrainingData
from dood.evaluation.drawers import Row as Agreed
from dood.tasks.oneshot import Answer, Run
from dood.tasks.spreads import load_spreads
from dood.training.expost import RefitConfig
from tests.stand_ins import Call


def test_demo_prints_the_files(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    report = SimpleNamespace(outputs=[Path("o/a.svg"), Path("o/sheet.png")], sheet=Path("o/sheet.png"))
    call = stand_in("dood.tasks.demo", "demo", report)
    assert main(["demo", "--out", "o"]) == 0
    assert call.args == (Path("o"),)
    assert capsys.readouterr().out.splitlines() == ["o/a.svg", "o/sheet.png"]


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
    line = "complete a.png --model mnist --count 3 --format json --way paper --temperature 0.5 --strokes 2 --seed 7"
    assert main([*line.split(), "--polarity", "dark", "--frame", "ink", "--out", str(tmp_path)]) == 0
    assert call.args == (Path("a.png"), tmp_path)
    assert call.kwargs == {
        "formats": ("json",),
        "force": False,
        "model": "mnist",
        "count": 3,
        "way": "paper",
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
    more = ["--frame", "ink", "--out", str(tmp_path), "--spreads", str(tmp_path / "s.json"), "--style", "hers", "b.png"]
    assert main([*line.split(), *more]) == 0
    assert call.args == (Path("a.png"), tmp_path)
    assert call.kwargs == {
        "formats": ("json",),
        "force": False,
        "model": "mnist",
        "style": [Path("hers"), Path("b.png")],
        "count": 3,
        "temperature": 0.5,
        "spreads": Spreads(angle=0.5),
        "seed": 7,
        "polarity": "dark",
        "frame": "ink",
    }
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "a-1.json"), str(tmp_path / "a-exemplars.png")]


def test_invent_passes_every_option_prints_the_files_and_says_if_there_are_fewer(
    stand_in: Callable[..., Call], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.tasks.invent", "invent_files", [tmp_path / "0001.json", tmp_path / "invented.png"])
    line = "invent runes more.png --count 3 --format json --seed 7 --polarity dark --force"
    assert main([*line.split(), "--out", str(tmp_path)]) == 0
    assert call.args == ([Path("runes"), Path("more.png")], tmp_path)
    assert call.kwargs == {
        "data": None,
        "formats": ("json",),
        "force": True,
        "count": 3,
        "seed": 7,
        "polarity": "dark",
        "progress": None,
    }
    streams = capsys.readouterr()
    assert streams.out.splitlines() == [str(tmp_path / "0001.json"), str(tmp_path / "invented.png")]
    assert "invented 1 characters of 3" in streams.err


def test_invent_takes_a_data_set_instead_of_pictures_but_needs_one_of_them(
    stand_in: Callable[..., Call], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = stand_in("dood.tasks.invent", "invent_files", [tmp_path / "invented.png"])
    assert main(["invent", "--data", "omniglot", "--out", str(tmp_path)]) == 0
    assert (call.args, (call.kwargs or {})["data"]) == (([], tmp_path), "omniglot")
    assert main(["invent", "--out", str(tmp_path)]) == 2
    assert "give pictures of a script, or --data NAME" in capsys.readouterr().err


def test_classify_prints_the_likely_classes_of_every_query(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Answer(Path("q.png"), ("b", "a", "c"), (0.9, 0.099, 0.001), 0.7, False)
    call = stand_in("dood.tasks.oneshot", "classify", [answer, answer._replace(known=0.2, none=True)])
    line = "classify q.png --support letters --model mnist --two-way --polarity dark"
    assert main(line.split()) == 0
    assert call.args == (Path("letters"), (Path("q.png"),))
    assert call.kwargs == {"model": "mnist", "scoring": "two-way", "tracing": True, "polarity": "dark"}
    assert capsys.readouterr().out.splitlines() == [
        "q.png: b (0.90), a (0.10)",
        "q.png: none of these (0.80), or else b (0.90), a (0.10)",
    ]
    assert main([*line.split(), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0]) == {
        "query": "q.png",
        "class": "b",
        "known": 0.7,
        "none": False,
        "probabilities": {"b": 0.9, "a": 0.099, "c": 0.001},
    }


def test_drawers_says_how_methods_stand_to_drawers(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [
        Agreed(method, beside, measure, value, 0.4, 0.7, value / 0.8, 0.9, 1.1, 10)
        for method, value in (("drawers", 0.8), ("tracing", 0.6))
        for beside in ("others", "own")
        for measure in ("parse", "grouping", "order", "direction")
    ]
    call = stand_in("dood.evaluation.drawers", "agreement_with_drawers", rows)
    assert main(f"drawers --models omniglot all --limit 9 --out {tmp_path}".split()) == 0
    assert call.args == (["omniglot", "all"], tmp_path)
    assert (call["limit"], call["seed"]) == (9, 0)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines] == [["drawers", "parse", "0.80"], ["tracing", "parse", "0.60"]]
    assert lines[1].endswith("relative to drawers 0.75 (0.90 to 1.10)")


def test_classify_scores_runs(stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    rows = [Run("dood", "omniglot", "one-way", i, accuracy, 2.0) for i, accuracy in ((1, 0.9), (2, 1.0))]
    call = stand_in("dood.tasks.oneshot", "classify_runs", rows)
    assert main("classify --runs runs.npz --out table.csv --model all".split()) == 0
    assert call.args == (Path("runs.npz"), Path("table.csv"))
    assert (call["model"], call["scoring"], call["tracing"]) == ("all", "one-way", True)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "one-way: accuracy 0.950, standard deviation over runs 0.050"
    assert main("classify --runs runs.npz --no-tracing --json".split()) == 0
    assert call["tracing"] is False
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
