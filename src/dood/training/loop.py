"""Training: one loop from data to weights (paper 2.3), that stops and goes on exactly where it was.

The same loop trains with one process or, under `torchrun`, with several that average their gradients.
"""

import dataclasses
import json
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from dood.checkpoints import checkpoint
from dood.checkpoints.headers import MODEL
from dood.checkpoints.provenance import code_version
from dood.errors import DoodError
from dood.figures.sheets import reconstruction_sheet, save_image
from dood.files import clear_abandoned, locked, make_folder
from dood.inference.bounds import summarise
from dood.inference.objectives import OBJECTIVES, LossWeights, terms
from dood.inference.parsing import parse
from dood.models.config import ModelConfig
from dood.models.dood import DooD
from dood.runs import metrics_log
from dood.runs.metrics_log import Record
from dood.training.batches import Batches
from dood.training.distributed import Distributed, process_group
from dood.training.presets import TrainConfig
from dood.training.randomness import Stream, generator_at
from dood.training.schedule import dreams_at, rate, weights_at

__all__ = ["Loss", "train"]

PICTURED = 16
"""Held-out images that each picture of reconstructions shows."""

CHECKPOINT = "checkpoint.pt"
LENGTHENED = "lengthened"
"""The note of the steps at which a run had ended before it was given more."""


def train(
    config: TrainConfig,
    sets: Sequence[Tensor],
    held_out: Tensor,
    out: str | Path,
    *,
    device: str = "cpu",
    resume: bool = False,
    callback: Callable[[Record], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    notes: dict[str, str] | None = None,
    build: Callable[[ModelConfig], DooD] = DooD,
) -> DooD:
    """Train a model, and leave its weights, metrics and checkpoint in the folder `out`.

    Every random number (the order of the images, the noise) is a function of seed and step, so a resumed run takes
    the very steps that the uninterrupted one would have taken.

    Arguments:
        sets: uint8 [n, h, w] each, ink 255 on background 0; several sets take turns, image by image.
        held_out: uint8 [m, h, w], for measurements during training; nothing is learned from them.
        device: cpu or cuda.
        resume: go on from the checkpoint in `out`, with the settings that it has; a finished run may take more steps,
            on the schedule that all of them together have.
        callback: called with each record that is written to metrics.jsonl; reconstructions are drawn beside.
        progress: called after each step with the steps done and their total.
        notes: recorded in the weights' header; a run is not resumed with another `data_sha256`.
        build: makes the network from its configuration; give your own for parts of your own (docs/extend.md).

    Raises:
        DoodError: images have another type or size, the loss or a weight is not a number, there is nothing to resume
            or `out` holds a run already or another process trains there, the batch cannot be shared among the
            processes, or a file cannot be written. The last good checkpoint stays.
    """
    _check_images([*sets, held_out], config.model.resolution)
    folder = make_folder(out)
    with process_group(device) as distributed, locked(folder, "training") if distributed.is_main else nullcontext():
        if distributed.is_main:
            clear_abandoned(folder)
        run = _Run(config, folder, distributed, _notes(config, notes), build)
        start, seconds = run.restore() if resume else run.begin()
        strength, dreams = config.augmentation, partial(dreams_at, config=config)
        batches = Batches(sets, config.batch, config.seed, distributed, strength=strength, dreams=dreams)
        module = distributed.wrap(Loss(run.model, run.objective))
        held_out = held_out[: config.evaluate_images].to(distributed.device)
        for step in range(start, config.steps):
            began = time.perf_counter()
            noise = run.model.noise(config.batch, generator=generator_at(config.seed, Stream.POSTERIOR, step))
            stops = generator_at(config.seed, Stream.STOPS, step, distributed.rank)
            value = module(batches(step), noise[batches.mine].to(distributed.device), weights_at(step, config), stops)
            update(run.optimiser, value, config, step)
            seconds += time.perf_counter() - began
            done = step + 1
            if distributed.is_main and (done % config.evaluate_every == 0 or done == config.steps):
                record = run.measure(held_out, done, seconds, value)
                if callback:
                    callback(record)
            if distributed.is_main and (done % config.checkpoint_every == 0 or done == config.steps):
                run.save(done, seconds)
            if progress:
                progress(done, config.steps)
    return run.model.eval()


class Loss(nn.Module):
    """The loss: the negated objective, averaged over the batch."""

    def __init__(self, model: DooD, objective: nn.Module) -> None:
        super().__init__()
        self.model, self.objective = model, objective

    def forward(self, images: Tensor, noise: Tensor, weights: LossWeights, generator: torch.Generator) -> Tensor:
        trace = self.model(images, noise)
        return -self.objective(terms(self.model, trace, images), trace.stop_features, weights, generator).mean()


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
            " checkpoint, if there is one, is kept; lower the learning rate or look for broken images"
        )
    for group in optimiser.param_groups:
        group["lr"] = group["base"] * rate(step, config)
    optimiser.step()


