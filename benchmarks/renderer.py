"""The matrix-product renderer against the dense sum, forward and backward."""

from collections.abc import Callable

from torch import Tensor

from benchmarks.dense import render_dense
from benchmarks.timing import Result, medians
from benchmarks.workload import stroke_parameters
from dood.core.renderer import Pen, render

__all__ = ["run"]


def run(*, batch: int = 64, sizes: tuple[int, ...] = (28, 50), repeats: int = 9) -> Result:
    """`renderer_speedup`: how many times faster at the largest size."""
    points, pen = stroke_parameters(batch)
    rows = []
    for size in sizes:
        calls = {
            "product": there_and_back(render, points, pen, size),
            "dense": there_and_back(render_dense, points, pen, size),
        }
        taken = medians(calls, repeats, warm_up=2)
        rows.append(
            {
                "size": size,
                "product_ms": 1e3 * taken["product"],
                "dense_ms": 1e3 * taken["dense"],
                "speedup": taken["dense"] / taken["product"],
            }
        )
    return Result({"renderer_speedup": rows[-1]["speedup"]}, {"renderer": rows})


def there_and_back(renderer: Callable[..., Tensor], points: Tensor, pen: Pen, size: int) -> Callable[[], None]:
    """Render, and take the gradient of the total ink to points and pen."""
    leaves = [part.clone().requires_grad_() for part in (points, *pen)]

    def call() -> None:
        renderer(leaves[0], Pen(*leaves[1:]), size, size).sum().backward()
        for leaf in leaves:
            leaf.grad = None

    return call
