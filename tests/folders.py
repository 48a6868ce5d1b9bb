"""Folders of training runs, written by hand: what a run leaves, at whatever stage a test needs it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

from dood.checkpoints.headers import FORMAT

TRAIN = {"data": "mnist", "steps": 20, "seed": 3, "beta": 1.5, "model": {"strokes": 6, "scale_range": [0.1, 0.6]}}


def record(step: int, **figures: Any) -> dict[str, Any]:
    """What training writes after so many steps of 64 images, at half a second a step."""
    return {
        "step": step,
        "images": 64 * step,
        "seconds": step / 2,
        "loss": -1.5,
        "bound": 100.0 + step,
        "mse": 1 / (10 + step),
        "mae": 0.02,
        "strokes": 4.25,
        **figures,
    }


def write_run(
    folder: Path,
    *records: dict[str, Any],
    notes: dict[str, str] | None = None,
    train: dict[str, Any] | None = None,
    pictures: tuple[int, ...] = (),
) -> Path:
    """A run of these records; with weights if there are notes or settings, with a picture at each of the steps."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))
    if train is not None:
        notes = {"train": json.dumps(train)} | (notes or {})
    if notes is not None:
        header = {"format": FORMAT, "config": "{}"} | notes
        save_file({"weight": np.zeros(1, np.float32)}, folder / "model.safetensors", header)
    for step in pictures:
        Image.new("RGB", (3, 2), (step % 256, 0, 0)).save(folder / f"reconstructions-{step:07d}.png")
    return folder
