"""What one core could do at most with the operations of a training step, and what it does.

A step's matrix products are counted in operations, all else in bytes read and written; dividing by the rates of a large
matrix product and of a large copy, measured in the same run, gives the least time that those operations take.
"""

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.timing import Result, medians, one_thread
from benchmarks.workload import stroke_images, training_step

__all__ = ["Traffic", "run"]

PRODUCTS = ("aten.mm", "aten.addmm", "aten.bmm")


class Traffic(TorchDispatchMode):
    """Counts the bytes that operations other than matrix products and views read and write."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0
        self.operations = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # noqa: ANN001, ANN204
        result = func(*args, **(kwargs or {}))
        self.operations += 1
        if not func.is_view and not str(func).startswith(PRODUCTS):
            tensors = [leaf for leaf in tree_leaves((args, kwargs, result)) if isinstance(leaf, Tensor)]
            self.bytes += sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        return result


def run(*, batch: int = 64, sizes: tuple[int, ...] = (28, 50), repeats: int = 9, side: int = 384) -> Result:
    """Images per second of one thread, what is attainable, and their ratio."""
    with one_thread():
        return Result({k: v for size in sizes for k, v in figures(batch, size, repeats, side).items()})


def figures(batch: int, size: int, repeats: int, side: int) -> dict[str, float]:
    """The figures at one image size."""
    step = training_step(stroke_images(batch, size))
    step()
    with FlopCounterMode(display=False) as counter:
        step()
    with Traffic() as traffic:
        step()
    one, other, copied = torch.randn(side, side), torch.randn(side, side), torch.randn(2_000_000)
    target = torch.empty_like(copied)
    calls = {"step": step, "product": lambda: one @ other, "copy": lambda: target.copy_(copied)}
    taken = medians(calls, repeats, warm_up=2)
    floor = counter.get_total_flops() / (2 * side**3 / taken["product"])
    floor += traffic.bytes / (2 * copied.numel() * copied.element_size() / taken["copy"])
    return {
        f"one_core_images_per_s_{size}": batch / taken["step"],
        f"one_core_attainable_{size}": batch / floor,
        f"one_core_share_{size}": floor / taken["step"],
        f"step_gflop_{size}": counter.get_total_flops() / 1e9,
        f"step_gbyte_{size}": traffic.bytes / 1e9,
        f"step_operations_{size}": float(traffic.operations),
    }
