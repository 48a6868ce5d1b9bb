"""How far drawings that a model makes up are from real ones (paper 3.2; the measure: `dood.evaluation.features`)."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from dood import data
from dood.checkpoints import checkpoint
from dood.checkpoints.headers import model_name, source_of
from dood.errors import DoodError
from dood.evaluation.features import (
    VERSION,
    FeatureExtractor,
    extractors,
    frechet_distance,
    load_extractor,
    precision_recall,
)
from dood.figures.plots import image_grid, save_figure
from dood.figures.sheets import image_grids, save_image
from dood.files import make_folder, write_table
from dood.inference.parsing import parse
from dood.models.dood import DooD

__all__ = ["Quality", "quality"]

AT_ONCE = 250
SHOWN = 12
"""Samples beside the training images nearest to them."""
GRID = 100
"""Samples beside as many test images."""


class Quality(NamedTuple):
    """A row of the table.

    Attributes:
        metric: `frechet-lenet-DATASET-v2` (lower is better), `precision` or `recall` (higher is better), or `nearest`,
            the median distance to the nearest of all training images (well below the floor: copies).
        value: of samples against training images.
        floor: of as many other training images against the same ones (to the nearest but themselves): what drawings of
            the very same distribution score.
        unseen: of as many test images, which may be of other kinds than the training images (Omniglot's are).
        redrawn: of what the model draws of those other training images, in one pass: what strokes and recognition lose,
            whatever the prior. (The nearest training image of such a drawing is often the one that it was drawn after.)
        ratio: value over floor.
        ratio_std: its standard deviation over the repeats, each over its own floor; none of a single one.
    """

    model: str
    dataset: str
    temperature: float
    metric: str
    value: float
    floor: float
    unseen: float
    redrawn: float
    ratio: float
    ratio_std: float | None


def quality(
    models: Sequence[str | Path],
    out: str | Path,
    *,
    temperatures: Sequence[float] = (1.0,),
    samples: int = 2000,
    seed: int = 0,
    repeats: int = 1,
) -> list[Quality]:
    """Compare samples of each model with the data set that it was trained on; write `generation.csv` and pictures.

    Arguments:
        models: as for `dood.checkpoints.checkpoint.load`, trained on a set with a feature extractor.
        out: a folder, for the table and, for each model and temperature, samples above the training images nearest to
            them, in the extractor's features, and a grid of samples to the left of a grid of test images.
        temperatures: factors of the Gaussians' deviations, a comparison each.
        samples: how many drawings of each kind are compared.
        seed: of the samples, and of which real drawings are taken; the pictures show the first of the repeats.
        repeats: how often, with seed, seed + 1, ...; the figures are means. With few drawings one floor is seldom
            like another.

    Raises:
        DoodError: a model, its data or its feature extractor are missing, there are too few drawings, or matplotlib is
            not installed.
    """
    folder, rows, seeds = make_folder(out), [], range(seed, seed + repeats)
    for path in models:
        header, network = checkpoint.header_of(path), checkpoint.load(path)
        name, source = model_name(header), source_of(header)
        if source not in extractors():
            raise DoodError(
                f"{path} was trained on {source!r}, which has no feature extractor: there are {', '.join(extractors())}"
            )
        extractor, images = load_extractor(extractors()[source]), data.load(source).at(network.config.resolution)
        train, test = torch.from_numpy(images.train_images), torch.from_numpy(images.test_images)
        known, unseen = _features(extractor, train), _features(extractor, test)
        chosen = [_choose(len(train), len(test), samples, each) for each in seeds]
        floors = _columns(_figures(known, known[ours], known[others], own=1) for ours, others, _ in chosen)
        strangers = _columns(_figures(known, known[ours], unseen[others]) for ours, _, others in chosen)
        redrawn = _columns(
            _figures(known, known[ours], _features(extractor, _redrawn(network, train[others])))
            for ours, others, _ in chosen
        )
        for temperature in temperatures:
            made = [_samples(network, samples, temperature, each) for each in seeds]
            found = [_features(extractor, some) for some in made]
            values = _columns(
                _figures(known, known[ours], look) for (ours, *_), look in zip(chosen, found, strict=True)
            )
            for metric, *columns in zip(_metrics(source), values, floors, strangers, redrawn, strict=True):
                rows.append(Quality(name, source, temperature, metric, *_summary(*columns)))
            write_table(folder / "generation.csv", Quality._fields, rows)
            nearest = train[torch.cdist(found[0][:SHOWN], known).argmin(-1)]
            picture = folder / f"{name}-{Path(source).stem}-{temperature:g}.png"
            _show(made[0], nearest.float() / 255, test[chosen[0][2]].float() / 255, picture)
    return rows


def _show(made: Tensor, nearest: Tensor, real: Tensor, picture: Path) -> None:
    """Samples above the training images nearest to them; and a grid of samples beside one of real drawings."""
    save_figure(image_grid({"sample": made[:SHOWN].numpy(), "nearest": nearest.numpy()}, [""] * SHOWN), picture)
    save_image(image_grids([made[:GRID].numpy(), real[:GRID].numpy()]), picture.with_suffix(".grid.png"))


def _metrics(source: str) -> tuple[str, ...]:
    return f"frechet-lenet-{Path(source).stem}-v{VERSION}", "precision", "recall", "nearest"


def _figures(known: Tensor, real: Tensor, made: Tensor, own: int = 0) -> tuple[float, float, float, float]:
    """Features of what was made against those of some of the training images, and of them all.

    Arguments:
        own: 1 if what was made is among all of them, and so its own nearest.
    """
    distances = [torch.cdist(part, known).kthvalue(1 + own).values for part in made.split(AT_ONCE)]
    nearest = torch.cat(distances).median().item()
    return frechet_distance(real.double().numpy(), made.double().numpy()), *precision_recall(real, made), nearest


def _columns(figures: Iterable[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Figures of each repeat as repeats of each figure."""
    return list(zip(*figures, strict=True))


def _summary(
    values: Sequence[float], floors: Sequence[float], unseen: Sequence[float], redrawn: Sequence[float]
) -> tuple[float, float, float, float, float, float | None]:
    """Means over repeats, their ratio, and the deviation of the ratio."""
    value, floor = fmean(values), fmean(floors)
    ratios = [each / max(own, 1e-9) for each, own in zip(values, floors, strict=True)]
    spread = stdev(ratios) if len(ratios) > 1 else None
    return value, floor, fmean(unseen), fmean(redrawn), value / max(floor, 1e-9), spread


def _choose(train: int, test: int, count: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Which of the training images, which others of them, and which of the test images are compared."""
    if train < 2 * count:
        raise DoodError(
            f"samples (={count}) must be at most half of the {train} training images: the floor needs two sets"
        )
    rng = np.random.default_rng(seed)
    ours, theirs = (torch.from_numpy(rng.permutation(size)) for size in (train, test))
    return ours[:count], ours[count : 2 * count], theirs[:count]


@torch.no_grad()
def _features(extractor: FeatureExtractor, images: Tensor) -> Tensor:
    """Of images with ink up to 1, or of bytes up to 255."""
    whole = 1 if images.is_floating_point() else 255
    return torch.cat([extractor.features(part.float() / whole) for part in images.split(AT_ONCE)])


def _redrawn(network: DooD, images: Tensor) -> Tensor:
    """What a model draws of bytes up to 255."""
    parts = (parse(network, part.float() / 255).canvas for part in images.split(AT_ONCE))
    return torch.cat(list(parts)).clamp(max=1)


@torch.no_grad()
def _samples(network: DooD, count: int, temperature: float, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    sizes = [min(AT_ONCE, count - done) for done in range(0, count, AT_ONCE)]
    return torch.cat(
        [network.sample(size, temperature=temperature, generator=generator).canvas.clamp(max=1) for size in sizes]
    )
