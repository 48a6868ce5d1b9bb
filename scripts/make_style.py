"""Draw Omniglot's characters again in the hands of its drawers, and tell who drew them: results/style.csv and .png.

DOOD_DATA=path/to/data python scripts/make_style.py
DOOD_DATA=path/to/data python scripts/make_style.py --split train --out trial  # on the background alphabets
DOOD_DATA=path/to/data python scripts/make_style.py --split train --kinds  # only prints dood.concepts.style.KINDS

In the figure five characters by one drawer are on blue; beneath them six others: by another drawer, these drawn again
in the hand of the first, and as that one drew them.
"""

import argparse
from pathlib import Path

import numpy as np

from dood import data
from dood.concepts.style import FEATURES, features
from dood.evaluation.hands import Row, measured, rows_of
from dood.evaluation.invented import traced
from dood.evaluation.kinds import parts_of
from dood.figures.sheets import invention_sheet, save_image
from dood.files import make_folder, write_table

SHOWN, COLUMNS = 3, 6
CHARACTERS, DOTTED = 12, "Braille"
"""Characters of an alphabet from which kinds are told, and the alphabet that has no lines."""


def main() -> None:
    """Measure, write the table, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("train", "test"), default="test")
    parser.add_argument("--alphabets", type=int, default=10, help="evenly spaced")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--kinds", action="store_true", help="print the parts of the variance of features; every second"
    )
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    images = data.load("omniglot")
    drawn, labels, numbers = (getattr(images, f"{arguments.split}_{k}") for k in ("images", "labels", "alphabets"))
    every = np.unique(numbers)

    def characters(number: int) -> np.ndarray:
        return np.stack([drawn[labels == each] for each in np.unique(labels[numbers == number])])

    if arguments.kinds:
        lined = [number for number in every[::2] if DOTTED not in images.alphabet_names[number]]
        print_kinds([characters(number) for number in lined], arguments.seed)
        return
    folder, samples = make_folder(arguments.out), []
    for number in every[data.evenly_spaced(len(every), arguments.alphabets)]:
        samples.append(measured(characters(number), seed=arguments.seed, temperature=arguments.temperature))
        print(images.alphabet_names[number], flush=True)
    rows = rows_of(samples)
    write_table(folder / "style.csv", Row._fields, rows)
    shown = [(each.given, [one for row in each.shown for one in row]) for each in samples[:SHOWN]]
    save_image(invention_sheet(shown, COLUMNS), folder / "style.png")
    print(*rows, sep="\n")


def print_kinds(alphabets: list[np.ndarray], seed: int) -> None:
    """Deviation of each feature, and the shares of hands and of chance in its variance."""
    generator, tables = np.random.default_rng(seed), []
    for images in alphabets:
        chosen = images[generator.permutation(len(images))[:CHARACTERS]]
        tables.append(np.array([[features(traced(image)) for image in row] for row in chosen]))
    parts = parts_of(tables)
    for name, deviation, hand, _, chance in zip(FEATURES, *parts, strict=True):
        print(f"{name:10} {deviation:.3f} {hand:.2f} {chance:.2f}")


if __name__ == "__main__":
    main()
