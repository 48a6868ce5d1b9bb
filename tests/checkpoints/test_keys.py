"""Weights of older files, under the names that their modules have now."""

import dataclasses
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.checkpoints.keys import current_keys, joint_prior_keys
from tests.tiny import TINY, scribbles, tiny_model


def older_name(name: str, expost: bool) -> str:
    """What a weight was called before priors had a package: by hand, apart from the code that is tested."""
    name = name.replace("memory.canvas_encoder.", "prior.canvas_encoder.")
    if not expost or name.startswith("prior.canvas_encoder."):
        return name
    if name.startswith("prior.joint."):
        return name.replace("prior.joint.", "prior.")
    if name.startswith("prior."):
        return "expost." + name.removeprefix("prior.").replace("codebook.", "gist.").replace("made.", "chain.")
    return name


@pytest.mark.parametrize("expost", [False, True])
def test_weights_of_an_older_file_are_found(expost: bool) -> None:
    now = tiny_model(dataclasses.replace(TINY, expost=expost)).state_dict()
    older = {older_name(name, expost): value for name, value in now.items()}
    assert len(older) == len(now)
    assert older.keys() != now.keys()
    assert_same(current_keys(older), now)
    assert_same(current_keys(now), now)


def test_an_older_file_is_the_same_model_with_either_prior(tmp_path: Path) -> None:
    model = tiny_model(dataclasses.replace(TINY, expost=True)).requires_grad_(False)
    config = checkpoint.config_to_json(model.config)
    tensors = {older_name(name, True): value for name, value in model.state_dict().items()}
    safetensors.torch.save_file(tensors, tmp_path / "old.safetensors", {"format": "dood-model-1", "config": config})
    images = scribbles(2)
    assert torch.equal(checkpoint.load(tmp_path / "old.safetensors")(images).log_p, model(images).log_p)
    joint = checkpoint.load(f"{tmp_path / 'old.safetensors'}{checkpoint.JOINT_PRIOR}")
    model.prior = model.prior.learned_jointly()
    assert torch.equal(joint(images).log_p, model(images).log_p)


def test_the_joint_prior_takes_the_place_of_the_other() -> None:
    expost = tiny_model(dataclasses.replace(TINY, expost=True)).state_dict()
    plain = tiny_model().state_dict()
    assert joint_prior_keys(expost).keys() == plain.keys()
    assert_same(joint_prior_keys(plain), plain)


@pytest.mark.parametrize("name", ["mnist", "all"])
@pytest.mark.parametrize("suffix", ["", checkpoint.JOINT_PRIOR])
def test_shipped_weights_are_found(name: str, suffix: str) -> None:
    model = checkpoint.load(name + suffix)
    assert model(torch.zeros(1, 50, 50)).log_p.isfinite().all()


def assert_same(one: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
