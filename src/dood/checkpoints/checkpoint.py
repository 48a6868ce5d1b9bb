"""Models on disk: weights and configuration in one safetensors file; resumable training state beside it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from numpy.typing import NDArray

from dood.checkpoints.finding import JOINT_PRIOR, config_from_json, config_to_json, find, header_of, shipped
from dood.checkpoints.headers import FORMAT, read_header
from dood.checkpoints.weights import with_prior
from dood.checksums import SHA256, check_digest, digest
from dood.errors import DoodError
from dood.files import atomic_write
from dood.models.config import ModelConfig
from dood.models.dood import DooD

__all__ = ["JOINT_PRIOR", "check_finite", "find", "header_of", "load", "load_state", "save", "save_state", "shipped"]

WIDE, SIDE = 1024, 128
"""Widths of layers and sides of encoders up to which a network takes no more than some 200 MB."""


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
        check_digest(path, _bytes(tensors), header.get(SHA256))
        config, tensors = with_prior(model, config, tensors)
        _check_large(config, build, tensors)
        network = build(config)
        network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except (OSError, safetensors.SafetensorError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise DoodError(f"{path} does not hold the weights that its configuration describes: {reason}") from error
    check_finite(network, str(path))
    return network.eval().requires_grad_(False)


def _check_large(config: ModelConfig, build: Callable[[ModelConfig], DooD], tensors: dict[str, torch.Tensor]) -> None:
    """Compare shapes before memory is taken for a network that a few words in a header say is large.

    Torch makes networks without memory ("meta"), which costs a second the first time: small ones are made at once.
    """
    wide, side = max(config.hidden, config.features), max(config.frame_size, config.glimpse_size, config.prior_size)
    if build is not DooD or (wide <= WIDE and side <= SIDE):
        return
    with torch.device("meta"):
        expected = build(config).state_dict()
    for name, tensor in expected.items():
        found = list(tensors[name].shape) if name in tensors else "absent"
        if found != list(tensor.shape):
            raise RuntimeError(f"{name} is {found} rather than {list(tensor.shape)}")


def _bytes(tensors: dict[str, torch.Tensor]) -> dict[str, NDArray]:
    """Tensors of any type as numpy has them, which knows fewer types."""
    flat = {name: tensor.detach().cpu().contiguous().view(-1) for name, tensor in tensors.items()}
    return {name: tensor.view(torch.uint8).numpy() for name, tensor in flat.items()}


def check_finite(network: torch.nn.Module, where: str) -> None:
    """Refuse weights that are not finite.

    Raises:
        DoodError: some are not finite.
    """
    broken = [name for name, tensor in network.state_dict().items() if not tensor.isfinite().all()]
    if broken:
        raise DoodError(f"{where}: weights are not finite ({broken[0]}): the training that made them went wrong")


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
    header = {
        "format": FORMAT,
        "config": config_to_json(network.config),
        **(notes or {}),
        SHA256: digest(_bytes(tensors)),
    }
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
