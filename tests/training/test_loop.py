"""The training loop: exact resumption, and nothing lost when something breaks."""

import dataclasses
import errno
import json
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
from torch import Tensor

import dood
from dood.checkpoints import checkpoint
from dood.errors import DoodError
from dood.inference.bounds import Summary
from dood.inference.objectives import LossWeights
from dood.training import loop as training
from dood.training.loop import Loss, make_optimiser, train, update
from dood.training.presets import TrainConfig
from tests.tiny import TINY, scribbles, scribbles_uint8, seeded, tiny_model

RECIPE = TrainConfig(
    model=TINY, steps=10, batch=4, warmup=3, evaluate_every=3, evaluate_images=5, checkpoint_every=5, seed=3
)
IMAGES, HELD_OUT = scribbles_uint8(11), scribbles_uint8(6, seed=1)


class Interrupted(Exception):
    """Somebody pulled the plug."""


def pull_the_plug(record: dict[str, Any]) -> None:
    """Between the record of step 6 and the next checkpoint; the last one is of step 5."""
    if record["step"] == 6:
        raise Interrupted


def records(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]


def untimed(out: Path) -> list[dict[str, Any]]:
    return [{key: value for key, value in record.items() if key != "seconds"} for record in records(out)]


def state(out: Path) -> dict[str, Any]:
    return checkpoint.load_state(out / "checkpoint.pt")


