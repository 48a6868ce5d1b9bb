"""How well a model explains a data set: the paper's protocol (section 3.1) for one cell of its tables."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from dood import data
from dood.checkpoints import checkpoint
from dood.core.noise import Source, picture_sources
from dood.errors import DoodError
from dood.inference.bounds import importance_bound, parse_errors
from dood.inference.least_squares import levenberg_marquardt
from dood.inference.variational import Posterior, amortised, fit, most_probable
from dood.inference.views import best_views
from dood.models.dood import DooD
from dood.tasks.checks import check_positive
from dood.training.distributed import named_device

__all__ = ["Evaluation", "evaluate", "image_figures", "posterior_of", "standard_error"]


@dataclass(frozen=True)
class Evaluation:
    """Means over images."""

    bound: float
    """Importance-weighted bound on log p(x), nats per image, summed over pixels (with one sample: the plain bound)."""
    mse: float
    """Squared error per pixel of the most probable parse."""
    mae: float
    """Absolute error per pixel of the most probable parse."""
    strokes: float
    """Strokes of the most probable parse."""
    images: int
    seconds: float
    """Wall time of the measurement, without loading model and data."""
    note: str = ""
    """What the reader of the figures should know about the images; empty mostly."""
    stderr: float | None = None
    """Standard error of `bound` over images; None with a single image."""
    mse_stderr: float | None = None
    """Standard error of `mse` over images."""


def evaluate(
    model: str | Path | DooD,
    source: Any,
    *,
    samples: int = 200,
    limit: int | None = None,
    strokes: int | None = None,
    resolution: int | None = None,
    views: bool = False,
    lm_steps: int = 0,
    fit_steps: int = 0,
    seed: int = 0,
    batch: int = 64,
    device: str = "cpu",
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Measure a model on the test images of a data set.

    Arguments:
        model: a model, or what `dood.checkpoints.checkpoint.load` takes.
        source: name of a data set, an `.npz` file or folder of images, an array, a torch Dataset or a Hugging Face
            dataset; see `dood.data.image_set`.
        samples: posterior samples per image (K).
        limit: measure on so many images only, evenly spaced over the set (some sets are sorted by class).
        strokes: most strokes per drawing; the model's own number by default.
        resolution: side of the images; that of training by default. Bounds at different resolutions do not compare.
        views: let the recognition model look at each image in the eight views of the square, and take its answer to the
            one that explains the image best (see `dood.inference.views`): eight passes before the samples.
        lm_steps: steps of least squares on each image (see `dood.inference.least_squares`).
        fit_steps: gradient steps that fit the posterior to each image, after those (see `dood.inference.variational`).
            With none of the three it is the recognition model's, as in the paper.
        seed: of the samples, which are a function of it and of each image: `batch` changes rounding alone.
        device: cpu or cuda; the model is moved there, and stays.
        progress: called with the images done and their total.

    Raises:
        DoodError: unknown model or data, a number out of range, or there is no such device.
    """
    check_positive(samples=samples, limit=limit, strokes=strokes, batch=batch)
    for name, steps in (("lm_steps", lm_steps), ("fit_steps", fit_steps)):
        if steps < 0:
            raise DoodError(f"{name} (={steps}) must not be negative")
    place = named_device(device)
    network = (model if isinstance(model, DooD) else checkpoint.load(model)).to(place)
    side = resolution or network.config.resolution
    whole = data.image_set(source, split="test", resolution=None if isinstance(source, str | Path) else side)
    images = torch.from_numpy(_spaced(whole, limit).at(side).test_images)
    if not len(images):
        raise DoodError(f"{whole.name} has no test images to measure on")
    began = time.perf_counter()
    rows = []
    for done in range(0, len(images), batch):
        target = images[done : done + batch].to(place).float() / 255
        noise = picture_sources(target, seed)
        how = {"strokes": strokes, "views": views, "lm_steps": lm_steps, "fit_steps": fit_steps}
        found = image_figures(network, target, samples, **how, generator=noise)
        rows.append(found.double().cpu())
        if progress:
            progress(done + len(target), len(images))
    figures, seconds = torch.cat(rows), time.perf_counter() - began
    errors = {"stderr": standard_error(figures[:, 0]), "mse_stderr": standard_error(figures[:, 1])}
    return Evaluation(
        *figures.mean(0).tolist(), images=len(images), seconds=seconds, note=_note(model, whole), **errors
    )


def image_figures(
    network: DooD,
    images: Float[Tensor, "b h w"],
    samples: int,
    *,
    strokes: int | None = None,
    views: bool = False,
    lm_steps: int = 0,
    fit_steps: int = 0,
    generator: Source = None,
) -> Float[Tensor, "b 4"]:
    """Bound, squared error, absolute error and number of strokes of each image; arguments as for `evaluate`."""
    view = best_views(network, images, strokes=strokes) if views else None
    fitting = {"lm_steps": lm_steps, "fit_steps": fit_steps, "generator": generator}
    posterior = _fitted(network, images, amortised(network, images, strokes=strokes, view=view), **fitting)
    given = posterior if lm_steps or fit_steps else None
    bound = importance_bound(network, images, samples, strokes=strokes, posterior=given, view=view, generator=generator)
    errors = parse_errors(images, most_probable(network, images, posterior))
    return torch.cat([bound.unsqueeze(-1), errors], -1)


def posterior_of(
    network: DooD,
    images: Float[Tensor, "b h w"],
    *,
    strokes: int | None = None,
    views: bool = False,
    lm_steps: int = 0,
    fit_steps: int = 0,
    generator: Source = None,
) -> Posterior:
    """The recognition model's posterior, then brought closer to each image; arguments as for `evaluate`."""
    view = best_views(network, images, strokes=strokes) if views else None
    start = amortised(network, images, strokes=strokes, view=view)
    return _fitted(network, images, start, lm_steps=lm_steps, fit_steps=fit_steps, generator=generator)


def _fitted(
    network: DooD, images: Tensor, posterior: Posterior, *, lm_steps: int, fit_steps: int, generator: Source
) -> Posterior:
    if lm_steps:
        posterior = levenberg_marquardt(network, images, posterior, lm_steps)
    if fit_steps:
        narrowed = {"narrowed": 1.0} if lm_steps else {}
        posterior = fit(network, images, posterior, fit_steps, **narrowed, generator=generator)
    return posterior


def standard_error(figures: Tensor) -> float | None:
    """Standard error of the mean of independent figures [n]: their sample deviation over sqrt(n); None for one."""
    return None if len(figures) < 2 else (figures.std() / len(figures) ** 0.5).item()


def _note(model: Any, images: data.ImageSet) -> str:
    """That images without a split may have been learned from, or have been."""
    if images.has_split:
        return ""
    header = {} if isinstance(model, DooD) else checkpoint.header_of(model)
    if images.sha256 in header.get("data_sha256", "").split("+"):
        return f"{images.name} has no split of training and test images: the model has learned from these very images"
    return f"{images.name} has no split of training and test images: a model trained on it has seen these very images"


def _spaced(images: data.ImageSet, limit: int | None) -> data.ImageSet:
    """The set with `limit` of its test images, and none to train on."""
    kept = data.evenly_spaced(len(images.test_images), limit)
    return replace(
        images,
        train_images=images.train_images[:0],
        train_labels=images.train_labels[:0],
        test_images=images.test_images[kept],
        test_labels=images.test_labels[kept],
        train_alphabets=None,
        test_alphabets=None,
    )
