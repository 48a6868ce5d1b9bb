"""Features of drawings by a small classifier, and distances between two sets of drawings in these features.

The classifier is LeNet-like (LeCun et al., 1998), its layers are normalised (Ioffe and Szegedy, 2015), and it is
trained on one data set; it is to these distances what Inception is to the usual FID. They are named after it and its
version, and cannot be compared with another FID.
"""

import importlib.resources
from pathlib import Path

import numpy as np
import safetensors
import safetensors.torch
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from dood.checksums import SHA256, check_digest, digest
from dood.core.geometry import shrink
from dood.errors import DoodError
from dood.files import atomic_write
from dood.training.augmentation import NUMBERS, augment

__all__ = [
    "FeatureExtractor",
    "extractors",
    "frechet_distance",
    "load_extractor",
    "precision_recall",
    "save_extractor",
    "train_extractor",
]

SIDE, WIDTHS, FEATURES, VERSION = 28, (16, 32, 48), 64, 2
BATCH, RATE, DECAY, AUGMENTATION = 128, 3e-3, 1e-2, 0.5
NEIGHBOURS = 3
"""A point's neighbourhood reaches to its third nearest neighbour."""


class FeatureExtractor(nn.Module):
    """Three convolutions, a hidden layer of 64 features and a linear classifier, over images of 28 x 28 pixels."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        channels = [1, *WIDTHS]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, 3, padding=1) for before, after in zip(channels, WIDTHS, strict=False)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in WIDTHS)
        self.hidden, self.out = nn.Linear(WIDTHS[-1] * 3 * 3, FEATURES), nn.Linear(FEATURES, classes)

    def features(self, images: Float[Tensor, "n h w"]) -> Float[Tensor, "n f"]:
        """Return the hidden layer for images with ink in [0, 1], of any size."""
        seen = shrink(images, SIDE).unsqueeze(1)
        for layer, norm in zip(self.convolutions, self.norms, strict=True):
            seen = functional.max_pool2d(functional.relu(norm(layer(seen))), 2)
        return functional.relu(self.hidden(seen.flatten(1)))

    def forward(self, images: Float[Tensor, "n h w"]) -> Float[Tensor, "n c"]:
        return self.out(self.features(images))


def train_extractor(
    images: NDArray[np.uint8], labels: NDArray[np.int64], *, steps: int = 5000, seed: int = 0
) -> FeatureExtractor:
    """Train a feature extractor to tell classes apart, on images that are moved a little.

    Arguments:
        images: [n, h, w], ink 255.
        labels: [n]; classes are numbered anew from 0.
        steps: updates, of 128 images each.
    """
    classes, targets = np.unique(labels, return_inverse=True)
    known, drawn = torch.from_numpy(targets), _small(images)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        extractor = FeatureExtractor(len(classes))
        optimiser = torch.optim.AdamW(extractor.parameters(), lr=RATE, weight_decay=DECAY)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
        for _ in range(steps):
            rows = torch.randint(len(drawn), (BATCH,))
            seen = augment(drawn[rows].float() / 255, torch.randn(BATCH, NUMBERS), AUGMENTATION)
            loss = functional.cross_entropy(extractor(seen), known[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return extractor.eval().requires_grad_(False)


def _small(images: NDArray[np.uint8]) -> Tensor:
    """As large as the classifier sees them, once for all steps."""
    parts = (shrink(part.float(), SIDE).round().byte() for part in torch.from_numpy(images).split(1000))
    return torch.cat(list(parts))


def extractors() -> dict[str, Path]:
    """Return the files of the feature extractors in the package, by data set."""
    folder = Path(str(importlib.resources.files("dood") / "weights" / "features"))
    return {path.stem: path for path in sorted(folder.glob("*.safetensors"))}


def load_extractor(path: str | Path) -> FeatureExtractor:
    """Read a feature extractor from a file.

    Raises:
        DoodError: the file holds none.
    """
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            noted = (file.metadata() or {}).get(SHA256)
        check_digest(Path(path), {name: tensor.numpy() for name, tensor in tensors.items()}, noted)
        extractor = FeatureExtractor(len(tensors["out.bias"]))
        extractor.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except (OSError, KeyError, safetensors.SafetensorError, RuntimeError) as error:
        raise DoodError(f"{path} is no feature extractor: {error}") from error
    return extractor.eval().requires_grad_(False)


def save_extractor(extractor: FeatureExtractor, path: str | Path) -> None:
    """Write a feature extractor as 16-bit floats, whole or not at all."""
    tensors = {name: tensor.half().contiguous() for name, tensor in extractor.state_dict().items()}
    sha256 = digest({name: tensor.numpy() for name, tensor in tensors.items()})
    with atomic_write(path) as file:
        file.write(safetensors.torch.save(tensors, {"format": f"dood-features-{VERSION}", SHA256: sha256}))


def frechet_distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the squared Frechet distance of Gaussians with the moments of two sets of features [n, f].

    |m - m'|^2 + tr(C + C' - 2 (C C')^(1/2)) (Heusel et al., 2017).

    Raises:
        DoodError: a set has fewer than two rows.
    """
    if min(len(one), len(other)) < 2:
        raise DoodError(f"a distance between sets of {len(one)} and {len(other)} drawings: each needs at least 2")
    means = [features.mean(0) for features in (one, other)]
    first, second = (np.atleast_2d(np.cov(features, rowvar=False)) for features in (one, other))
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    # The trace of the root of a product: both matrices are symmetric, so a similar one has real eigenvalues.
    cross = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(min=0)).sum()
    apart = np.square(means[0] - means[1]).sum() + np.trace(first) + np.trace(second) - 2 * cross
    return float(max(apart, 0.0))


def precision_recall(real: Float[Tensor, "n f"], made: Float[Tensor, "m f"]) -> tuple[float, float]:
    """Return the share of made drawings near real ones, and of real ones near made ones (Kynkäänniemi et al., 2019).

    A point is near a set if its distance to one of the set's points is at most that point's distance to its third
    nearest neighbour in the set.
    """
    return _covered(made, real), _covered(real, made)


def _covered(points: Tensor, by: Tensor) -> float:
    # The nearest is the point itself.
    radius = torch.cdist(by, by).kthvalue(NEIGHBOURS + 1).values
    return (torch.cdist(points, by) <= radius).any(1).float().mean().item()
