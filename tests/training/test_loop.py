"""The training loop: what it writes, what it refuses, and when it stops."""

import dataclasses
import json
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
from tests.short_run import HELD_OUT, IMAGES, RECIPE, assert_equal, records, state
from tests.tiny import TINY, scribbles, scribbles_uint8, seeded, tiny_model


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


def test_training_begins_with_the_weights_of_another_model(tmp_path: Path, whole: Path) -> None:
    more = dataclasses.replace(TINY, strokes=TINY.strokes + 2)
    config = dataclasses.replace(RECIPE, model=more, start=str(whole), steps=1, learning_rate=1e-9, warmup=0)
    model = train(config, [IMAGES], HELD_OUT, tmp_path)
    before = checkpoint.load(whole).state_dict()
    for name, tensor in model.state_dict().items():
        torch.testing.assert_close(tensor, before[name], rtol=0, atol=1e-6)
    assert json.loads(checkpoint.read_header(tmp_path / "model.safetensors")["train"])["start"] == str(whole)


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("mnits", "no model 'mnits'"),
        ("mnist:joint-prior", r"start \(=mnist:joint-prior\) has model\.\w+=\S+, not \S+: --set model\.\w+="),
    ],
)
def test_a_start_that_does_not_fit_is_refused(start: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=message):
        train(dataclasses.replace(RECIPE, start=start), [IMAGES], HELD_OUT, tmp_path)
    assert not (tmp_path / "model.safetensors").exists()


def test_a_refitted_start_says_how_to_have_the_prior_that_is_trained(tmp_path: Path) -> None:
    shipped = dataclasses.replace(checkpoint.load("mnist").config, expost=False)
    images = torch.zeros(4, shipped.resolution, shipped.resolution, dtype=torch.uint8)
    with pytest.raises(DoodError, match="start with mnist:joint-prior"):
        train(dataclasses.replace(RECIPE, model=shipped, start="mnist"), [images], images, tmp_path)


def test_a_run_is_not_overwritten(tmp_path: Path) -> None:
    config = dataclasses.replace(RECIPE, steps=1)
    train(config, [IMAGES], HELD_OUT, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(DoodError, match="holds a training run already"):
        train(config, [IMAGES], HELD_OUT, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_weights_say_how_they_were_made(whole: Path) -> None:
    header = checkpoint.read_header(whole / "model.safetensors")
    assert json.loads(header["train"])["learning_rate"] == RECIPE.learning_rate
    assert header["code"].startswith(dood.__version__)


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


def test_weights_that_are_not_finite_are_never_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = dataclasses.replace(RECIPE, steps=1, warmup=0, learning_rate=1e38)
    with pytest.raises(DoodError, match="weights are not finite"):
        train(config, [IMAGES], HELD_OUT, tmp_path)
    assert not (tmp_path / "model.safetensors").exists()


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
