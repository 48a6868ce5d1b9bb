"""Headers of model files: what weights are, and what is noted about them, read without a tensor or torch."""

import json
from collections.abc import Mapping
from pathlib import Path

import safetensors

from dood.errors import DoodError

__all__ = ["FORMAT", "MODEL", "base_name", "model_name", "read_header", "source_of"]

FORMAT = "dood-model-1"

MODEL = "model.safetensors"
"""The weights in the folder of a training run."""

AUGMENTED, DREAMS, REFIT = "-augmented", "-dreams", "-refit"
"""What follows a model's name when its training images were augmented, when it dreamt of several of them on one canvas,
and when it has an ex-post prior."""


def read_header(path: str | Path) -> dict[str, str]:
    """Header of a model file: format, config and notes.

    Raises:
        DoodError: the file cannot be read, or is no model of dood.
    """
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            header = file.metadata() or {}
    except (OSError, safetensors.SafetensorError) as error:
        raise DoodError(f"{path} is not a readable model: it is damaged or not a safetensors file") from error
    if header.get("format") != FORMAT:
        raise DoodError(f"{path} is not a dood model (its format is {header.get('format')!r}, not {FORMAT!r})")
    if "config" not in header:
        raise DoodError(f"{path} does not say which configuration its weights belong to")
    return header


def model_name(header: Mapping[str, str]) -> str:
    """What tables call the model: its name for `dood train --model`, and what sets it apart from the paper's."""
    name = header.get("model", "dood")
    try:
        recipe = json.loads(header.get("train", "{}"))
    except (ValueError, RecursionError):
        recipe = {}  # notes are there to be read: no model is refused for one
    for setting, suffix in (("augmentation", AUGMENTED), ("dreams", DREAMS)):
        if isinstance(recipe, dict) and recipe.get(setting):
            name += suffix
    return name + REFIT if "refit" in header else name


def base_name(name: str) -> str:
    """The paper's model that a model of `model_name` compares with."""
    return name.removesuffix(REFIT).removesuffix(DREAMS).removesuffix(AUGMENTED)


def source_of(header: Mapping[str, str]) -> str:
    """What the model was trained on."""
    return header.get("data", "unknown")
