"""Several processes learn what one learns."""

import dataclasses
import os
import socket
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.multiprocessing as multiprocessing
from numpy.testing import assert_allclose

from dood.checkpoints import checkpoint
from dood.errors import DoodError
from dood.training import loop
from dood.training.distributed import process_group
from dood.training.loop import train
from dood.training.presets import TrainConfig
from dood.training.randomness import Stream, generator_at
from tests.tiny import TINY, scribbles_uint8

RECIPE = TrainConfig(model=TINY, steps=1, batch=6, warmup=0, evaluate_images=2)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return listener.getsockname()[1]


def take_part(rank: int, processes: int, port: int, out: str, recipe: TrainConfig = RECIPE) -> None:
    """One of several processes, with the environment that torchrun would give it."""
    place = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": processes, "MASTER_ADDR": "localhost", "MASTER_PORT": port}
    os.environ.update({name: str(value) for name, value in place.items()})
    torch.set_num_threads(1)
    train(recipe, [scribbles_uint8(11)], scribbles_uint8(4, seed=1), out)


def together(out: Path, recipe: TrainConfig = RECIPE) -> dict[str, Any]:
    """What two processes keep of a run."""
    arguments = 2, free_port(), str(out), recipe
    multiprocessing.spawn(take_part, arguments, nprocs=2)  # pyright: ignore[reportPrivateImportUsage]
    return checkpoint.load_state(out / "checkpoint.pt")


def test_two_processes_have_the_gradients_of_one(tmp_path: Path) -> None:
    """By Adam's first moment, which after one step is a tenth of the gradient."""
    train(RECIPE, [scribbles_uint8(11)], scribbles_uint8(4, seed=1), tmp_path / "one")
    one, two = checkpoint.load_state(tmp_path / "one" / "checkpoint.pt"), together(tmp_path / "two")
    moments = [[state["exp_avg"] for state in run["optimiser"]["state"].values()] for run in (one, two)]
    assert max(moment.abs().max() for moment in moments[0]) > 0.1
    for alone, shared in zip(*moments, strict=True):
        assert_allclose(shared, alone, rtol=1e-3, atol=1e-4 * float(alone.abs().max() + 1e-6))


def note_stops(rank: int, processes: int, port: int, out: str, recipe: TrainConfig) -> None:
    """Take part, and write down where this process's stops come from."""

    def noted(seed: int, stream: Stream, step: int = 0, rank: int = 0) -> torch.Generator:
        generator = generator_at(seed, stream, step, rank)
        if stream is Stream.STOPS:
            seeds.append(str(generator.initial_seed()))
        return generator

    seeds: list[str] = []
    loop.generator_at = noted  # pyright: ignore[reportPrivateImportUsage]
    take_part(rank, processes, port, out, recipe)
    Path(out, f"stops-{rank}").write_text("\n".join(seeds))


def test_each_process_and_step_has_stops_of_its_own(tmp_path: Path) -> None:
    arguments = 2, free_port(), str(tmp_path), dataclasses.replace(RECIPE, stopping="nvil", steps=3)
    multiprocessing.spawn(note_stops, arguments, nprocs=2)  # pyright: ignore[reportPrivateImportUsage]
    seeds = [seed for rank in (0, 1) for seed in (tmp_path / f"stops-{rank}").read_text().split()]
    assert len(seeds) == len(set(seeds)) == 6


def test_two_processes_that_sample_stops_learn_the_same_again(tmp_path: Path) -> None:
    """Not what one process learns, whose stops are others."""
    recipe = dataclasses.replace(RECIPE, stopping="nvil", steps=2)
    train(recipe, [scribbles_uint8(11)], scribbles_uint8(4, seed=1), tmp_path / "one")
    one = checkpoint.load_state(tmp_path / "one" / "checkpoint.pt")
    first, again = (together(tmp_path / name, recipe) for name in ("first", "again"))
    for name, weight in first["model"].items():
        assert torch.isfinite(weight).all(), name
        assert torch.equal(weight, again["model"][name]), name
    assert any((first["model"][name] - weight).abs().max() > 1e-4 for name, weight in one["model"].items())


def test_one_process_needs_no_group() -> None:
    with process_group() as distributed:
        assert (distributed.rank, distributed.processes, distributed.device.type, distributed.is_main) == (
            0,
            1,
            "cpu",
            True,
        )
        module = torch.nn.Linear(1, 1)
        assert distributed.wrap(module) is module


def test_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    with pytest.raises(DoodError, match="needs a GPU of its own, and 0"), process_group("cuda"):
        pass
    with pytest.raises(DoodError, match="no device 'tpu'"), process_group("tpu"):
        pass


def test_a_batch_that_cannot_be_shared_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dood.training import loop as training
    from dood.training.distributed import Distributed

    distributed = Distributed(0, 4, torch.device("cpu"))
    with pytest.raises(DoodError, match=r"batch \(=6\) cannot be shared evenly among 4"):
        training._Run(RECIPE, tmp_path, distributed, {})
