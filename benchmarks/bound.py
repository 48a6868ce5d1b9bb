"""The importance-weighted bound of the paper's protocol."""

from functools import partial

from benchmarks.timing import Result, medians
from benchmarks.workload import fresh_model, stroke_images
from dood.inference.bounds import importance_bound

__all__ = ["run"]

SIZE = 50


def run(*, images: int = 8, samples: int = 200, repeats: int = 3) -> Result:
    """`bound_images_per_s_50`: images a second with `samples` posterior samples each."""
    model = fresh_model(resolution=SIZE).eval().requires_grad_(False)
    call = partial(importance_bound, model, stroke_images(images, SIZE), samples)
    return Result({"bound_images_per_s_50": images / medians({"bound": call}, repeats)["bound"]})
