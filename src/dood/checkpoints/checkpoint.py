"""Models on disk: weights and configuration in one safetensors file; resumable training state beside it."""

import dataclasses
import importlib.resources
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch

from dood.checkpoints.checksums import SHA256, check_digest, digest
from dood.checkpoints.headers import FORMAT, MODEL, read_header
from dood.checkpoints.hub import SCHEME, download
from dood.checkpoints.keys import current_keys, joint_prior_keys
from dood.errors import DoodError
from dood.files import atomic_write
from dood.models.config import ModelConfig
from dood.models.dood import DooD

__all__ = ["JOINT_PRIOR", "check_finite", "find", "header_of", "load", "load_state", "save", "save_state", "shipped"]

JOINT_PRIOR = ":joint-prior"
"""Follows a model's name or path where the prior is wanted that was learned with it, not the one learned after it."""


def shipped() -> dict[str, Path]:
    """Return the files of the models in the package, by name."""
    folder = Path(str(importlib.resources.files("dood") / "weights"))
    return {path.stem: path for path in sorted(folder.glob("*.safetensors"))}


def load(model: str | Path = "all", *, build: Callable[[ModelConfig], DooD] = DooD) -> DooD:
    """Return a trained model, ready to use (evaluation mode, on the CPU).

    Arguments:
        model: the name of a shipped model, a `.safetensors` file, the folder of a training run, or an address
            `hf://owner/name` (see `dood.checkpoints.hub`); with `JOINT_PRIOR` after it where that is wanted.
        build: makes the network that the weights are loaded into; give your own for a model with parts of your own
            (docs/extend.md).

    Raises:
        DoodError: there is no such model, it cannot be fetched, the file is not one, or its weights do not fit.
    """
    path = find(model)
    header = read_header(path)
    config = config_from_json(header["config"])
    try:
        tensors = safetensors.torch.load_file(path)
        check_digest(path, tensors, header.get(SHA256))
        tensors = current_keys(tensors)
        if str(model).endswith(JOINT_PRIOR):
            config, tensors = dataclasses.replace(config, expost=False), joint_prior_keys(tensors)
        network = build(config)
        network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except (OSError, safetensors.SafetensorError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise DoodError(f"{path} does not hold the weights that its configuration describes: {reason}") from error
    check_finite(network, str(path))
    return network.eval().requires_grad_(False)


def check_finite(network: torch.nn.Module, where: str) -> None:
    """Refuse weights that are not finite.

    Raises:
        DoodError: some are not finite.
    """
    broken = [name for name, tensor in network.state_dict().items() if not tensor.isfinite().all()]
    if broken:
        raise DoodError(f"{where}: weights are not finite ({broken[0]}): the training that made them went wrong")


def find(model: str | Path) -> Path:
    """Return the file of a model, named as for `load`; one on the Hub is fetched into the cache.

    Raises:
        DoodError: there is no such model, or it cannot be fetched.
    """
    known, name = shipped(), str(model).removesuffix(JOINT_PRIOR)
    if name in known:
        return known[name]
    if name.startswith(SCHEME):
        return download(name)
    path = Path(name)
    if path.is_dir():
        path = path / MODEL
    if not path.is_file():
        names = ", ".join(known) or "none"
        raise DoodError(f"no model {name!r}: neither a file, nor a training run, nor a shipped model ({names})")
    return path


def header_of(model: str | Path) -> dict[str, str]:
    """Return the header of a model, named as for `load`; with the joint prior it does not mention the other one.

    Raises:
        DoodError: there is no such model, or the file is not one.
    """
    header = read_header(find(model))
    if str(model).endswith(JOINT_PRIOR):
        header.pop("refit", None)
    return header


def save(network: DooD, path: str | Path, notes: dict[str, str] | None = None, *, half: bool = False) -> None:
    """Write weights and configuration to `path`, whole or not at all.

    Arguments:
        notes: further entries for the header (data, steps, ...).
        half: store 16-bit floats, but for the likelihood's scales.
    """
    tensors = {
        name: (tensor.half() if half and "likelihood" not in name else tensor).contiguous()
        for name, tensor in network.state_dict().items()
    }
    header = {"format": FORMAT, "config": config_to_json(network.config), **(notes or {}), SHA256: digest(tensors)}
    with atomic_write(path) as file:
        file.write(safetensors.torch.save(tensors, header))


def save_state(state: dict[str, Any], path: str | Path) -> None:
    """Write a training state (tensors and plain values), whole or not at all."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    with atomic_write(path) as file:
        file.write(buffer.getbuffer())


def load_state(path: str | Path) -> dict[str, Any]:
    """Read what `save_state` wrote.

    Raises:
        DoodError: the file is missing or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
        if damaged:
            raise DoodError(f"{path} is damaged ({damaged}): it cannot be resumed; copy it anew")
        return torch.load(path, weights_only=True, map_location="cpu")
    except FileNotFoundError as error:
        raise DoodError(f"{path} does not exist: there is no run to resume there") from error
    except DoodError:
        raise
    except Exception as error:  # torch.load raises whatever its unpickler meets in a damaged file
        raise DoodError(f"{path} is not a readable checkpoint: it is damaged or of another kind") from error


def config_to_json(config: ModelConfig) -> str:
    """A model's configuration as JSON."""
    return json.dumps(dataclasses.asdict(config))


def config_from_json(text: str) -> ModelConfig:
    """A model's configuration from JSON."""
    try:
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in json.loads(text).items()
        }
        return ModelConfig(**fields)
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise DoodError(f"the model's configuration cannot be used: {error}") from error
