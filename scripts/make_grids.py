"""Draw a hundred exemplars and completions of each set beside the real drawings: results/grids/SET-TASK.png.

python scripts/make_grids.py mnist omniglot

On the left what was made, on the right the test image that it was made from, in the same place. An exemplar is a new
token of the drawing; a completion is given the first half of the strokes that were found in it, as a picture.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dood import data
from dood.checkpoints import checkpoint
from dood.drawing import Drawing
from dood.figures.sheets import image_grids, save_image
from dood.files import make_folder
from dood.models.dood import DooD
from dood.tasks.complete import complete
from dood.tasks.draw import draw
from dood.tasks.exemplars import exemplars

SHOWN, SIDE = 100, 100
"""Drawings on a grid, and their side in pixels."""

Ink = NDArray[np.float32]


def exemplar(picture: Image.Image, model: DooD, seed: int) -> Drawing:
    return exemplars(picture, model=model, count=1, seed=seed, frame="image").drawings[0]


def completion(picture: Image.Image, model: DooD, seed: int) -> Drawing:
    whole = draw(picture, model=model, frame="image")
    half = Drawing(whole.width, whole.height, whole.strokes[: max(1, len(whole.strokes) // 2)])
    return complete(half.to_png(), model=model, count=1, seed=seed).drawings[0]


TASKS: dict[str, Callable[[Image.Image, DooD, int], Drawing]] = {"exemplars": exemplar, "completions": completion}


def main() -> None:
    """Make the grids of the sets that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="SET", help="a data set that there are weights of")
    parser.add_argument("--out", type=Path, default=Path("results/grids"))
    arguments = parser.parse_args()
    out = make_folder(arguments.out)
    for name in arguments.sets:
        images = data.load(name).test_images
        chosen = images[data.evenly_spaced(len(images), SHOWN)]
        pictures = [Image.fromarray(255 - image).resize((SIDE, SIDE), Image.Resampling.BICUBIC) for image in chosen]
        model = checkpoint.load(name)
        for task, make in TASKS.items():
            made = [make(picture, model, seed).to_png() for seed, picture in enumerate(pictures)]
            path = out / f"{name}-{task}.png"
            save_image(image_grids([[ink(picture) for picture in grid] for grid in (made, pictures)]), path)
            print(path, flush=True)


def ink(picture: Image.Image) -> Ink:
    return 1 - np.asarray(picture.convert("L"), np.float32) / np.float32(255)


if __name__ == "__main__":
    main()
