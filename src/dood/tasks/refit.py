"""A model file with a better prior, made of a model file and the images that it was trained on."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import torch

from dood.checkpoints import checkpoint
from dood.checkpoints.provenance import code_version
from dood.data import training_data
from dood.errors import DoodError
from dood.training.expost import RefitConfig, refit

__all__ = ["refit_file"]


def refit_file(
    model: str | Path,
    out: str | Path,
    config: RefitConfig,
    *,
    data: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> float:
    """Learn an ex-post prior for a model and write the model with it to `out`.

    Arguments:
        model: as for `dood.checkpoints.checkpoint.load`.
        out: a `.safetensors` file. Its header is that of the model, and says how the prior was learned, or its critic
            where the prior stays.
        data: as for `dood train`; by default what the model was trained on.
        progress: called with the steps done and their total.

    Returns:
        Mean log prior density, in nats, of what is inferred of held-out images.

    Raises:
        DoodError: the model draws no strokes (AIR does not), its data are not there or not named, or `out` cannot be
            written.
    """
    if Path(out).suffix != ".safetensors":
        raise DoodError(f"{out} must end in .safetensors: it is a model file")
    header, network = checkpoint.header_of(model), checkpoint.load(model)
    source = data or header.get("data")
    if source is None:
        raise DoodError(f"{model} does not say what it was trained on: name the data")
    images = training_data(source, network.config.resolution)
    sets, held_out = [torch.from_numpy(each) for each in images.sets], torch.from_numpy(images.held_out)
    fitted, density = refit(network, sets, held_out, config, progress=progress)
    how = dataclasses.asdict(config) | {"data": source, "data_sha256": images.sha256, "held_out": density}
    notes = {key: value for key, value in header.items() if key not in ("format", "config", "critic")}
    learned = "critic" if config.keep_prior else "refit"
    checkpoint.save(fitted, out, notes | {learned: json.dumps(how | {"code": code_version()})})
    return density
