"""Draw the paper's Figure 7: exemplars by DooD of Quick, Draw! and Omniglot, and by Difference-AIR of Omniglot.

dood train --data omniglot --model difference-air --preset quick --seed 1 --set model.likelihood=normal --out runs/air
python scripts/make_exemplars.py runs/air

In each block the first column is a test image, and the others are exemplars of it. AIR's have noise on the codes of its
parts, and an affine map of the whole picture; all spreads are those of `dood exemplars`.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from dood import data
from dood.checkpoints import checkpoint
from dood.concepts.parts import parts_of, random_part_tokens, token_parts
from dood.figures.sheets import image_grids, save_image
from dood.models.dood import DooD
from dood.pictures import Picture, normalise
from dood.tasks.exemplars import SPREADS, exemplars
from dood.tasks.reading import searched

SHOWN, COUNT, SIDE = 8, 7, 100
"""Test images of a block, exemplars of each, and pixels on a side."""

Ink = NDArray[np.float32]


def main() -> None:
    """Draw the three blocks side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("air", type=Path, help="a run of difference-air on Omniglot")
    parser.add_argument("--out", type=Path, default=Path("results/exemplars.png"))
    arguments = parser.parse_args()
    characters = test_pictures("omniglot")
    blocks = [
        block(test_pictures("quickdraw"), checkpoint.load("quickdraw")),
        block(characters, checkpoint.load("omniglot")),
        block(characters, checkpoint.load(arguments.air)),
    ]
    save_image(image_grids(blocks, columns=1 + COUNT), arguments.out)


def test_pictures(name: str) -> list[Image.Image]:
    images = data.load(name).test_images
    chosen = images[data.evenly_spaced(len(images), SHOWN + 2)[1:-1]]
    return [Image.fromarray(255 - image).resize((SIDE, SIDE), Image.Resampling.BICUBIC) for image in chosen]


def block(pictures: list[Image.Image], model: DooD) -> Ink:
    """Ink of each picture and then of its exemplars, [n, h, w]."""
    make = strokes_again if model.config.appearance == "spline" else parts_again
    return np.stack([ink for i, picture in enumerate(pictures) for ink in (ink_of(picture), *make(picture, model, i))])


def strokes_again(picture: Image.Image, model: DooD, seed: int) -> list[Ink]:
    made = exemplars(picture, model=model, count=COUNT, seed=seed, frame="image").drawings
    return [ink_of(drawing.to_png()) for drawing in made]


def parts_again(picture: Image.Image, model: DooD, seed: int) -> list[Ink]:
    """As `dood.exemplars` reads a picture and draws it again, with parts for strokes."""
    loaded = Picture.from_array(np.asarray(picture.convert("L")), polarity="dark")
    raster = torch.from_numpy(normalise(loaded, model.config.resolution, frame="image")[0]).unsqueeze(0)
    types = parts_of(model, *searched(model, raster)).rows(torch.zeros(COUNT, dtype=torch.long))
    tokens = random_part_tokens(types, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        return list(token_parts(types, tokens, SPREADS).canvas(SIDE).clamp(0, 1).numpy())


def ink_of(picture: Image.Image) -> Ink:
    return 1 - np.asarray(picture.convert("L"), np.float32) / np.float32(255)


if __name__ == "__main__":
    main()
