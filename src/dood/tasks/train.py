"""Train: images of any kind in, a model out."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import torch

from dood.data import training_data
from dood.errors import DoodError
from dood.models.config import ModelConfig
from dood.models.dood import DooD
from dood.runs.metrics_log import Record
from dood.training import loop
from dood.training.presets import PRESETS, TrainConfig, with_model

__all__ = ["train"]

HELD_OUT = 1000


def train(
    images: Any,
    out: str | Path,
    *,
    preset: str | TrainConfig = "standard",
    model: str | ModelConfig | None = None,
    polarity: str = "auto",
    held_out: int = HELD_OUT,
    device: str = "cpu",
    resume: bool = False,
    callback: Callable[[Record], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    build: Callable[[ModelConfig], DooD] = DooD,
    **settings: Any,
) -> DooD:
    """Learn a model from images, and leave its weights, metrics and checkpoint in the folder `out`.

    Arguments:
        images: a name, an `.npz` file, a folder of pictures, an array, a torch Dataset or a Hugging Face dataset; see
            `dood.data.image_set`. Test images are never touched.
        out: the folder of the run; `dood.load(out)` reads the model again.
        preset: a name of `dood.training.presets.PRESETS`, or a recipe.
        model: a name of `dood.training.presets.MODELS`, or a configuration; the preset's by default.
        polarity: as for `dood.data.image_set`.
        held_out: images that nothing is learned from, at most a tenth of them, for measurements during training.
        device: cpu or cuda.
        resume: go on from the checkpoint in `out`.
        callback: called with each record of measurements on the images held out.
        progress: called after each step with the steps done and their total.
        build: makes the network from its configuration; give your own for parts of your own (docs/extend.md).
        settings: fields of `TrainConfig` that differ from the preset, such as steps, batch and seed.

    Returns:
        The model, in evaluation mode.

    Raises:
        DoodError: the images cannot be read, a setting is unknown or out of range, or training fails (see
            `dood.training.loop.train`).
    """
    config = _configured(preset, model, settings)
    data = training_data(images, config.model.resolution, held_out, polarity=polarity)
    config = replace(config, data=data.name)
    notes = {"data": data.name, "data_sha256": data.sha256, "seed": str(config.seed)}
    notes |= {"preset": preset} if isinstance(preset, str) else {}
    notes |= {"model": model} if isinstance(model, str) else {}
    return loop.train(
        config,
        [torch.from_numpy(kept) for kept in data.sets],
        torch.from_numpy(data.held_out),
        out,
        device=device,
        resume=resume,
        callback=callback,
        progress=progress,
        notes=notes,
        build=build,
    )


def _configured(preset: str | TrainConfig, model: str | ModelConfig | None, settings: dict[str, Any]) -> TrainConfig:
    if isinstance(preset, str) and preset not in PRESETS:
        raise DoodError(f"there is no preset {preset!r}; there are: {', '.join(PRESETS)}")
    recipe = PRESETS[preset] if isinstance(preset, str) else preset
    if isinstance(model, str):
        recipe = with_model(recipe, model)
    elif model is not None:
        recipe = replace(recipe, model=model)
    known = {field.name for field in fields(TrainConfig)} - {"model", "data"}
    if unknown := [name for name in settings if name not in known]:
        raise DoodError(f"there is no setting {unknown[0]!r}; there are: {', '.join(sorted(known))}")
    return replace(recipe, **settings)
