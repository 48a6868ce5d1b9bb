"""Models on disk: what comes back, and one clear line for what cannot."""

import dataclasses
import errno
import json
import os
import pickle
from pathlib import Path
from typing import Any

import jaxtyping
import pytest
import safetensors
import safetensors.numpy
import safetensors.torch
import torch
from numpy.testing import assert_allclose

from dood import checksums
from dood.checkpoints import checkpoint
from dood.errors import DoodError
from dood.models.dood import DooD
from dood.models.priors.expost import ExPostPrior
from tests.tiny import TINY, scribbles, tiny_model


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors", {"data": "scribbles"})
    return tmp_path / "model.safetensors"


def rewrite(path: Path, header: dict[str, str] | None = None, drop: str | None = None) -> None:
    """The same file with other entries in its header (None takes an entry out), or without a tensor."""
    tensors = {name: tensor for name, tensor in safetensors.torch.load_file(path).items() if name != drop}
    path.write_bytes(safetensors.torch.save(tensors, checkpoint.read_header(path) | (header or {})))


def refusal(path: Path) -> str:
    with pytest.raises(DoodError) as caught:
        checkpoint.load(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_weights_configuration_and_notes_come_back(saved: Path) -> None:
    original, loaded = tiny_model(), checkpoint.load(saved)
    assert loaded.config == TINY
    assert checkpoint.read_header(saved)["data"] == "scribbles"
    for name, tensor in original.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor), name
    assert not loaded.training
    assert not any(parameter.requires_grad for parameter in loaded.parameters())


def test_a_folder_of_a_run_and_a_text_path_will_do(saved: Path) -> None:
    for where in (saved.parent, str(saved), str(saved.parent)):
        assert checkpoint.load(where).config == TINY


def test_half_precision_is_half_the_size_and_nearly_the_same_model(tmp_path: Path) -> None:
    model = tiny_model()
    model.likelihood.raw.data.add_(1e-5)
    whole, half = tmp_path / "whole.safetensors", tmp_path / "half.safetensors"
    checkpoint.save(model, whole)
    checkpoint.save(model, half, half=True)
    loaded = checkpoint.load(half)
    assert half.stat().st_size < 0.75 * whole.stat().st_size
    assert torch.equal(loaded.likelihood.raw, model.likelihood.raw), "log densities need them exact"
    for name, tensor in model.state_dict().items():
        assert loaded.state_dict()[name].dtype == torch.float32
        assert_allclose(loaded.state_dict()[name], tensor, rtol=1e-3, atol=1e-6, err_msg=name)
    rounded = "recognition.stroke_head.0.weight"
    assert not torch.equal(loaded.state_dict()[rounded], model.state_dict()[rounded])
    images = scribbles(3)
    difference = loaded(images).canvases - model(images).canvases
    assert difference.abs().max().item() < 0.01


def test_a_missing_model_is_named_with_what_there_is(tmp_path: Path) -> None:
    message = refusal(tmp_path / "nothing.safetensors")
    assert "nothing.safetensors" in message
    assert all(name in message for name in checkpoint.shipped())
    assert "no model" in refusal(tmp_path), "a folder without a model"


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"not a model", b"\x89PNG\r\n\x1a\n" + b"x" * 64])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    assert str(path) in refusal(path)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.999])
def test_a_cut_off_file_is_refused(saved: Path, share: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])
    assert str(saved) in refusal(saved)


def test_safetensors_of_another_format_are_refused(saved: Path) -> None:
    rewrite(saved, {"format": "dood-model-99"})
    message = refusal(saved)
    assert "dood-model-99" in message
    assert checkpoint.FORMAT in message
    saved.write_bytes(safetensors.torch.save({"x": torch.zeros(3)}))
    assert "not a dood model" in refusal(saved)


def test_weights_of_another_configuration_are_refused(saved: Path) -> None:
    rewrite(saved, {"config": checkpoint.config_to_json(dataclasses.replace(TINY, hidden=12))})
    assert str(saved) in refusal(saved)
    rewrite(saved, {"config": checkpoint.config_to_json(TINY)})
    checkpoint.load(saved)
    rewrite(saved, drop="likelihood.raw")
    assert str(saved) in refusal(saved)


