"""The paper's Figure 1: drawings of all sets, found stroke by stroke by a model that has seen one of them.

python scripts/make_steps.py results/models/mnist-dreams.safetensors --lm 0 20    # results/steps/

A sheet for each number of least-squares steps: 0 is the recognition model alone, as in the paper.
"""

import argparse
from pathlib import Path

import torch

from dood.checkpoints import checkpoint
from dood.checkpoints.headers import model_name, source_of
from dood.data import evenly_spaced, images_at, load
from dood.evaluation.evaluate import posterior_of
from dood.evaluation.published import SETS
from dood.evaluation.transfer import Variant
from dood.figures.sheets import reconstruction_sheet, save_image
from dood.files import make_folder
from dood.inference.variational import most_probable

SHOWN = 3
"""Test images of each set, evenly spaced: none is picked by hand."""


def main() -> None:
    """Draw a sheet a variant."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--lm", type=int, nargs="+", default=[0, 20])
    parser.add_argument("--out", type=Path, default=Path("results/steps"))
    arguments = parser.parse_args()
    header, network = checkpoint.header_of(arguments.model), checkpoint.load(arguments.model)
    images = torch.cat([shown(name, network.config.resolution) for name in SETS])
    for steps in arguments.lm:
        with torch.no_grad():
            parsed = most_probable(network, images, posterior_of(network, images, lm_steps=steps))
        sheet = reconstruction_sheet(images.numpy(), parsed.canvases.numpy(), parsed.strokes.numpy())
        name = f"{model_name(header)}-{source_of(header)}-{Variant(lm_steps=steps).name}.png"
        save_image(sheet, make_folder(arguments.out) / name)


def shown(name: str, resolution: int) -> torch.Tensor:
    images = load(name).test_images
    chosen = evenly_spaced(len(images), SHOWN + 2)[1:-1]
    return torch.from_numpy(images_at(images[chosen], resolution)).float() / 255


if __name__ == "__main__":
    main()