def make_optimiser(model: DooD, objective: nn.Module, config: TrainConfig) -> torch.optim.Adam:
    """Return Adam, with a rate of its own for the likelihood's parameters."""
    scales = list(model.likelihood.parameters())
    known = set(scales)
    others = [p for module in (model, objective) for p in module.parameters() if p not in known]
    rates = [config.learning_rate, config.learning_rate * config.likelihood_rate]
    groups = [{"params": p, "lr": lr, "base": lr} for p, lr in zip([others, scales], rates, strict=True)]
    return torch.optim.Adam(groups, fused=True)


class _Run:
    """A run's folder, and what is learned in it."""

    def __init__(
        self,
        config: TrainConfig,
        out: Path,
        distributed: Distributed,
        notes: dict[str, str],
        build: Callable[[ModelConfig], DooD] = DooD,
    ) -> None:
        if config.batch % distributed.processes:
            raise DoodError(f"batch (={config.batch}) cannot be shared evenly among {distributed.processes} processes")
        self.config, self.out, self.notes, self.build = config, out, notes, build
        torch.manual_seed(config.seed)
        self.model = build(config.model).to(distributed.device)
        self.objective = OBJECTIVES[config.stopping](self.model.recognition.stop_width).to(distributed.device)
        self.optimiser = make_optimiser(self.model, self.objective, config)
        self.is_main = distributed.is_main

    def begin(self) -> tuple[int, float]:
        """Refuse to overwrite another run; gives step 0 and no seconds.

        Weights of this very run, cut off between the first of them and the checkpoint, are no other run's.
        """
        if (self.out / CHECKPOINT).exists():
            raise DoodError(f"{self.out} holds a training run already: resume it, or choose another folder")
        if (self.out / MODEL).exists() and not self._left_first_weights():
            raise DoodError(f"{self.out} holds the weights of another run: choose another folder, or move {MODEL} away")
        if self.config.start:
            self._begin_with(self.config.start)
        if self.is_main:
            metrics_log.forget_after(self.out, 0)
        return 0, 0.0

    def _begin_with(self, start: str) -> None:
        """Take the weights of a model whose configuration differs in the number of strokes at most.

        Raises:
            DoodError: there is no such model, or its configuration differs otherwise.
        """
        known = checkpoint.load(start, build=self.build)
        ours, theirs = (dataclasses.asdict(config) for config in (self.model.config, known.config))
        for name in ours:
            if name != "strokes" and ours[name] != theirs[name]:
                # Models that are refitted go on being trained with the prior that was learned with them.
                remedy = f"start with {start}:joint-prior" if name == "expost" else f"--set model.{name}={theirs[name]}"
                raise DoodError(f"start (={start}) has model.{name}={theirs[name]}, not {ours[name]}: {remedy}")
        self.model.load_state_dict(known.state_dict())

    def restore(self) -> tuple[int, float]:
        """Take the checkpoint's state; gives its step and the seconds trained so far."""
        state = checkpoint.load_state(self.out / CHECKPOINT)
        if not {"config", "notes", "step", "seconds", *self._parts()} <= state.keys():
            raise DoodError(f"{self.out / CHECKPOINT} is a checkpoint of another kind: it cannot be resumed")
        self._check_settings(state)
        if state["model"].keys() != self.model.state_dict().keys():
            raise DoodError(f"{self.out / CHECKPOINT} was written by another version of dood: resume it with that one")
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        if self.is_main:
            metrics_log.forget_after(self.out, state["step"])
            self._restore_weights(state)
        return state["step"], state["seconds"]

    def measure(self, held_out: Tensor, step: int, seconds: float, value: Tensor) -> Record:
        """Write a record of how the model does on held-out images, and a picture of it."""
        self.model.eval()
        summary = summarise(self.model, held_out, generator=generator_at(self.config.seed, Stream.MEASURE))
        target = held_out[:PICTURED].float() / 255
        parsed = parse(self.model, target)
        self.model.train()
        counts = {"step": step, "images": step * self.config.batch, "seconds": round(seconds, 2)}
        record: Record = counts | {"loss": value.item()} | summary._asdict()
        if warning := _collapse(self.config, step, summary.strokes):
            record["warning"] = warning
        metrics_log.append(self.out, record)
        sheet = reconstruction_sheet(*(part.cpu().numpy() for part in (target, parsed.canvases, parsed.strokes)))
        save_image(sheet, self.out / f"reconstructions-{step:07d}.png")
        return record

    def save(self, step: int, seconds: float) -> None:
        """Leave the weights and a checkpoint, in this order: whenever a run is cut off, both are of the run, and what
        the checkpoint has not seen is done again.

        Raises:
            DoodError: the weights are not finite; nothing is written then.
        """
        checkpoint.check_finite(self.model, f"step {step}: lower the learning rate; nothing is saved")
        self._save_weights(step, seconds)
        parts = {name: part.state_dict() for name, part in self._parts().items()}
        state = {"config": dataclasses.asdict(self.config), "notes": self.notes, "step": step, "seconds": seconds}
        checkpoint.save_state(state | parts, self.out / CHECKPOINT)

    def _save_weights(self, step: int, seconds: float) -> None:
        progress = {"steps": str(step), "seconds": f"{seconds:.0f}"}
        checkpoint.save(self.model, self.out / MODEL, self.notes | progress)

    def _restore_weights(self, state: dict[str, Any]) -> None:
        """Write the checkpoint's weights where they are not there, or are older ones."""
        path = self.out / MODEL
        if not path.exists() or int(checkpoint.read_header(path).get("steps", "0")) < state["step"]:
            self._save_weights(state["step"], state["seconds"])

    def _left_first_weights(self) -> bool:
        first = {"steps": str(min(self.config.checkpoint_every, self.config.steps))}
        return (self.notes | first).items() <= checkpoint.read_header(self.out / MODEL).items()

    def _parts(self) -> dict[str, Any]:
        return {"model": self.model, "objective": self.objective, "optimiser": self.optimiser}

    def _check_settings(self, state: dict[str, Any]) -> None:
        then, now = (_flat(config) for config in (state["config"], dataclasses.asdict(self.config)))
        data = "data_sha256"
        if data in state["notes"] and data in self.notes:
            then[data], now[data] = state["notes"][data], self.notes[data]
        self._lengthen(state, then, now)
        default = _flat(dataclasses.asdict(TrainConfig()))
        for key in now:
            # A checkpoint is older than a setting that it lacks, which then was what is the default now.
            before = then.get(key, default.get(key))
            if before != now[key]:
                raise DoodError(
                    f"{self.out} was trained with {key}={before}, not {now[key]}: resume with the same settings"
                )

    def _lengthen(self, state: dict[str, Any], then: dict[str, Any], now: dict[str, Any]) -> None:
        """Let a finished run take more steps, and note at which step it had ended."""
        ends = state["notes"].get(LENGTHENED, "").split()
        if now["steps"] > then["steps"] == state["step"]:
            ends.append(str(then["steps"]))
            then["steps"] = now["steps"]
        if ends:
            self.notes[LENGTHENED] = " ".join(ends)


