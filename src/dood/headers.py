"""Headers of model files: what weights are, and what is noted about them, read without a tensor or torch."""

from pathlib import Path

import safetensors

from dood.errors import DoodError

__all__ = ["FORMAT", "MODEL", "read_header"]

FORMAT = "dood-model-1"

MODEL = "model.safetensors"
"""The weights in the folder of a training run."""


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
