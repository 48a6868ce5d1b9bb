"""Models by name: which file it is, what its header says, and which configuration; without torch."""

import dataclasses
import importlib.resources
import json
from pathlib import Path
from typing import Any

from dood.checkpoints.headers import MODEL, read_header
from dood.checkpoints.hub import SCHEME, download
from dood.errors import DoodError
from dood.models.config import ModelConfig

__all__ = ["JOINT_PRIOR", "config_from_json", "config_to_json", "find", "header_of", "shipped"]

JOINT_PRIOR = ":joint-prior"
"""Follows a model's name or path where the prior is wanted that was learned with it, not the one learned after it."""


def shipped() -> dict[str, Path]:
    """Return the files of the models in the package, by name."""
    folder = Path(str(importlib.resources.files("dood") / "weights"))
    return {path.stem: path for path in sorted(folder.glob("*.safetensors"))}


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
        for note in ("refit", "critic"):
            header.pop(note, None)
    return header


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
