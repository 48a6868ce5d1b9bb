"""What kinds of strokes a model uses: k-means on inferred strokes, and how well the clusters hold (Figure 5)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dood import data
from dood.checkpoints import checkpoint
from dood.checkpoints.headers import model_name, source_of
from dood.core.geometry import bernstein
from dood.core.renderer import Pen, composite, render
from dood.errors import DoodError
from dood.figures.plots import cluster_map, save_figure
from dood.files import make_folder, write_table
from dood.inference.objectives import sampled_stop
from dood.models.appearance import Spline
from dood.models.dood import DooD
from dood.models.latents import Latents

__all__ = ["KS", "Described", "Score", "clusters", "collect", "describe", "silhouettes"]

KS = (5, 8, 10, 15)
"""Numbers of clusters that are tried."""
MAPPED = 8
"""The one of them that is drawn."""
IMAGES_AT_ONCE = 250
CURVE = 16
"""Points of a curve that its shape is compared by."""
SCORED, DRAWN = 4000, 1500
"""Strokes that a silhouette is averaged over, and points of a map: both take time with the square of the number."""
THUMBNAIL = 24


class Described(NamedTuple):
    """Strokes that a model sees in images, described in one way.

    Attributes:
        vectors: [n, d], what is clustered.
        pictures: [n, h, w], what that is of each stroke, ink in [0, 1].
    """

    vectors: NDArray[np.float32]
    pictures: NDArray[np.float32]


class Score(NamedTuple):
    """How well clusters hold together: a row of the table. `seed` is that of k-means."""

    model: str
    source: str
    vectors: str
    seed: int
    k: int
    silhouette: float


def clusters(
    models: Sequence[str | Path],
    out: str | Path,
    *,
    strokes: int = 10_000,
    seeds: int = 5,
) -> list[Score]:
    """Cluster the strokes that each model sees in its own training images; write `clusters.csv` and a map of each.

    Arguments:
        models: as for `dood.checkpoints.checkpoint.load`, trained on a data set that is there.
        out: a folder, for the table and one picture for each model and kind of vector.
        strokes: how many to cluster.
        seeds: how often k-means starts anew.

    Raises:
        DoodError: a model or its data are not there, or scikit-learn or matplotlib are not installed.
    """
    folder, scores = make_folder(out), []
    for model in models:
        header = checkpoint.header_of(model)
        name, source = model_name(header), source_of(header)
        network = checkpoint.load(model)
        images = data.load(source).at(network.config.resolution).train_images
        latents = collect(network, torch.from_numpy(images), strokes)
        for kind, seen in describe(network, latents).items():
            scores += [Score(name, source, kind, *row) for row in silhouettes(seen.vectors, seeds)]
            path = folder / f"{name}-{Path(source).stem}-{kind}.png"
            save_figure(_map(seen, f"{name}, {Path(source).stem}, {kind}"), path)
            write_table(folder / "clusters.csv", Score._fields, scores)
    return scores


@torch.no_grad()
def collect(model: DooD, images: Tensor, count: int, seed: int = 0) -> Latents:
    """Strokes [count, ...] of uint8 images [n, h, w] taken at random; one posterior sample of each image.

    Raises:
        DoodError: there are not enough in all the images.
    """
    generator = torch.Generator().manual_seed(seed)
    found: list[Latents] = []
    for rows in torch.randperm(len(images), generator=generator).split(IMAGES_AT_ONCE):
        target = images[rows].float() / 255
        inference = model.infer(target, model.noise(len(rows), generator=generator))
        number = sampled_stop(inference.stop_q.logits, generator)
        used = torch.arange(inference.canvases.shape[1] - 1) < number.unsqueeze(-1)
        found.append(Latents(*(part[used] for part in inference.latents)))
        if sum(len(part.layout) for part in found) >= count:
            return Latents(*(torch.cat(parts)[:count] for parts in zip(*found, strict=True)))
    raise DoodError(f"{len(images)} images have fewer than {count} strokes: ask for fewer, or give more images")


def silhouettes(vectors: NDArray, seeds: int) -> list[tuple[int, int, float]]:
    """Seed, k and mean silhouette (Rousseeuw, 1987) of k-means for every k of `KS`."""
    from_scikit = _scikit()
    rows = []
    for k in KS:
        for seed in range(seeds):
            labels = from_scikit.KMeans(k, n_init=4, random_state=seed).fit_predict(vectors)
            size = min(SCORED, len(vectors))
            value = from_scikit.silhouette_score(vectors, labels, sample_size=size, random_state=seed)
            rows.append((seed, k, float(value)))
    return rows


@torch.no_grad()
def describe(model: DooD, latents: Latents) -> dict[str, Described]:
    """Strokes [n, ...] in the ways in which they can be compared.

    `latent` is the paper's: the numbers as the model has them in the frame of the layout, of a spline its control
    points, of AIR the code. For splines there is also `shape`: the curve as it lies on the canvas, turned as it is
    there, without its place, its size and the way it was drawn.
    """
    appearance = model.appearance
    latent = latents.stroke
    drafts = model.composite(appearance.draft(latent, model.layout_range.frame(latents.layout).scale, THUMBNAIL))
    drafts = drafts.clamp(max=1).numpy()
    if not isinstance(appearance, Spline):
        return {"latent": Described(latent.numpy(), drafts)}
    points = appearance.points(latent)
    shape = _shape(model.layout_range.frame(latents.layout).apply(points))
    pen = Pen(torch.full((len(shape), 1), 0.1), torch.full((len(shape),), 2.5))
    pictures = composite(render(0.5 * shape, pen, THUMBNAIL, THUMBNAIL)).numpy()
    return {
        "latent": Described(points.flatten(1).numpy(), drafts),
        "shape": Described(_curve(shape).flatten(1).numpy(), pictures),
    }


def _curve(points: Tensor) -> Tensor:
    """Points along Bezier curves with control points [n, p, 2]."""
    return bernstein(points.shape[-2], CURVE, points.device, points.dtype) @ points


def _shape(points: Tensor) -> Tensor:
    """Control points [n, p, 2] of the same curves about their centre, of unit size, starting at the upper left end."""
    curve = _curve(points)
    centre = curve.mean(1, keepdim=True)
    size = (curve - centre).square().sum((1, 2), keepdim=True).mul(1 / CURVE).sqrt().clamp(min=1e-6)
    backwards = (points[:, -1] - points[:, 0]).sum(-1) < 0
    return torch.where(backwards[:, None, None], points.flip(1), points).sub(centre).div(size)


def _map(seen: Described, title: str) -> Any:
    """The t-SNE map (van der Maaten and Hinton, 2008) of some strokes, and the most typical ones of every cluster."""
    from_scikit, vectors = _scikit(), seen.vectors
    kmeans = from_scikit.KMeans(MAPPED, n_init=4, random_state=0).fit(vectors)
    distances = kmeans.transform(vectors)
    typical = [np.flatnonzero(kmeans.labels_ == c)[distances[kmeans.labels_ == c, c].argsort()] for c in range(MAPPED)]
    drawn = min(DRAWN, len(vectors))
    places = from_scikit.TSNE(random_state=0, perplexity=min(30, (drawn - 1) // 3)).fit_transform(vectors[:drawn])
    return cluster_map(places, kmeans.labels_[:drawn], seen.pictures, typical, title)


def _scikit() -> Any:
    try:
        from types import SimpleNamespace

        from sklearn.cluster import KMeans
        from sklearn.manifold import TSNE
        from sklearn.metrics import silhouette_score
    except ImportError as error:
        raise DoodError("clustering needs scikit-learn: pip install 'dood[eval]'") from error
    return SimpleNamespace(KMeans=KMeans, TSNE=TSNE, silhouette_score=silhouette_score)
