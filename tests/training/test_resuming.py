"""Exact resumption, and nothing lost when something breaks."""

import dataclasses
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch

from dood.checkpoints import checkpoint
from dood.errors import DoodError
from dood.training.loop import train
from tests.short_run import HELD_OUT, IMAGES, RECIPE, Interrupted, assert_equal, pull_the_plug, records, state, untimed
from tests.tiny import TINY, tiny_model


@pytest.mark.parametrize("stopping", ["exact", "nvil"])
def test_ten_steps_are_five_and_five_more_bit_for_bit(tmp_path: Path, stopping: str) -> None:
    config = dataclasses.replace(RECIPE, stopping=stopping)
    model = train(config, [IMAGES], HELD_OUT, tmp_path / "whole")
    with pytest.raises(Interrupted):
        train(config, [IMAGES], HELD_OUT, tmp_path / "parts", callback=pull_the_plug)
    assert state(tmp_path / "parts")["step"] == 5
    assert [record["step"] for record in records(tmp_path / "parts")] == [3, 6]
    torch.manual_seed(99)
    resumed = train(config, [IMAGES], HELD_OUT, tmp_path / "parts", resume=True)
    assert_equal(model.state_dict(), resumed.state_dict())
    assert_equal(state(tmp_path / "whole"), state(tmp_path / "parts"))
    assert untimed(tmp_path / "whole") == untimed(tmp_path / "parts")


def test_a_run_is_not_resumed_with_other_data(tmp_path: Path) -> None:
    config = dataclasses.replace(RECIPE, steps=1)
    train(config, [IMAGES], HELD_OUT, tmp_path, notes={"data_sha256": "5a"})
    with pytest.raises(DoodError, match="data_sha256=5a, not 6b"):
        train(config, [IMAGES], HELD_OUT, tmp_path, resume=True, notes={"data_sha256": "6b"})
    train(config, [IMAGES], HELD_OUT, tmp_path, resume=True, notes={"data_sha256": "5a"})


def test_there_must_be_something_to_resume(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match="no run to resume"):
        train(RECIPE, [IMAGES], HELD_OUT, tmp_path, resume=True)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"learning_rate": 0.5}, "learning_rate"),
        ({"seed": 9}, "seed"),
        ({"steps": 5}, "steps"),
        ({"stopping": "nvil"}, "stopping"),
        ({"model": dataclasses.replace(TINY, hidden=12)}, "hidden"),
    ],
)
def test_a_run_is_resumed_with_its_own_settings_only(whole: Path, change: dict[str, Any], named: str) -> None:
    before = (whole / "metrics.jsonl").read_bytes()
    with pytest.raises(DoodError, match=named) as caught:
        train(dataclasses.replace(RECIPE, **change), [IMAGES], HELD_OUT, whole, resume=True)
    assert "\n" not in str(caught.value)
    assert (whole / "metrics.jsonl").read_bytes() == before


def test_a_finished_run_resumed_is_just_loaded(whole: Path) -> None:
    before = (whole / "metrics.jsonl").read_bytes()
    model = train(RECIPE, [IMAGES], HELD_OUT, whole, resume=True)
    assert_equal(model.state_dict(), state(whole)["model"])
    assert (whole / "metrics.jsonl").read_bytes() == before


