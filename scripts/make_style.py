"""Draw Omniglot's characters again in the hands of its drawers, and tell who drew them: results/style.csv and .png.

DOOD_DATA=path/to/data python scripts/make_style.py
DOOD_DATA=path/to/data python scripts/make_style.py --split train --out trial  # on the background alphabets

In the figure five characters by one drawer are on blue; beneath them six others: by another drawer, these drawn again
in the hand of the first, and as that one drew them.
"""

import argparse
from pathlib import Path

import numpy as np

from dood import data
from dood.evaluation.hands import Row, measured, rows_of
from dood.figures.sheets import invention_sheet, save_image
from dood.files import make_folder, write_table

SHOWN, COLUMNS = 3, 6


def main() -> None:
    """Measure, write the table, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("train", "test"), default="test")
    parser.add_argument("--alphabets", type=int, default=10, help="evenly spaced")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    images, folder = data.load("omniglot"), make_folder(arguments.out)
    drawn, labels, numbers = (getattr(images, f"{arguments.split}_{k}") for k in ("images", "labels", "alphabets"))
    every = np.unique(numbers)
    samples = []
    for number in every[np.linspace(0, len(every) - 1, min(arguments.alphabets, len(every))).astype(int)]:
        characters = np.stack([drawn[labels == each] for each in np.unique(labels[numbers == number])])
        samples.append(measured(characters, seed=arguments.seed, temperature=arguments.temperature))
        print(images.alphabet_names[number], flush=True)
    rows = rows_of(samples)
    write_table(folder / "style.csv", Row._fields, rows)
    shown = [(each.given, [one for row in each.shown for one in row]) for each in samples[:SHOWN]]
    save_image(invention_sheet(shown, COLUMNS), folder / "style.png")
    print(*rows, sep="\n")


if __name__ == "__main__":
    main()
