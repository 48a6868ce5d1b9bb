"""Make the README's pictures of test images parsed by a model: one sheet for each data set.

python scripts/make_pictures.py --model all --out docs/images
"""

import argparse
from pathlib import Path

from PIL import Image

from dood.data import evenly_spaced, load
from dood.engines.choice import engine_of
from dood.figures.sheets import Entry, contact_sheet, save_image
from dood.files import make_folder
from dood.pictures import Picture
from dood.tasks.canvas import REFINE, STROKES, draw_pictures

SETS = ("mnist", "emnist", "kmnist", "quickdraw", "omniglot")


def main() -> None:
    """Draw evenly spaced test images of every set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="all")
    parser.add_argument("--images", type=int, default=8)
    parser.add_argument("--strokes", type=int, default=STROKES)
    parser.add_argument("--refine", type=int, default=REFINE)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    arguments = parser.parse_args()
    engine = engine_of(arguments.model)
    out = make_folder(arguments.out)
    for name in SETS:
        images = load(name).test_images
        chosen = images[evenly_spaced(len(images), arguments.images)]
        pictures = [Picture.from_array(image, polarity="light", name=name) for image in chosen]
        options = {"strokes": arguments.strokes, "refine": arguments.refine, "frame": "image"}
        drawings = draw_pictures(pictures, engine, **options)
        entries = [
            Entry(f"{name} {i + 1}", Image.fromarray(255 - image), picture.ink, drawing)
            for i, (image, picture, drawing) in enumerate(zip(chosen, pictures, drawings, strict=True))
        ]
        save_image(contact_sheet(entries), out / f"{model_name(arguments.model)}-on-{name}.png")


def model_name(model: str) -> str:
    return Path(model).stem


if __name__ == "__main__":
    main()
