"""Invent characters of Omniglot's alphabets, and measure them: results/concepts.csv and .png.

DOOD_DATA=path/to/data python scripts/make_concepts.py
DOOD_DATA=path/to/data python scripts/make_concepts.py --split train --out trial  # on the background alphabets

The figure has six alphabets: ten given characters on blue, ten invented ones beneath.
"""

import argparse
from pathlib import Path

import numpy as np

from dood import data
from dood.evaluation.alphabets import alphabets_said
from dood.evaluation.invented import INVENTED, TAUGHT_HANDS, Row, alphabets_of, classifier_of, drawn_sets, rows_of
from dood.figures.sheets import invention_sheet, save_image
from dood.files import make_folder, write_table
from dood.tasks.generate import generate

SAMPLES, SHOWN, FEWEST = 400, 6, 14


def main() -> None:
    """Teach the classifier, invent, measure, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("train", "test"), default="test")
    parser.add_argument("--hands", type=int, default=2, help="drawers of each alphabet")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    images, folder = data.load("omniglot"), make_folder(arguments.out)
    drawn, labels, numbers = (getattr(images, f"{arguments.split}_{k}") for k in ("images", "labels", "alphabets"))
    sizes = {k: len(np.unique(labels[numbers == k])) for k in np.unique(numbers)}
    large = np.isin(numbers, [k for k, size in sizes.items() if size >= FEWEST + 1])
    chosen = alphabets_of(drawn[large], labels[large], numbers[large], images.alphabet_names, arguments.seed)
    network = classifier_of(chosen, epochs=arguments.epochs, seed=arguments.seed)
    held = [each.held_out[:, TAUGHT_HANDS:].reshape(-1, *drawn.shape[1:]) for each in chosen]
    right = [(alphabets_said(network, images) == k).mean() for k, images in enumerate(held)]
    print(f"{len(chosen)} alphabets; of held-out characters by other drawers {np.mean(right):.1%} are told")
    samples = generate("omniglot", SAMPLES, seed=arguments.seed)
    sets = drawn_sets(chosen, samples, hands=arguments.hands, seed=arguments.seed)
    rows = rows_of(sets, network, seed=arguments.seed)
    write_table(folder / "concepts.csv", Row._fields, rows)
    shown = [sets[i] for i in np.linspace(0, len(sets) - 1, SHOWN).astype(int)]
    save_image(invention_sheet([(each.given, each.groups[INVENTED]) for each in shown]), folder / "concepts.png")
    print(*rows, sep="\n")


if __name__ == "__main__":
    main()
