"""Training: one loop from data to weights (paper 2.3), that stops and goes on exactly where it was."""

import dataclasses
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from dood import checkpoint
from dood.errors import DoodError
from dood.files import atomic_write, make_folder
from dood.metrics import summarise
from dood.models.dood import DooD
from dood.objectives import OBJECTIVES, Weights, terms
from dood.parsing import parse
from dood.presets import TrainConfig
from dood.sheets import reconstruction_sheet, save_image

__all__ = ["Record", "loss", "train"]

Record = dict[str, float | int | str]
"""One line of metrics.jsonl: step, images, seconds, what was measured, and a `warning` where strokes have collapsed."""

PICTURED = 16
"""Held-out images that each picture of reconstructions shows."""

CHECKPOINT, MODEL, METRICS = "checkpoint.pt", "model.safetensors", "metrics.jsonl"


def train(
    config: TrainConfig,
    images: Tensor,
    held_out: Tensor,
    out: str | Path,
    *,
    resume: bool = False,
    callback: Callable[[Record], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    notes: dict[str, str] | None = None,
) -> DooD:
    """Train a model on `images`, and leave its weights, metrics and checkpoint in the folder `out`.

    Every random number (the order of the images, the noise) is a function of seed and step, so a resumed run takes
    the very steps that the uninterrupted one would have taken.

    Arguments:
        images, held_out: uint8 [n, h, w], ink 255 on background 0.
        resume: go on from the checkpoint in `out`.
        callback: called with each record that is written to metrics.jsonl; reconstructions are drawn beside.
        progress: called after each step with the steps done and their total.
        notes: recorded in the weights' header.

    Raises:
        DoodError: the loss is not a number, there is nothing to resume or `out` holds a run already, or a file cannot
            be written. The last good checkpoint stays.
    """
    out = make_folder(out)
    torch.manual_seed(config.seed)
    model = DooD(config.model)
    objective = OBJECTIVES[config.stopping](config.model.features)
    optimiser = make_optimiser(model, objective, config)
    parts = {"model": model, "objective": objective, "optimiser": optimiser}
    start, seconds = _restore(out, config, parts) if resume else _fresh(out)
    _keep_records(out / METRICS, start)
    held_out = held_out[: config.evaluate_images]
    for step in range(start, config.steps):
        began = time.perf_counter()
        generator = torch.Generator().manual_seed(_seed(config.seed, step))
        batch = images[batch_indices(step, len(images), config)].float() / 255
        value = loss(model, objective, batch, weights_at(step, config), generator)
        update(optimiser, value, config, step)
        seconds += time.perf_counter() - began
        done = step + 1
        if done % config.evaluate_every == 0 or done == config.steps:
            record = _record(model, held_out, config, done, seconds, value)
            _append(out / METRICS, record)
            _picture(model, held_out[:PICTURED], out / f"reconstructions-{done:07d}.png")
            if callback:
                callback(record)
        if done % config.checkpoint_every == 0 or done == config.steps:
            checkpoint.save_state(_state(config, parts, done, seconds), out / CHECKPOINT)
            checkpoint.save(model, out / MODEL, {**(notes or {}), "steps": str(done), "seconds": f"{seconds:.0f}"})
        if progress:
            progress(done, config.steps)
    return model.eval()


def loss(model: DooD, objective: nn.Module, images: Tensor, weights: Weights, generator: torch.Generator) -> Tensor:
    """Mean over images of what training descends."""
    trace = model(images, generator=generator)
    return -objective(terms(model.generative, trace, images), trace.seen, weights, generator).mean()


def weights_at(step: int, config: TrainConfig) -> Weights:
    """The weights of the objective's parts at `step`: all as in the bound but beta once the model has warmed up."""
    progress = step / config.steps
    ramp = min(1.0, progress / config.ratio_until) if config.ratio_until else 1.0
    return Weights(
        beta=config.beta,
        ratio=config.ratio_start + (1 - config.ratio_start) * ramp,
        spread=max(0.0, 1 - progress / config.spread_until) if config.spread_until else 0.0,
    )


def update(optimiser: torch.optim.Optimizer, value: Tensor, config: TrainConfig, step: int) -> None:
    """One step of the optimiser.

    Raises:
        DoodError: the loss or its gradient is not a number; the weights are left as they were.
    """
    optimiser.zero_grad(set_to_none=True)
    value.backward()
    norm = torch.nn.utils.clip_grad_norm_([p for group in optimiser.param_groups for p in group["params"]], config.clip)
    if not (value.isfinite() and norm.isfinite()):
        raise DoodError(
            f"training met a loss of {value.item()} and a gradient of norm {norm.item()} at step {step}: the last good"
            " checkpoint is kept; lower the learning rate or look for broken images"
        )
    for group in optimiser.param_groups:
        group["lr"] = group["base"] * rate(step, config)
    optimiser.step()


def rate(step: int, config: TrainConfig) -> float:
    """Share of the learning rate in force at `step`: a linear warm-up, then a cosine to `final_rate`."""
    warm = min(1.0, (step + 1) / config.warmup) if config.warmup else 1.0
    cosine = 0.5 * (1 + math.cos(math.pi * step / config.steps))
    return warm * (config.final_rate + (1 - config.final_rate) * cosine)


def make_optimiser(model: DooD, objective: nn.Module, config: TrainConfig) -> torch.optim.Adam:
    """Adam, with a rate of its own for the likelihood's scale."""
    scale = model.generative.likelihood_raw
    others = [p for module in (model, objective) for p in module.parameters() if p is not scale]
    rates = [config.learning_rate, config.learning_rate * config.likelihood_rate]
    groups = [{"params": p, "lr": lr, "base": lr} for p, lr in zip([others, [scale]], rates, strict=True)]
    return torch.optim.Adam(groups, fused=True)


def batch_indices(step: int, images: int, config: TrainConfig) -> Tensor:
    """Images of the batch at `step`: the data are gone through in a new order each epoch, a function of the seed."""
    first = step * config.batch
    wanted = torch.arange(first, first + config.batch)
    epochs = wanted // images
    parts = [
        torch.randperm(images, generator=torch.Generator().manual_seed(_seed(config.seed, -1 - int(epoch))))[
            wanted[epochs == epoch] % images
        ]
        for epoch in epochs.unique()
    ]
    return torch.cat(parts)


def _seed(seed: int, step: int) -> int:
    return (seed * 1_000_003 + step) % 2**63


def _fresh(out: Path) -> tuple[int, float]:
    if (out / CHECKPOINT).exists():
        raise DoodError(f"{out} holds a training run already: resume it, or choose another folder")
    return 0, 0.0


def _restore(out: Path, config: TrainConfig, parts: dict[str, Any]) -> tuple[int, float]:
    state = checkpoint.load_state(out / CHECKPOINT)
    if not {"config", "step", "seconds", *parts} <= state.keys():
        raise DoodError(f"{out / CHECKPOINT} is not the checkpoint of a training run")
    then, now = _flat(state["config"]), _flat(dataclasses.asdict(config))
    for key in now:
        if then.get(key) != now[key]:
            raise DoodError(
                f"{out} was trained with {key}={then.get(key)}, not {now[key]}: resume with the same settings"
            )
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return state["step"], state["seconds"]


def _flat(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with those of the model beside the others, as `model.name`."""
    model = {f"model.{key}": value for key, value in settings["model"].items()}
    return {key: value for key, value in settings.items() if key != "model"} | model


def _state(config: TrainConfig, parts: dict[str, Any], step: int, seconds: float) -> dict[str, Any]:
    weights = {name: part.state_dict() for name, part in parts.items()}
    return {"config": dataclasses.asdict(config), **weights, "step": step, "seconds": seconds}


def _record(model: DooD, held_out: Tensor, config: TrainConfig, step: int, seconds: float, value: Tensor) -> Record:
    """Measure the model on held-out images."""
    model.eval()
    summary = summarise(model, held_out, generator=torch.Generator().manual_seed(_seed(config.seed, -1)))
    model.train()
    record: Record = {"step": step, "images": step * config.batch, "seconds": round(seconds, 2), "loss": value.item()}
    record |= summary._asdict()
    warm = step > config.steps * max(config.spread_until, config.ratio_until) and config.model.strokes > 1
    if warm and not 0.02 < summary.strokes / config.model.strokes < 0.98:
        used = f"{summary.strokes:.2f} of {config.model.strokes} strokes are used"
        record["warning"] = f"the stroke count has collapsed: {used}"
    return record


def _picture(model: DooD, held_out: Tensor, path: Path) -> None:
    target = held_out.float() / 255
    parsed = parse(model, target)
    save_image(reconstruction_sheet(target.numpy(), parsed.canvases.numpy(), parsed.strokes.numpy()), path)


def _keep_records(path: Path, step: int) -> None:
    """Forget the records after `step`, and a torn one: the run was cut off between them and its next checkpoint."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except OSError as error:
        raise DoodError(f"cannot read {path}: {error.strerror or error}") from error
    kept = [line for line in lines if _is_whole(line) and json.loads(line)["step"] <= step]
    if kept != lines:
        with atomic_write(path) as file:
            file.write("".join(line + "\n" for line in kept).encode())


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _append(path: Path, record: Record) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
    except OSError as error:
        raise DoodError(f"cannot write {path}: {error.strerror or error}") from error
