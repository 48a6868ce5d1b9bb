"""A training run of ten steps, and what it leaves."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.training.presets import TrainConfig
from tests.tiny import TINY, scribbles_uint8

RECIPE = TrainConfig(
    model=TINY, steps=10, batch=4, warmup=3, evaluate_every=3, evaluate_images=5, checkpoint_every=5, seed=3
)


IMAGES, HELD_OUT = scribbles_uint8(11), scribbles_uint8(6, seed=1)


class Interrupted(Exception):
    """Somebody pulled the plug."""


def pull_the_plug(record: dict[str, Any]) -> None:
    """Between the record of step 6 and the next checkpoint; the last one is of step 5."""
    if record["step"] == 6:
        raise Interrupted


def records(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]


def untimed(out: Path) -> list[dict[str, Any]]:
    return [{key: value for key, value in record.items() if key != "seconds"} for record in records(out)]


def state(out: Path) -> dict[str, Any]:
    return checkpoint.load_state(out / "checkpoint.pt")


def assert_equal(one: Any, other: Any) -> None:
    """Bit for bit, through nested containers."""
    if isinstance(one, Tensor):
        assert torch.equal(one, other)
    elif isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one.keys() - {"seconds"}:
            assert_equal(one[key], other[key])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_equal(a, b)
    else:
        assert one == other
