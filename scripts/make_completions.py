"""Complete halves of test digits, and ask a classifier what they became: results/completions.csv and .png.

python scripts/make_completions.py --limit 200

python scripts/make_completions.py --limit 40 --sizes    # at several sizes: results/completions-sizes.csv

The figure has, from left to right: what halves were taken from, the halves, completed as is best, and as in the paper.
"""

import argparse
from pathlib import Path

from dood import data
from dood.checkpoints import checkpoint
from dood.evaluation.completed import HALF, WHOLE, Row, as_grids, class_shares, completed, completed_at_sizes
from dood.evaluation.features import extractors, load_extractor
from dood.figures.sheets import image_grids, save_image
from dood.files import make_folder, write_table
from dood.tasks.complete import WAYS

SET, SHOWN, COLUMNS = "mnist", 30, 5


def main() -> None:
    """Complete, measure, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", action="store_true", help="complete halves at several sizes")
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    make_folder(arguments.out)
    images = data.load(SET)
    chosen = data.evenly_spaced(len(images.test_images), arguments.limit)
    if arguments.sizes:
        made = completed_at_sizes(checkpoint.load(SET), images.test_images[chosen], seed=arguments.seed)
        rows = class_shares(made, images.test_labels[chosen], load_extractor(extractors()[SET]))
        write_table(arguments.out / "completions-sizes.csv", Row._fields, rows)
        print(*rows, sep="\n")
        return
    made = completed(checkpoint.load(SET), images.test_images[chosen], seed=arguments.seed)
    rows = class_shares(made, images.test_labels[chosen], load_extractor(extractors()[SET]))
    write_table(arguments.out / "completions.csv", Row._fields, rows)
    save_image(image_grids(as_grids(made, (WHOLE, HALF, *WAYS), SHOWN), COLUMNS), arguments.out / "completions.png")
    print(*rows, sep="\n")


if __name__ == "__main__":
    main()
