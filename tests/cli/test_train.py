"""What `dood train` adds to the training loop: several processes, TensorBoard."""

import sys
from pathlib import Path
from typing import Any

import pytest
import torch.distributed.run

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