def assert_equal(one: Any, other: Any) -> None:
    """Bit for bit, through nested containers."""
    if isinstance(one, Tensor):
        assert torch.equal(one, other)
    elif isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one.keys() - {"seconds"}:
            assert_equal(one[key], other[key])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_equal(a, b)
    else:
        assert one == other


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run of RECIPE; not to be changed."""
    out = tmp_path_factory.mktemp("whole")
    train(RECIPE, [IMAGES], HELD_OUT, out)
    return out


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


def test_a_run_leaves_weights_metrics_and_state(whole: Path) -> None:
    assert [(record["step"], record["images"]) for record in records(whole)] == [(3, 12), (6, 24), (9, 36), (10, 40)]
    assert {"loss", "bound", "mse", "mae", "strokes", "seconds"} <= records(whole)[0].keys()
    assert checkpoint.load(whole).config == TINY
    assert checkpoint.read_header(whole / "model.safetensors")["steps"] == "10"
    assert_equal(checkpoint.load(whole).state_dict(), state(whole)["model"])
    assert list(whole.glob(".*")) == []


def test_the_callback_gets_what_is_written(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []
    config = dataclasses.replace(RECIPE, steps=2, evaluate_every=1)
    model = train(config, [IMAGES], HELD_OUT, tmp_path, callback=seen.append, notes={"data": "scribbles"})
    assert seen == records(tmp_path)
    assert checkpoint.header_of(tmp_path)["data"] == "scribbles"
    assert not model.training


def test_looking_and_saving_more_often_changes_nothing(tmp_path: Path, whole: Path) -> None:
    train(
        dataclasses.replace(RECIPE, evaluate_every=1, checkpoint_every=3, evaluate_images=2),
        [IMAGES],
        HELD_OUT,
        tmp_path,
    )
    assert_equal(state(whole)["model"], state(tmp_path)["model"])


def test_the_seed_decides(tmp_path: Path, whole: Path) -> None:
    torch.manual_seed(1234)
    train(RECIPE, [IMAGES], HELD_OUT, tmp_path / "same")
    assert_equal(state(whole), state(tmp_path / "same"))
    train(dataclasses.replace(RECIPE, seed=4), [IMAGES], HELD_OUT, tmp_path / "other")
    assert not torch.equal(
        *(state(out)["model"]["recognition.on_head.0.weight"] for out in (whole, tmp_path / "other"))
    )


def test_training_learns(tmp_path: Path) -> None:
    config = dataclasses.replace(RECIPE, steps=60, batch=8, evaluate_every=20, checkpoint_every=60, learning_rate=3e-3)
    train(config, [IMAGES], HELD_OUT, tmp_path)
    first, *_, last = records(tmp_path)
    assert last["bound"] > first["bound"] + 5


def test_a_run_is_not_overwritten(tmp_path: Path) -> None:
    config = dataclasses.replace(RECIPE, steps=1)
    train(config, [IMAGES], HELD_OUT, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(DoodError, match="holds a training run already"):
        train(config, [IMAGES], HELD_OUT, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_run_is_not_resumed_with_other_data(tmp_path: Path) -> None:
    config = dataclasses.replace(RECIPE, steps=1)
    train(config, [IMAGES], HELD_OUT, tmp_path, notes={"data_sha256": "5a"})
    with pytest.raises(DoodError, match="data_sha256=5a, not 6b"):
        train(config, [IMAGES], HELD_OUT, tmp_path, resume=True, notes={"data_sha256": "6b"})
    train(config, [IMAGES], HELD_OUT, tmp_path, resume=True, notes={"data_sha256": "5a"})


def test_the_weights_say_how_they_were_made(whole: Path) -> None:
    header = checkpoint.read_header(whole / "model.safetensors")
    assert json.loads(header["train"])["learning_rate"] == RECIPE.learning_rate
    assert header["code"].startswith(dood.__version__)


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


def test_a_loss_that_is_not_a_number_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    class Broken(Loss):
        def forward(self, *arguments: Any) -> Tensor:
            calls.append(0)
            return super().forward(*arguments) * (float("nan") if len(calls) == 8 else 1.0)

    monkeypatch.setattr(training, "Loss", Broken)
    with pytest.raises(DoodError, match=r"loss of nan .* at step 7") as caught:
        train(RECIPE, [IMAGES], HELD_OUT, tmp_path)
    assert "\n" not in str(caught.value)
    assert state(tmp_path)["step"] == 5
    assert all(parameter.isfinite().all() for parameter in checkpoint.load(tmp_path).parameters())
    monkeypatch.setattr(training, "Loss", Loss)
    train(RECIPE, [IMAGES], HELD_OUT, tmp_path, resume=True)


def test_a_rate_that_is_far_too_high_is_noticed(tmp_path: Path) -> None:
    config = dataclasses.replace(RECIPE, learning_rate=1e30, evaluate_every=10, checkpoint_every=10)
    with pytest.raises(DoodError, match="lower the learning rate"):
        train(config, [IMAGES], HELD_OUT, tmp_path)


@pytest.mark.parametrize("factor", [float("nan"), float("inf")])
def test_a_broken_update_leaves_the_weights_alone(factor: float) -> None:
    model, objective = tiny_model(), training.OBJECTIVES["exact"](TINY.features)
    optimiser = make_optimiser(model, objective, RECIPE)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    value = Loss(model, objective)(scribbles(2), model.noise(2), LossWeights(), seeded()) * factor
    with pytest.raises(DoodError, match="checkpoint, if there is one, is kept"):
        update(optimiser, value, RECIPE, 0)
    assert_equal(model.state_dict(), before)


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


def test_metrics_that_cannot_be_written_are_said_so(tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").mkdir()
    with pytest.raises(DoodError, match=r"metrics\.jsonl"):
        train(dataclasses.replace(RECIPE, steps=1), [IMAGES], HELD_OUT, tmp_path)


@pytest.mark.parametrize(
    ("strokes", "warm_until", "reported"),
    [(0.0, 0.0, True), (2.0, 0.0, True), (1.2, 0.0, False), (0.0, 1.0, False)],
)
def test_a_collapse_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strokes: float, warm_until: float, reported: bool
) -> None:
    """No strokes at all, or always all of them, once the model has warmed up."""
    monkeypatch.setattr(training, "summarise", lambda *_, **__: Summary(1.0, 0.1, 0.1, strokes))
    config = dataclasses.replace(RECIPE, steps=2, spread_until=warm_until, ratio_until=warm_until)
    train(config, [IMAGES], HELD_OUT, tmp_path)
    (record,) = records(tmp_path)
    assert ("collapsed" in record.get("warning", "")) == reported


def test_the_likelihood_learns_at_its_own_rate() -> None:
    model = tiny_model()
    config = dataclasses.replace(RECIPE, learning_rate=0.01, likelihood_rate=7.0, warmup=0)
    optimiser = make_optimiser(model, training.OBJECTIVES["nvil"](8), config)
    count = sum(len(group["params"]) for group in optimiser.param_groups)
    assert count == len(list(model.parameters())) + 4, "the baseline's too"
    others, scale = optimiser.param_groups
    assert scale["params"] == [model.likelihood.raw]
    sum((p.sum() for group in optimiser.param_groups for p in group["params"]), torch.zeros(())).backward()
    before = [group["params"][0].detach().clone() for group in (others, scale)]
    update(optimiser, model.likelihood.raw.sum() + others["params"][0].sum(), config, 0)
    moved = [(old - group["params"][0]).mean().item() for old, group in zip(before, (others, scale), strict=True)]
    assert moved == pytest.approx([0.01, 0.07], rel=1e-3)


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


def test_weights_that_are_not_finite_are_never_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = dataclasses.replace(RECIPE, steps=1, warmup=0, learning_rate=1e38)
    with pytest.raises(DoodError, match="weights are not finite"):
        train(config, [IMAGES], HELD_OUT, tmp_path)
    assert not (tmp_path / "model.safetensors").exists()


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
from tests.training.test_loop import HELD_OUT, IMAGES, RECIPE
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


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (scribbles_uint8(8).float(), "training images have type torch.float32: give uint8"),
        (scribbles_uint8(8, side=28), r"have shape \[8, 28, 28\]: the model is for \[n, 12, 12\]"),
        (scribbles_uint8(8).unsqueeze(1), r"have shape \[8, 1, 12, 12\]"),
    ],
)
def test_images_of_another_type_or_size_are_refused(tmp_path: Path, images: torch.Tensor, message: str) -> None:
    config = TrainConfig(model=TINY, steps=1, batch=2)
    for sets, held_out in (([images], scribbles_uint8(2)), ([scribbles_uint8(8)], images)):
        with pytest.raises(DoodError, match=message):
            train(config, sets, held_out, tmp_path / "run")
    assert not (tmp_path / "run").exists()
