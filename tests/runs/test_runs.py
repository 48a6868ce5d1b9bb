"""Runs on disk: read at every stage, found, put in order, compared; and what is no run."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dood.errors import DoodError
from dood.runs import runs
from dood.runs.runs import Run, differences, find_runs, in_order, incomparable, read_run, shown
from dood.training.loop import train
from dood.training.presets import TrainConfig
from tests.folders import TRAIN, record, write_run
from tests.tiny import TINY, scribbles_uint8


def named(found: list[Run]) -> list[str]:
    return [run.name for run in found]


def test_what_training_leaves_is_read(tmp_path: Path) -> None:
    config = TrainConfig(model=TINY, data="scribbles", steps=4, batch=2, seed=7, evaluate_every=2, evaluate_images=2)
    notes = {"data": "scribbles", "preset": "quick"}
    train(config, [scribbles_uint8(8)], scribbles_uint8(2, seed=1), tmp_path / "first", notes=notes)
    run = read_run(tmp_path / "first")
    assert (run.name, run.steps, run.total, run.finished, run.damage) == ("first", 4, 4, True, None)
    assert [each["step"] for each in run.records] == [2, 4]
    assert [path.name for path in run.pictures] == ["reconstructions-0000002.png", "reconstructions-0000004.png"]
    summary = run.summary()
    assert (summary["data"], summary["seed"], summary["images"]) == ("scribbles", 7, 8)
    assert summary["bound"] == run.last["bound"] == run.records[-1]["bound"]
    assert run.settings["preset"] == "quick"
    assert run.settings["model.resolution"] == "12"
    assert run.settings["batch"] == "2"


def test_a_run_without_weights_or_pictures_is_unfinished_business(tmp_path: Path) -> None:
    run = read_run(write_run(tmp_path / "new", record(5)))
    assert (run.steps, run.total, run.finished, run.pictures, run.notes) == (5, None, None, (), {})
    assert run.warnings == ()
    summary = run.summary()
    assert (summary["data"], summary["seed"], summary["seconds"]) == (None, None, 2.5)
    assert [shown(summary, name) for name in ("data", "steps", "bound")] == ["-", "5", "105.0"]


def test_a_run_that_was_cut_off_says_how_far_it_got(tmp_path: Path) -> None:
    run = read_run(write_run(tmp_path / "cut", record(5), record(10), train=TRAIN, notes={"steps": "5"}))
    assert (run.steps, run.total, run.finished) == (10, 20, False)
    assert shown(run.summary(), "steps") == "10/20"


def test_weights_without_records_are_known_by_their_notes(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "kept", train=TRAIN, notes={"steps": "20", "seconds": "31"})
    (folder / "metrics.jsonl").unlink()
    run = read_run(folder)
    summary = run.summary()
    assert (run.finished, summary["seconds"], summary["bound"], summary["best"]) == (True, 31, None, None)


def test_a_torn_record_is_passed_over(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "torn", record(5), record(10))
    path = folder / "metrics.jsonl"
    path.write_text(path.read_text() + '{"step": 15, "bou')
    assert [each["step"] for each in read_run(folder).records] == [5, 10]


def test_no_records_yet(tmp_path: Path) -> None:
    run = read_run(write_run(tmp_path / "none"))
    assert (run.last, run.best, run.steps, run.warnings) == ({}, {}, 0, ())
    assert run.summary()["bound"] is None


def test_the_best_record_need_not_be_the_last(tmp_path: Path) -> None:
    run = read_run(
        write_run(tmp_path / "r", record(5, bound=1.0), record(10, bound=9.0), record(15, bound=float("nan")))
    )
    assert run.best["step"] == 10
    assert run.last["step"] == 15
    assert run.summary()["best"]["bound"] == 9.0


def test_warnings_are_those_of_training_and_of_figures_that_are_no_numbers(tmp_path: Path) -> None:
    odd = record(10, bound=float("nan"), mse="much")
    run = read_run(write_run(tmp_path / "r", record(5, warning="too few strokes"), odd))
    assert run.warnings == ("step 5: too few strokes", "step 10: bound is nan", "step 10: mse is much")
    assert run.summary()["bound"] is None
    assert "NaN" not in json.dumps(run.summary())


def test_damaged_weights_leave_the_rest_of_the_run(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "r", record(5), train=TRAIN)
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])
    run = read_run(folder)
    assert run.notes == {}
    assert run.summary()["bound"] == 105.0
    assert run.damage is not None
    assert run.warnings == (run.damage,)
    assert "model.safetensors is not a readable model" in run.damage


def test_notes_that_are_no_settings_are_passed_over(tmp_path: Path) -> None:
    notes = {"train": "[1]", "config": "torn {", "steps": "many", "data": "mnist", "seed": "5"}
    run = read_run(write_run(tmp_path / "r", notes=notes))
    assert run.settings == {"data": "mnist", "seed": "5"}
    assert (run.steps, run.summary()["seed"]) == (0, 5)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no run")
    with pytest.raises(DoodError, match="is no training run: it has neither"):
        read_run(tmp_path)


def test_records_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(DoodError, match=r"metrics\.jsonl is not text"):
        read_run(tmp_path)


def test_runs_are_found_down_to_three_levels_and_named_by_their_way(tmp_path: Path) -> None:
    for name in ("b", "a/seed1", "a/x/seed2", "a/x/y/too-deep", ".hidden"):
        write_run(tmp_path / name, record(1))
    assert named(find_runs([tmp_path])) == ["a/seed1", "a/x/seed2", "b"]
    assert named(find_runs([tmp_path / "b"])) == ["b"]


def test_a_run_inside_a_run_is_found_too(tmp_path: Path) -> None:
    write_run(tmp_path / "outer", record(1))
    write_run(tmp_path / "outer" / "inner", record(1))
    assert named(find_runs([tmp_path / "outer"])) == ["outer", "inner"]


def test_a_run_named_twice_is_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(tmp_path / "a", record(1))
    assert named(find_runs([tmp_path, tmp_path / "a", tmp_path / "a" / ".." / "a"])) == ["a"]
    monkeypatch.chdir(tmp_path / "a")
    assert named(find_runs(["."])) == ["a"]


def test_namesakes_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    first, second = write_run(tmp_path / "x" / "r", record(1)), write_run(tmp_path / "y" / "r", record(1))
    assert named(find_runs([tmp_path / "x", tmp_path / "y"])) == [str(first), str(second)]


def test_what_holds_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"there is no training run in .*: dood train --out .*NAME makes one"):
        find_runs([tmp_path])
    write_run(tmp_path / "r", record(1))
    for path in (tmp_path / "missing", tmp_path / "r" / "metrics.jsonl"):
        with pytest.raises(DoodError, match=f"there is no folder .*{path.name}"):
            find_runs([tmp_path, path])


def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(runs.Path, "iterdir", refuse)
    with pytest.raises(DoodError, match=r"cannot look for runs in .*: Permission denied"):
        find_runs([tmp_path])


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("bound", "b a c new"),
        ("mse", "a b c new"),
        ("seconds", "c a b new"),
        ("steps", "b a c new"),
        ("name", "a b c new"),
        ("data", "b c a new"),
        ("seed", "c a b new"),
    ],
)
def test_the_best_comes_first_and_the_unknown_last(tmp_path: Path, by: str, order: str) -> None:
    write_run(tmp_path / "new")
    write_run(tmp_path / "a", record(6, mse=0.1), train={"data": "omniglot", "seed": 2})
    write_run(tmp_path / "b", record(8, mse=0.2), train={"data": "kmnist", "seed": 10})
    write_run(tmp_path / "c", record(4, mse=0.3), train={"data": "kmnist", "seed": 1})
    assert named(in_order(find_runs([tmp_path]), by)) == order.split()


def test_an_unknown_order_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match="runs have no order 'beauty'; there are: bound, mse"):
        in_order([], "beauty")


def test_differences_are_between_what_was_noted(tmp_path: Path) -> None:
    model = TRAIN["model"] | {"strokes": 8}
    write_run(tmp_path / "a", train=TRAIN, notes={"seed": "3", "code": "0.1.0"})
    write_run(tmp_path / "b", train=TRAIN | {"seed": 4, "model": model}, notes={"seed": "4", "code": "0.1.0"})
    write_run(tmp_path / "old", notes={"seed": "3"})
    found = find_runs([tmp_path])
    assert differences(found) == ["model.strokes", "seed"]
    assert differences(found[::2]) == []
    assert incomparable(found) == []


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"data": "omniglot"}, ["data"]),
        ({"evaluate_images": 100}, ["evaluate_images"]),
        ({"model": {"resolution": 28}}, ["model.resolution"]),
        ({"beta": 4.0}, []),
    ],
)
def test_runs_that_looked_at_other_pixels_cannot_be_compared(
    tmp_path: Path, change: dict[str, object], names: list[str]
) -> None:
    usual = TRAIN | {"evaluate_images": 512, "model": {"resolution": 50}}
    write_run(tmp_path / "a", train=usual)
    write_run(tmp_path / "b", train=usual | change)
    assert incomparable(find_runs([tmp_path])) == names


def test_nested_settings_have_dotted_names(tmp_path: Path) -> None:
    run = read_run(write_run(tmp_path / "r", train=TRAIN))
    assert run.settings["model.scale_range"] == "[0.1, 0.6]"
    assert run.settings["beta"] == "1.5"
    assert "model" not in run.settings
    assert replace(run, notes={}).settings == {}
