"""How far drawings that a model makes up are from real ones (paper 3.2; design of the measure: see `dood.judge`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from dood import checkpoint, data
from dood.errors import DoodError
from dood.files import make_folder, write_table
from dood.headers import model_name, source_of
from dood.judge import VERSION, Judge, frechet_distance, judges, load_judge, precision_recall
from dood.models.dood import DooD
from dood.plots import image_grid, save_figure
from dood.sheets import image_walls, save_image

__all__ = ["Quality", "quality"]

AT_ONCE = 250
SHOWN = 12
"""Samples beside the training images nearest to them."""
WALL = 100
"""Samples beside as many test images."""


class Quality(NamedTuple):
    """A row of the table.

    Attributes:
        metric: `frechet-lenet-DATASET-v1` (lower is better), `precision` or `recall` (higher is better), or `nearest`,
            the median distance to the nearest of all training images (well below that of test images: copies).
        value: of samples against training images.
        floor: of as many test images against the same training images: what real drawings score.
        ratio: value over floor.
    """

    model: str
    dataset: str
    temperature: float
    metric: str
    value: float
    floor: float
    ratio: float


def quality(
    models: Sequence[str | Path],
    out: str | Path,
    *,
    temperatures: Sequence[float] = (1.0,),
    samples: int = 2000,
    seed: int = 0,
) -> list[Quality]:
    """Compare samples of each model with the data set that it was trained on; write `generation.csv` and pictures.

    Arguments:
        models: as for `dood.checkpoint.load`, trained on a set that there is a judge for.
        out: a folder, for the table and, for each model and temperature, samples above the training images nearest to
            them, as the judge sees it, and a wall of samples to the left of a wall of test images.
        temperatures: factors of the Gaussians' deviations, a comparison each.
        samples: how many drawings of each kind are compared.
        seed: of the samples, and of which real drawings are taken.

    Raises:
        DoodError: a model, its data or its judge are not there, too few drawings, or matplotlib is not installed.
    """
    folder, rows = make_folder(out), []
    for path in models:
        header, network = checkpoint.header_of(path), checkpoint.load(path)
        name, source = model_name(header), source_of(header)
        if source not in judges():
            raise DoodError(f"{path} was trained on {source!r}, which has no judge: there are {', '.join(judges())}")
        judge, images = load_judge(judges()[source]), data.load(source).at(network.config.resolution)
        rng, train = np.random.default_rng(seed), torch.from_numpy(images.train_images)
        chosen, test = _some(train, samples, rng), torch.from_numpy(images.test_images)
        test = test[_some(test, samples, rng)].float() / 255
        known = _features(judge, train)
        floors = _figures(known, chosen, _features(judge, test))
        for temperature in temperatures:
            made = _samples(network, samples, temperature, seed)
            looks = _features(judge, made)
            for metric, value, floor in zip(_metrics(source), _figures(known, chosen, looks), floors, strict=True):
                rows.append(Quality(name, source, temperature, metric, value, floor, value / max(floor, 1e-9)))
            write_table(folder / "generation.csv", Quality._fields, rows)
            nearest = train[torch.cdist(looks[:SHOWN], known).argmin(-1)].float() / 255
            pairs = {"sample": made[:SHOWN].numpy(), "nearest": nearest.numpy()}
            picture = folder / f"{name}-{Path(source).stem}-{temperature:g}.png"
            save_figure(image_grid(pairs, [""] * SHOWN), picture)
            save_image(image_walls([made[:WALL].numpy(), test[:WALL].numpy()]), picture.with_suffix(".wall.png"))
    return rows


def _metrics(source: str) -> tuple[str, ...]:
    return f"frechet-lenet-{Path(source).stem}-v{VERSION}", "precision", "recall", "nearest"


def _figures(known: Tensor, chosen: Tensor, made: Tensor) -> tuple[float, float, float, float]:
    """Of what was made against some of the training images, and against them all."""
    real = known[chosen]
    nearest = torch.cat([torch.cdist(part, known).amin(-1) for part in made.split(AT_ONCE)]).median().item()
    return frechet_distance(real.double().numpy(), made.double().numpy()), *precision_recall(real, made), nearest


def _some(images: Tensor, count: int, rng: np.random.Generator) -> Tensor:
    return torch.from_numpy(rng.permutation(len(images))[:count])


@torch.no_grad()
def _features(judge: Judge, images: Tensor) -> Tensor:
    """Of images with ink up to 1, or of bytes up to 255."""
    whole = 1 if images.is_floating_point() else 255
    return torch.cat([judge.features(part.float() / whole) for part in images.split(AT_ONCE)])


@torch.no_grad()
def _samples(network: DooD, count: int, temperature: float, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    sizes = [min(AT_ONCE, count - done) for done in range(0, count, AT_ONCE)]
    return torch.cat(
        [network.sample(size, temperature=temperature, generator=generator).canvas.clamp(max=1) for size in sizes]
    )
