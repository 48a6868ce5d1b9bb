"""Which alphabet is a character of? A small network that is told, to judge characters that nobody has told it of."""

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from dood.core.geometry import shrink

__all__ = ["AlphabetClassifier", "alphabets_said", "train_alphabets"]

SIDE, WIDTHS = 52, (24, 48, 96)
"""Pixels of an image, and channels of the layers."""
BATCH, RATE, DECAY, DROPPED, SMOOTHED = 64, 6e-3, 0.02, 0.4, 0.05
MOVED = 0.1
"""Deviation of the numbers of an affine map that differs from training image to training image."""


class AlphabetClassifier(nn.Module):
    """Three convolutions; the largest and the mean answer of each feature, wherever it is; a linear classifier."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in zip((1, *WIDTHS[:-1]), WIDTHS, strict=True):
            layers += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
        self.look = nn.Sequential(*layers)
        self.say = nn.Sequential(nn.Dropout(DROPPED), nn.Linear(2 * WIDTHS[-1], classes))

    def forward(self, images: Float[Tensor, "n h w"]) -> Float[Tensor, "n c"]:
        seen = self.look(images.unsqueeze(1))
        return self.say(torch.cat([seen.amax((2, 3)), seen.mean((2, 3))], 1))


def train_alphabets(
    images: NDArray[np.uint8], alphabets: NDArray[np.int64], *, epochs: int = 16, seed: int = 0
) -> AlphabetClassifier:
    """Train a classifier of alphabets, numbered from 0; images [n, h, w], ink 255."""
    small, targets = _small(images), torch.from_numpy(alphabets)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = AlphabetClassifier(int(alphabets.max()) + 1)
        optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=epochs * -(-len(small) // BATCH))
        for _ in range(epochs):
            for rows in torch.randperm(len(small)).split(BATCH):
                said = network(_moved(small[rows]))
                loss = functional.cross_entropy(said, targets[rows], label_smoothing=SMOOTHED)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
    return network.eval().requires_grad_(False)


def alphabets_said(network: AlphabetClassifier, images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The likeliest alphabet [n] of each image [n, h, w], ink 255."""
    said = [network(part).argmax(1) for part in _small(images).split(4 * BATCH)]
    return torch.cat(said).numpy()


def _small(images: NDArray[np.uint8]) -> Tensor:
    return torch.cat([shrink(torch.from_numpy(part).float() / 255, SIDE) for part in _parts(images)])


def _parts(images: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    return np.split(images, range(BATCH, len(images), BATCH))


def _moved(images: Tensor) -> Tensor:
    """Each image by an affine map of its own."""
    matrix = torch.eye(2, 3) + MOVED * torch.randn(len(images), 2, 3)
    grid = functional.affine_grid(matrix, [len(images), 1, SIDE, SIDE], align_corners=False)
    return functional.grid_sample(images.unsqueeze(1), grid, align_corners=False).squeeze(1)
