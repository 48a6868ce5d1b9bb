"""What a run that is to go on was trained with."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from dood.checkpoints import checkpoint
from dood.errors import DoodError
from dood.models.config import ModelConfig
from dood.training.loop import CHECKPOINT
from dood.training.presets import TrainConfig

__all__ = ["recipe_of"]


def recipe_of(out: str | Path) -> tuple[TrainConfig, dict[str, str]]:
    """Return the recipe of the run in the folder `out`, and the notes of its checkpoint.

    A setting that the checkpoint is older than is as it is by default.

    Raises:
        DoodError: there is no checkpoint, or it is damaged or of another kind.
    """
    path = Path(out) / CHECKPOINT
    state = checkpoint.load_state(path)
    try:
        settings: dict[str, Any] = _known(TrainConfig, state["config"])
        settings["model"] = ModelConfig(**_known(ModelConfig, settings["model"]))
        return TrainConfig(**settings), dict(state["notes"])
    except (KeyError, TypeError, AttributeError) as error:
        raise DoodError(f"{path} is a checkpoint of another kind: it cannot be resumed") from error


def _known(kind: Any, settings: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in settings.items() if name in names}