@pytest.mark.parametrize("config", ["", "{", "[]", "3", '{"color": 1}', '{"strokes": 0}', '{"likelihood": "cauchy"}'])
def test_a_configuration_that_cannot_be_used_is_refused(
    saved: Path, config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # as in a program without its checks
    rewrite(saved, {"config": config})
    assert "configuration" in refusal(saved)


def test_a_header_without_a_configuration_is_refused(saved: Path) -> None:
    tensors = safetensors.torch.load_file(saved)
    saved.write_bytes(safetensors.torch.save(tensors, {"format": checkpoint.FORMAT}))
    assert str(saved) in refusal(saved)


def test_a_configuration_survives_json() -> None:
    assert checkpoint.config_from_json(checkpoint.config_to_json(TINY)) == TINY
    assert isinstance(json.loads(checkpoint.config_to_json(TINY)), dict)


def test_every_shipped_model_draws() -> None:
    assert "mnist" in checkpoint.shipped()
    for name in checkpoint.shipped():
        model = checkpoint.load(name)
        images = scribbles(1, model.config.resolution)
        assert model.infer(images).canvases.isfinite().all(), name


def test_a_training_state_comes_back(tmp_path: Path) -> None:
    state = {"step": 7, "config": {"range": (0.1, 0.2)}, "weights": {"a": torch.arange(4.0)}}
    checkpoint.save_state(state, tmp_path / "checkpoint.pt")
    loaded = checkpoint.load_state(tmp_path / "checkpoint.pt")
    assert torch.equal(loaded["weights"].pop("a"), state["weights"].pop("a"))
    assert loaded == state


class Trap:
    """Unpickling it would leave a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.touch, (self.path,)


def test_damaged_missing_and_hostile_states_are_refused(tmp_path: Path) -> None:
    path, sprung = tmp_path / "checkpoint.pt", tmp_path / "sprung"
    with pytest.raises(DoodError, match="does not exist"):
        checkpoint.load_state(path)
    checkpoint.save_state({"step": 1, "weights": torch.zeros(1000)}, path)
    for content in (b"", b"junk", path.read_bytes()[:500], pickle.dumps(Trap(sprung))):
        path.write_bytes(content)
        with pytest.raises(DoodError, match="not a readable checkpoint") as caught:
            checkpoint.load_state(path)
        assert "\n" not in str(caught.value)
    assert not sprung.exists()
    with pytest.raises(DoodError, match="not a readable checkpoint"):
        checkpoint.load_state(tmp_path)


def full_disk(descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("kind", ["model", "state"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = tmp_path / "file"

    def write(model: DooD) -> None:
        if kind == "model":
            checkpoint.save(model, path)
        else:
            checkpoint.save_state({"model": model.state_dict()}, path)

    write(tiny_model())
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(DoodError, match="No space left"):
        write(tiny_model(seed=1))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"cannot write .*nowhere"):
        checkpoint.save(tiny_model(), tmp_path / "nowhere" / "model.safetensors")


def test_a_model_with_an_ex_post_prior_can_be_had_with_its_joint_one(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    plain, refitted = tiny_model(), tiny_model(dataclasses.replace(TINY, expost=True))
    others = {name: value for name, value in plain.state_dict().items() if not name.startswith("prior.")}
    refitted.load_state_dict(others, strict=False)
    refitted.prior.learned_jointly().load_state_dict(plain.prior.state_dict())
    checkpoint.save(refitted, path, {"refit": "{}", "data": "scribbles"})
    own, images = checkpoint.load(f"{path}{checkpoint.JOINT_PRIOR}"), scribbles(2)
    assert own.config == TINY
    assert torch.equal(own(images).log_p, plain(images).log_p)
    assert not torch.equal(own(images).log_p, checkpoint.load(path)(images).log_p)
    assert checkpoint.header_of(path)["refit"] == "{}"
    header = checkpoint.header_of(f"{path}{checkpoint.JOINT_PRIOR}")
    assert header["data"] == "scribbles"
    assert "refit" not in header


def test_an_ex_post_prior_of_an_older_dood_is_not_taken_for_one_of_today(tmp_path: Path) -> None:
    path, older = tmp_path / "model.safetensors", tiny_model(dataclasses.replace(TINY, expost=True))
    assert isinstance(older.prior, ExPostPrior)
    del older.prior.start, older.prior.end
    checkpoint.save(older, path)
    with pytest.raises(DoodError, match=rf"ex-post prior of an older dood.* dood refit {path}:joint-prior --out"):
        checkpoint.load(path)
    assert checkpoint.load(f"{path}{checkpoint.JOINT_PRIOR}").config == TINY


def test_the_joint_prior_of_a_model_that_has_no_other_is_the_model(saved: Path) -> None:
    images = scribbles(2)
    assert torch.equal(
        checkpoint.load(saved)(images).log_p, checkpoint.load(f"{saved}{checkpoint.JOINT_PRIOR}")(images).log_p
    )


def test_a_flipped_bit_in_weights_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    checkpoint.save(tiny_model(), path)
    checkpoint.load(path)
    content = bytearray(path.read_bytes())
    content[-5] ^= 4
    path.write_bytes(content)
    with pytest.raises(DoodError, match="damaged"):
        checkpoint.load(path)


def test_shipped_weights_have_the_checksums_that_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, path in checkpoint.shipped().items():
        tensors = safetensors.numpy.load_file(path)
        checksums.check_digest(path, tensors, None)
        next(iter(tensors.values())).reshape(-1)[0] += 1
        with pytest.raises(DoodError, match=f"{name}.safetensors is damaged"):
            checksums.check_digest(path, tensors, None)


def test_a_byte_changed_in_a_checkpoint_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    checkpoint.save_state({"weights": torch.arange(4096.0)}, path)
    content = bytearray(path.read_bytes())
    content[content.index(torch.arange(4096.0)[1000:1010].numpy().tobytes())] ^= 1
    path.write_bytes(content)
    with pytest.raises(DoodError, match="damaged"):
        checkpoint.load_state(path)


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    model = tiny_model()
    with torch.no_grad():
        next(model.parameters()).view(-1)[0] = float("nan")
    checkpoint.save(model, tmp_path / "model.safetensors")
    with pytest.raises(DoodError, match="not finite"):
        checkpoint.load(tmp_path / "model.safetensors")


@pytest.mark.parametrize("large", [{"hidden": 16_000}, {"features": 16_000}, {"frame_size": 1024}])
def test_a_configuration_larger_than_its_weights_is_refused_before_the_network_is_made(
    saved: Path, large: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    places, make = [], DooD.__init__

    def noted(network: DooD, *parts: Any, **more: Any) -> None:
        places.append(torch.empty(0).device.type)
        make(network, *parts, **more)

    monkeypatch.setattr(DooD, "__init__", noted)
    rewrite(saved, {"config": json.dumps(dataclasses.asdict(TINY) | large)})
    assert "does not hold the weights that its configuration describes" in refusal(saved)
    assert places == ["meta"]


def test_a_large_model_comes_back(tmp_path: Path) -> None:
    config = dataclasses.replace(TINY, hidden=1032)
    checkpoint.save(tiny_model(config), tmp_path / "large.safetensors")
    assert checkpoint.load(tmp_path / "large.safetensors").config == config


@pytest.mark.parametrize(
    "change", [{"corrections": 10**9}, {"curve_samples": 10**9}, {"hidden": "8"}, {"shift_range": [0.1, 0.2]}]
)
def test_numbers_that_no_model_has_are_refused(
    saved: Path, change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # as in a program without its checks
    rewrite(saved, {"config": json.dumps(dataclasses.asdict(TINY) | change)})
    assert f"model.{next(iter(change))} (=" in refusal(saved)
