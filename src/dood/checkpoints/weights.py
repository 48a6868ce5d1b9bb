"""Weights as numpy has them, under the names of the present modules."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import safetensors
from numpy.typing import NDArray
from safetensors.numpy import load_file

from dood.checkpoints.finding import JOINT_PRIOR, config_from_json, find
from dood.checkpoints.headers import read_header
from dood.checkpoints.keys import current_keys, joint_prior_keys
from dood.checksums import SHA256, check_digest
from dood.errors import DoodError
from dood.models.config import ModelConfig

__all__ = ["read_weights", "with_prior"]

T = TypeVar("T")

EXPOST, POINTING = "prior.codebook.share", "prior.start.score.weight"
"""A weight of every ex-post prior, and one that none had before its strokes could begin where others run."""


def with_prior(model: str | Path, config: ModelConfig, tensors: Mapping[str, T]) -> tuple[ModelConfig, dict[str, T]]:
    """Return configuration and weights, under their present names, with the prior that the model's name asks for.

    Raises:
        DoodError: that is an ex-post prior of an older dood.
    """
    present = current_keys(tensors)
    if str(model).endswith(JOINT_PRIOR):
        return dataclasses.replace(config, expost=False, critic=False), joint_prior_keys(present)
    if config.expost and EXPOST in present and POINTING not in present:
        raise DoodError(
            f"{model} has an ex-post prior of an older dood, which is no more: load {model}{JOINT_PRIOR}, or learn one"
            f" anew: dood refit {model}{JOINT_PRIOR} --out NEW.safetensors"
        )
    return config, present


def read_weights(model: str | Path, shapes: Mapping[str, list[int]]) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a model, named as for `dood.load`, that are to have these shapes.

    Raises:
        DoodError: the file cannot be read or is damaged, or a weight is absent, of another shape, or not finite.
    """
    path = find(model)
    header = read_header(path)
    try:
        tensors = load_file(path)
    except (OSError, safetensors.SafetensorError) as error:
        raise DoodError(f"{path} is not a readable model: {error}") from error
    check_digest(path, tensors, header.get(SHA256))
    _, present = with_prior(model, config_from_json(header["config"]), tensors)
    found = {}
    for name, shape in shapes.items():
        is_there = list(present[name].shape) if name in present else "absent"
        if is_there != shape:
            raise DoodError(
                f"{path} does not hold the weights that its configuration describes: {name} is {is_there} rather than"
                f" {shape}"
            )
        found[name] = np.ascontiguousarray(present[name], np.float32)
        if not np.isfinite(found[name]).all():
            raise DoodError(f"{path}: weights are not finite ({name}): the training that made them went wrong")
    return found
