"""Complete halves of test drawings, and measure what they became.

python scripts/make_completions.py --limit 100

results/completions.csv (what a classifier says of digits), completions-rest.csv (beside what was really drawn) and
completions.png: from left to right what halves were taken from, the halves, completed as is best, and as in the paper.

python scripts/make_completions.py --limit 20 --sizes    # digits at several sizes: results/completions-sizes.csv
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dood import data
from dood.checkpoints import checkpoint
from dood.evaluation.completed import (
    HALF,
    WHOLE,
    Rest,
    Row,
    as_grids,
    class_shares,
    completed,
    completed_at_sizes,
    rests,
)
from dood.evaluation.features import extractors, load_extractor
from dood.figures.sheets import image_grids, save_image
from dood.files import make_folder, write_table
from dood.tasks.complete import WAYS

DIGITS, OTHERS = "mnist", ("omniglot",)
"""The set whose classes a classifier knows, and sets of drawings whose rests are compared too."""
SHOWN, COLUMNS = 30, 5


def main() -> None:
    """Complete, measure, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--count", type=int, default=8, help="completions of each half")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", action="store_true", help="complete halves at several sizes")
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    out = make_folder(arguments.out)
    if arguments.sizes:
        return at_sizes(arguments.limit, arguments.seed, out)
    found = []
    for name in (DIGITS, *OTHERS):
        images, labels = test_drawings(name, arguments.limit)
        model = checkpoint.load(name)
        made = completed(model, images, count=arguments.count, seed=arguments.seed)
        found += rests(made, name, model)
        if name == DIGITS:
            rows = class_shares(made, labels, load_extractor(extractors()[name]))
            write_table(out / "completions.csv", Row._fields, rows)
            save_image(image_grids(as_grids(made, (WHOLE, HALF, *WAYS), SHOWN), COLUMNS), out / "completions.png")
            print(*rows, sep="\n")
    write_table(out / "completions-rest.csv", Rest._fields, found)
    print(*found, sep="\n")


def at_sizes(limit: int, seed: int, out: Path) -> None:
    images, labels = test_drawings(DIGITS, limit)
    made = completed_at_sizes(checkpoint.load(DIGITS), images, seed=seed)
    rows = class_shares(made, labels, load_extractor(extractors()[DIGITS]))
    write_table(out / "completions-sizes.csv", Row._fields, rows)
    print(*rows, sep="\n")


def test_drawings(name: str, limit: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Evenly spaced test images and their labels."""
    images = data.load(name)
    chosen = data.evenly_spaced(len(images.test_images), limit)
    return images.test_images[chosen], images.test_labels[chosen]


if __name__ == "__main__":
    main()
