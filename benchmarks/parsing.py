"""Inference of strokes: images a second in batches, and how long one image takes."""

from functools import partial

from benchmarks.timing import Result, medians, one_thread
from benchmarks.workload import fresh_model, stroke_images
from dood.inference.parsing import parse

__all__ = ["run"]

SIZE = 50


def run(*, batches: tuple[int, ...] = (1, 16, 64, 256), batch: int = 64, repeats: int = 11) -> Result:
    """`parse_images_per_s_50` in batches of `batch`, and `parse_one_ms` for a single image."""
    model = fresh_model(resolution=SIZE).eval().requires_grad_(False)
    sizes = sorted({1, batch, *batches})
    taken = medians({f"{n}": partial(parse, model, stroke_images(n, SIZE)) for n in sizes}, repeats, warm_up=2)
    rows = [{"batch": n, "ms": 1e3 * taken[f"{n}"], "image_ms": 1e3 * taken[f"{n}"] / n} for n in sizes]
    figures = {"parse_images_per_s_50": batch / taken[f"{batch}"], "parse_one_ms": 1e3 * taken["1"]}
    one = {"one": partial(parse, model, stroke_images(1, SIZE))}
    with one_thread():
        figures["parse_one_ms_one_thread"] = 1e3 * medians(one, repeats, warm_up=2)["one"]
    return Result(figures, {"parsing by batch": rows})
