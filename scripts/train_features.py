"""Train the classifiers whose features compare samples with real drawings, and put them into the package.

python -m scripts.train_features mnist emnist kmnist quickdraw omniglot
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from dood.data import load
from dood.evaluation.features import FeatureExtractor, save_extractor, train_extractor
from dood.files import make_folder
from scripts.ship_weights import LEAST, rounded

EXTRACTORS = Path(__file__).parents[1] / "src" / "dood" / "weights" / "features"
HELD_OUT = 0.1
COARSE = 1 / 32
"""Weights are rounded to multiples of about this share of their root mean square, so that the package stays small."""


def main() -> None:
    """Train on nine tenths of the training images, and say how many of the others each feature extractor gets right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+")
    parser.add_argument("--steps", type=int, default=5000)
    arguments = parser.parse_args()
    for name in arguments.data:
        images = load(name).at(50)
        order = np.random.default_rng(0).permutation(len(images.train_images))
        cut = round(HELD_OUT * len(order))
        held_out, seen = order[:cut], order[cut:]
        extractor = train_extractor(images.train_images[seen], images.train_labels[seen], steps=arguments.steps)
        round_weights(extractor)
        save_extractor(extractor, make_folder(EXTRACTORS) / f"{name}.safetensors")
        found = accuracy(
            extractor, images.train_images[held_out], images.train_labels[held_out], images.train_labels[seen]
        )
        print(f"{name}: {len(seen)} images, {found:.3f} of {len(held_out)} others right", flush=True)


def round_weights(extractor: FeatureExtractor) -> None:
    """Round what there is much of, in place."""
    for parameter in extractor.parameters():
        if parameter.numel() >= LEAST:
            parameter.copy_(rounded(parameter, COARSE))


def accuracy(extractor: FeatureExtractor, images: np.ndarray, labels: np.ndarray, seen: np.ndarray) -> float:
    classes = np.unique(seen)
    said = torch.cat([extractor(part.float() / 255).argmax(-1) for part in torch.from_numpy(images).split(500)])
    return float(np.mean(classes[said.numpy()] == labels))


if __name__ == "__main__":
    main()
