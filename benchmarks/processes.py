"""Training in one process and in two, one thread each, that average their gradients by gloo."""

import os
import socket
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import torch.multiprocessing as multiprocessing

from benchmarks.timing import Result
from benchmarks.workload import stroke_images
from dood.models.config import ModelConfig
from dood.training.loop import train
from dood.training.presets import TrainConfig

__all__ = ["run"]

WARM_UP = 3
"""Steps before the clock starts."""


def run(*, batch: int = 64, size: int = 50, steps: int = 20, counts: tuple[int, ...] = (1, 2)) -> Result:
    """Images per second for each number of processes; each has `batch` images a step, as it would on a cluster."""
    rates = {count: images_per_s(count, batch, size, steps) for count in counts}
    figures = {f"processes_{count}_images_per_s_{size}": rate for count, rate in rates.items()}
    return Result(figures | {"processes_gain": rates[counts[-1]] / rates[counts[0]]})


def images_per_s(processes: int, batch: int, size: int, steps: int) -> float:
    """The rate of `processes` together."""
    with TemporaryDirectory() as folder, socket.socket() as listener:
        listener.bind(("localhost", 0))
        port = listener.getsockname()[1]
        listener.close()
        arguments = (processes, port, folder, batch * processes, size, steps)
        multiprocessing.spawn(take_part, arguments, processes)  # pyright: ignore[reportPrivateImportUsage]
        seconds = float((Path(folder) / "seconds").read_text(encoding="utf-8"))
    return batch * processes * steps / seconds


def take_part(rank: int, processes: int, port: int, folder: str, batch: int, size: int, steps: int) -> None:
    """One of the processes, with the environment that torchrun would give it; the first one keeps the time."""
    place = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": processes, "MASTER_ADDR": "localhost", "MASTER_PORT": port}
    os.environ.update({name: str(value) for name, value in place.items()})
    torch.set_num_threads(1)
    config = TrainConfig(model=ModelConfig(resolution=size), batch=batch, steps=WARM_UP + steps + 1, evaluate_images=1)
    images = (255 * stroke_images(2 * batch, size)).to(torch.uint8)
    clock = []
    train(config, [images], images[:1], Path(folder) / "run", progress=lambda *_: clock.append(time.perf_counter()))
    if rank == 0:
        seconds = clock[WARM_UP + steps - 1] - clock[WARM_UP - 1]
        (Path(folder) / "seconds").write_text(str(seconds), encoding="utf-8")