def _check_images(sets: Sequence[Tensor], side: int) -> None:
    """Refuse images of another type or size than those that the model is for."""
    for images in sets:
        if images.dtype != torch.uint8:
            raise DoodError(f"training images have type {images.dtype}: give uint8, ink 255 on background 0")
        if images.ndim != 3 or images.shape[1:] != (side, side):
            raise DoodError(
                f"training images have shape {list(images.shape)}: the model is for [n, {side}, {side}];"
                " resize them (dood.data.images_at), or set model.resolution"
            )


def _notes(config: TrainConfig, notes: dict[str, str] | None) -> dict[str, str]:
    """What a reader of the weights wants to know: the settings, the code, and what the caller adds."""
    return {"train": json.dumps(dataclasses.asdict(config)), "code": code_version(), **(notes or {})}


def _collapse(config: TrainConfig, step: int, strokes: float) -> str | None:
    """Say so if hardly any stroke is used, or all always are, though the model has warmed up."""
    warm = step > config.steps * max(config.spread_until, config.ratio_until) and config.model.strokes > 1
    if not warm or 0.02 < strokes / config.model.strokes < 0.98:
        return None
    return f"the stroke count has collapsed: {strokes:.2f} of {config.model.strokes} strokes are used"


def _flat(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with those of the model beside the others, as `model.name`."""
    model = {f"model.{key}": value for key, value in settings["model"].items()}
    return {key: value for key, value in settings.items() if key != "model"} | model