def test_a_finished_run_can_be_given_more_steps_but_one_that_goes_on_cannot(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    for more in (2, 4):
        config = dataclasses.replace(RECIPE, steps=RECIPE.steps + more)
        train(config, [IMAGES], HELD_OUT, tmp_path, resume=True)
        assert state(tmp_path)["step"] == config.steps
    assert checkpoint.header_of(tmp_path)["lengthened"] == f"{RECIPE.steps} {RECIPE.steps + 2}"
    train(config, [IMAGES], HELD_OUT, tmp_path, resume=True)
    unfinished = state(tmp_path)
    unfinished["step"] -= 1
    checkpoint.save_state(unfinished, tmp_path / "checkpoint.pt")
    with pytest.raises(DoodError, match="steps"):
        train(dataclasses.replace(config, steps=99), [IMAGES], HELD_OUT, tmp_path, resume=True)


def test_a_run_begun_before_a_setting_existed_is_resumed(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    older = state(tmp_path)
    del older["config"]["augmentation"], older["config"]["model"]["expost"]
    checkpoint.save_state(older, tmp_path / "checkpoint.pt")
    model = train(RECIPE, [IMAGES], HELD_OUT, tmp_path, resume=True)
    assert_equal(model.state_dict(), older["model"])
    with pytest.raises(DoodError, match=r"augmentation=0\.0, not 1\.0"):
        train(dataclasses.replace(RECIPE, augmentation=1.0), [IMAGES], HELD_OUT, tmp_path, resume=True)


def test_another_kind_of_checkpoint_is_refused(tmp_path: Path) -> None:
    checkpoint.save_state({"epoch": 3}, tmp_path / "checkpoint.pt")
    with pytest.raises(DoodError, match="checkpoint"):
        train(RECIPE, [IMAGES], HELD_OUT, tmp_path, resume=True)


def test_a_record_torn_by_a_power_cut_does_not_prevent_resumption(tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        train(RECIPE, [IMAGES], HELD_OUT, tmp_path, callback=pull_the_plug)
    path = tmp_path / "metrics.jsonl"
    path.write_text(path.read_text()[:-20])
    train(RECIPE, [IMAGES], HELD_OUT, tmp_path, resume=True)
    assert [record["step"] for record in records(tmp_path)] == [3, 6, 9, 10]


@pytest.mark.parametrize("allowed", [0, 2, 3])
def test_a_full_disk_stops_the_run_and_costs_no_checkpoint(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    """Whichever write fails, what was there stays, and the run can go on once there is room."""
    sync, calls = os.fsync, []

    def filling(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > allowed:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    with pytest.raises(Interrupted):
        train(RECIPE, [IMAGES], HELD_OUT, tmp_path, callback=pull_the_plug)
    before = (tmp_path / "checkpoint.pt").read_bytes()
    monkeypatch.setattr(os, "fsync", filling)
    with pytest.raises(DoodError, match="No space left"):
        train(RECIPE, [IMAGES], HELD_OUT, tmp_path, resume=True)
    assert [path for path in tmp_path.iterdir() if path.suffix == ".part"] == []
    assert (tmp_path / "checkpoint.pt").read_bytes() == before
    checkpoint.load(tmp_path)
    monkeypatch.setattr(os, "fsync", sync)
    train(RECIPE, [IMAGES], HELD_OUT, tmp_path, resume=True)
    assert_equal(state(tmp_path), state(whole))


def test_a_run_of_another_version_is_not_resumed(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "older")
    older = state(whole)
    older["model"]["prior.canvas_encoder.patch.weight"] = older["model"].pop("memory.canvas_encoder.patch.weight")
    checkpoint.save_state(older, tmp_path / "older" / "checkpoint.pt")
    with pytest.raises(DoodError, match="another version of dood"):
        train(RECIPE, [IMAGES], HELD_OUT, tmp_path / "older", resume=True)


def test_a_finished_run_whose_weights_are_gone_or_stale_has_them_again(whole: Path, tmp_path: Path) -> None:
    """As after kill -9 between two writes of a version that wrote the checkpoint first."""
    shutil.copytree(whole, tmp_path / "gone")
    (tmp_path / "gone" / "model.safetensors").unlink()
    shutil.copytree(whole, tmp_path / "stale")
    checkpoint.save(tiny_model(seed=7), tmp_path / "stale" / "model.safetensors", {"steps": "5"})
    for out in (tmp_path / "gone", tmp_path / "stale"):
        train(RECIPE, [IMAGES], HELD_OUT, out, resume=True)
        assert_equal(checkpoint.load(out).state_dict(), state(whole)["model"])
        assert checkpoint.header_of(out)["steps"] == "10"


def test_weights_are_written_before_the_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a run that is cut off between the two does its last steps again, and never ends without weights."""

    def cut_off(*_: Any) -> None:
        raise Interrupted

    monkeypatch.setattr(checkpoint, "save_state", cut_off)
    config = dataclasses.replace(RECIPE, checkpoint_every=10)
    with pytest.raises(Interrupted):
        train(config, [IMAGES], HELD_OUT, tmp_path)
    assert checkpoint.header_of(tmp_path)["steps"] == "10"
    monkeypatch.undo()
    with pytest.raises(DoodError, match="holds the weights of another run"):
        train(dataclasses.replace(config, seed=9), [IMAGES], HELD_OUT, tmp_path)
    train(config, [IMAGES], HELD_OUT, tmp_path)
    assert_equal(checkpoint.load(tmp_path).state_dict(), state(tmp_path)["model"])


def test_a_run_in_progress_is_not_joined_by_another(tmp_path: Path) -> None:
    def also_here(_: object) -> None:
        train(RECIPE, [IMAGES], HELD_OUT, tmp_path, resume=True)

    with pytest.raises(DoodError, match="another process is training"):
        train(RECIPE, [IMAGES], HELD_OUT, tmp_path, callback=also_here)


def test_what_a_killed_run_left_half_written_goes_at_the_next_start(tmp_path: Path) -> None:
    (tmp_path / ".dood-abc.part").write_bytes(b"half a checkpoint")
    train(dataclasses.replace(RECIPE, steps=1), [IMAGES], HELD_OUT, tmp_path)
    assert list(tmp_path.glob(".*")) == []


ENDLESS = """
import sys
from dataclasses import replace
from tests.short_run import HELD_OUT, IMAGES, RECIPE
from dood.training.loop import train
config = replace(RECIPE, steps=100_000, checkpoint_every=1, evaluate_every=1)
train(config, [IMAGES], HELD_OUT, sys.argv[1], resume=sys.argv[2] == "resume")
"""


def test_a_killed_run_can_always_go_on(tmp_path: Path) -> None:
    """It writes a checkpoint, a record and a picture each step, so that kill -9 nearly always meets it writing."""
    out, root = tmp_path / "run", Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)]), "OMP_NUM_THREADS": "1"}
    reached = 0
    for mode in ("fresh", "resume", "resume"):
        command = [sys.executable, "-c", ENDLESS, str(out), mode]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
        patience = time.monotonic() + 300
        while process.poll() is None and time.monotonic() < patience:
            if (out / "checkpoint.pt").exists() and state(out)["step"] > reached + 5:
                break
            time.sleep(0.01)
        process.kill()
        _, complaint = process.communicate()
        assert process.returncode == -signal.SIGKILL, complaint.decode()
        assert state(out)["step"] > reached + 5
        assert checkpoint.load(out).config == TINY
        reached = state(out)["step"]
