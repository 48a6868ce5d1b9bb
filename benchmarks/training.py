"""Full updates of training: how many images a second, how the cost grows, and the memory it takes."""

from benchmarks.dense import dense_renderer
from benchmarks.timing import Result, fresh_process, medians, peak_megabytes
from benchmarks.workload import stroke_images, training_step

__all__ = ["print_peak", "run"]

BATCH, SIZE, STROKES = 64, 50, 6


def run(
    *,
    batches: tuple[int, ...] = (16, 64, 256),
    strokes: tuple[int, ...] = (3, 6, 12),
    sizes: tuple[int, ...] = (28, 50, 100),
    batch: int = BATCH,
    repeats: int = 11,
    dense_repeats: int = 2,
) -> Result:
    """Images per second at 28 and 50 pixels, the gain over the dense renderer, peak memory, and growth."""
    pair = {f"{size}": training_step(stroke_images(batch, size)) for size in (28, SIZE)}
    taken = medians(pair, repeats, warm_up=2)
    figures = {f"train_images_per_s_{size}": batch / seconds for size, seconds in taken.items()}
    figures["train_speedup_over_dense"] = over_dense(batch, dense_repeats)
    figures["train_peak_mb"] = float(fresh_process(["-c", f"import benchmarks.training as t; t.print_peak({batch})"]))
    growth_repeats = max(2, repeats // 3)
    growth = {
        "training by batch": [row("batch", n, n, SIZE, STROKES, growth_repeats) for n in batches],
        "training by strokes": [row("strokes", n, batch, SIZE, n, growth_repeats) for n in strokes],
        "training by size": [row("size", n, batch, n, STROKES, growth_repeats) for n in sizes],
    }
    return Result(figures, growth)


def row(name: str, value: int, batch: int, size: int, strokes: int, repeats: int) -> dict[str, float]:
    """One row of a growth table."""
    step = training_step(stroke_images(batch, size), strokes)
    seconds = medians({"step": step}, repeats)["step"]
    return {name: value, "step_ms": 1e3 * seconds, "image_ms": 1e3 * seconds / batch}


def over_dense(batch: int, repeats: int) -> float:
    """How many times longer the same update takes with the dense renderer."""
    step = training_step(stroke_images(batch, SIZE))

    def dense() -> None:
        with dense_renderer():
            step()

    taken = medians({"product": step, "dense": dense}, repeats)
    return taken["dense"] / taken["product"]


def print_peak(batch: int) -> None:
    """Train a little and print the most memory that the process held, in megabytes."""
    step = training_step(stroke_images(batch, SIZE))
    for _ in range(5):
        step()
    print(peak_megabytes())
