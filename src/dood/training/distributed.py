"""Training one model in several processes, one for each device, as `torchrun` starts them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from dood.errors import DoodError

__all__ = ["Distributed", "named_device", "process_group"]


class Distributed(NamedTuple):
    """This process among all: its `rank` of `processes`, and the `device` that is its own."""

    rank: int
    processes: int
    device: torch.device

    @property
    def is_main(self) -> bool:
        """Whether this is the process that measures and writes."""
        return self.rank == 0

    def wrap(self, step: nn.Module) -> nn.Module:
        """Return the module, with its gradients averaged over all processes."""
        if self.processes == 1:
            return step
        return DistributedDataParallel(step, device_ids=[self.device] if self.device.type == "cuda" else None)


@contextmanager
def process_group(device: str = "cpu") -> Iterator[Distributed]:
    """Join the processes that `torchrun` started, by gloo (CPU) or nccl (GPU); without `torchrun` there is one.

    Arguments:
        device: cpu or cuda; with several processes on one machine each takes the GPU of its local rank.

    Raises:
        DoodError: there is no such device, or none for this process.
    """
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    chosen = named_device(device, int(os.environ.get("LOCAL_RANK", "0")))
    if processes == 1:
        yield Distributed(0, 1, chosen)
        return
    distributed.init_process_group("nccl" if chosen.type == "cuda" else "gloo")
    try:
        yield Distributed(distributed.get_rank(), processes, chosen)
    finally:
        distributed.destroy_process_group()


def named_device(name: str, local_rank: int = 0) -> torch.device:
    """The device of a name, cpu or cuda; of several GPUs that of the local rank.

    Raises:
        DoodError: there is no such device, or none for this process.
    """
    if name not in ("cpu", "cuda"):
        raise DoodError(f"no device {name!r}: choose cpu or cuda")
    if name == "cpu":
        return torch.device("cpu")
    if local_rank >= torch.cuda.device_count():
        found = torch.cuda.device_count()
        raise DoodError(f"device cuda: process {local_rank} needs a GPU of its own, and {found} can be used here")
    return torch.device("cuda", local_rank)
