"""What `dood train` adds to the training loop: several processes, TensorBoard."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch.distributed.run

from dood.checkpoints.checkpoint import load_state
from dood.checkpoints.headers import MODEL, read_header
from dood.cli import main
from dood.errors import DoodError
from dood.runs.board import board


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What torchrun was asked to run; nothing is."""
    calls: list[list[str]] = []
    monkeypatch.setattr(torch.distributed.run, "main", calls.append)
    return calls


def test_several_processes_are_started_by_torchrun(launched: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    line = "train --data synthetic --out x --processes 3".split()
    monkeypatch.setattr(sys, "argv", ["dood", *line])
    assert main(line) == 0
    assert launched == [["--standalone", "--nproc-per-node=3", "-m", "dood", *line]]


def test_a_process_of_several_trains_and_only_the_first_one_speaks(
    launched: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained: list[dict[str, Any]] = []
    monkeypatch.setattr("dood.training.loop.train", lambda *_, **options: trained.append(options))
    line = f"train --data synthetic --out {tmp_path} --processes 2 --set model.resolution=8".split()
    monkeypatch.setenv("WORLD_SIZE", "2")
    said = []
    for rank in "01":
        monkeypatch.setenv("RANK", rank)
        assert main(line) == 0
        said.append(capsys.readouterr().err)
    assert launched == []
    assert len(trained) == 2
    assert "trained for" in said[0]
    assert said[1] == ""


def test_tensorboard_gets_every_figure(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="the extra `tensorboard` is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    report = board(tmp_path)
    report({"step": 5, "bound": 100.0, "mse": 0.5, "warning": "collapsed"})
    report({"step": 10, "bound": 120.0, "mse": 0.25})
    events = EventAccumulator(str(tmp_path)).Reload()
    assert events.Tags()["scalars"] == ["bound", "mse"]
    assert [(event.step, event.value) for event in events.Scalars("bound")] == [(5, 100.0), (10, 120.0)]


def test_without_tensorboard_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(DoodError, match=r"dood\[tensorboard\]"):
        board(tmp_path)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run that has ended, of a preset, a model and settings that are not the default."""
    out = tmp_path / "run"
    small = "model.resolution=12 model.strokes=2 model.frame_size=8 model.glimpse_size=8 model.prior_size=8"
    small += " model.features=8 model.hidden=8 model.mixtures=2 evaluate_images=4"
    line = ["train", "--data", "synthetic", "--out", str(out), "--preset", "quick", "--model", "dood-fixed-prior"]
    line += ["--steps", "2", "--batch", "4", "--quiet", *(word for each in small.split() for word in ("--set", each))]
    assert main(line) == 0
    return out


def test_a_run_of_any_recipe_takes_more_steps_without_it_being_typed_again(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--out", str(run), "--resume", "--steps", "3"]) == 0
    assert "trained for 3 steps" in capsys.readouterr().err
    header = read_header(run / MODEL)
    assert (header["preset"], header["model"], header["steps"]) == ("quick", "dood-fixed-prior", "3")
    settings = json.loads(header["train"])
    assert (settings["batch"], settings["learning_rate"], settings["model"]["prior"]) == (4, 4e-3, "fixed")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ("--preset standard", 2, "was trained with --preset quick, not standard: leave --preset out"),
        ("--model air", 2, "was trained with --model dood-fixed-prior, not air"),
        ("--set model.hidden=16", 1, "model.hidden=8, not 16"),
        ("--preset quick --model dood-fixed-prior --steps 3", 0, "trained for 3 steps"),
    ],
)
def test_what_contradicts_the_checkpoint_is_refused(
    options: str, code: int, message: str, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--out", str(run), "--resume", *options.split()]) == code
    assert message in capsys.readouterr().err


def test_a_folder_without_a_run_is_not_resumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--out", str(tmp_path), "--resume"]) == 1
    assert "there is no run to resume there" in capsys.readouterr().err


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_stops_all_processes_and_leaves_a_whole_checkpoint(tmp_path: Path) -> None:
    run = tmp_path / "run"
    line = f"train --data synthetic --out {run} --processes 2 --steps 100000 --set model.resolution=8 --set batch=2"
    recipe = "--set checkpoint_every=1 --set evaluate_every=100000"
    process = subprocess.Popen(
        [sys.executable, "-m", "dood", *line.split(), *recipe.split()],
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (run / "checkpoint.pt").exists():
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.splitlines()[-1] == "dood: interrupted"
    assert "Traceback" not in said
    assert load_state(run / "checkpoint.pt")["step"] >= 1
    assert [path.name for path in run.iterdir() if path.name.startswith(".")] == []
