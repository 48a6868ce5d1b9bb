"""Invent characters of Omniglot's alphabets, and measure them: results/concepts.csv and .png.

DOOD_DATA=path/to/data python scripts/make_concepts.py
DOOD_DATA=path/to/data python scripts/make_concepts.py --split train --out trial  # on the background alphabets

The figure has six alphabets: ten given characters on blue, ten invented ones beneath. The classifier is kept beside the
table (alphabets.safetensors), and is not trained again where it is there.
"""

import argparse
from pathlib import Path

import numpy as np
import safetensors.torch

from dood import data
from dood.evaluation.alphabets import AlphabetClassifier, alphabets_said
from dood.evaluation.invented import (
    INVENTED,
    TAUGHT_HANDS,
    Alphabet,
    Row,
    alphabets_of,
    classifier_of,
    drawn_sets,
    rows_of,
)
from dood.figures.sheets import invention_sheet, save_image
from dood.files import atomic_write, make_folder, write_table
from dood.tasks.generate import generate

SAMPLES, SHOWN = 400, 6


def main() -> None:
    """Teach the classifier, invent, measure, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("train", "test"), default="test")
    parser.add_argument("--hands", type=int, default=1, help="drawers of each alphabet")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("results"))
    parser.add_argument("--only-teach", action="store_true", help="stop when the classifier is there")
    arguments = parser.parse_args()
    images, folder = data.load("omniglot"), make_folder(arguments.out)
    drawn, labels, numbers = (getattr(images, f"{arguments.split}_{k}") for k in ("images", "labels", "alphabets"))
    chosen = alphabets_of(drawn, labels, numbers, images.alphabet_names, arguments.seed)
    network = taught(chosen, folder / "alphabets.safetensors", arguments.seed)
    held = [each.held_out[:, TAUGHT_HANDS:].reshape(-1, *drawn.shape[1:]) for each in chosen]
    right = [(alphabets_said(network, pictures) == k).mean() for k, pictures in enumerate(held)]
    print(f"{len(chosen)} alphabets; of held-out characters by other drawers {np.mean(right):.1%} are told", flush=True)
    if arguments.only_teach:
        return
    samples = generate("omniglot", SAMPLES, seed=arguments.seed)
    sets = drawn_sets(chosen, samples, hands=arguments.hands, seed=arguments.seed)
    rows = rows_of(sets, network, seed=arguments.seed)
    write_table(folder / "concepts.csv", Row._fields, rows)
    shown = [sets[i] for i in np.linspace(0, len(sets) - 1, SHOWN).astype(int)]
    save_image(invention_sheet([(each.given, each.groups[INVENTED]) for each in shown]), folder / "concepts.png")
    print(*rows, sep="\n")


def taught(alphabets: list[Alphabet], path: Path, seed: int) -> AlphabetClassifier:
    """The classifier in a file, or a new one, which is put there."""
    if not path.exists():
        with atomic_write(path) as file:
            file.write(safetensors.torch.save(classifier_of(alphabets, seed=seed).state_dict()))
    network = AlphabetClassifier(len(alphabets))
    network.load_state_dict(safetensors.torch.load_file(path))
    return network.eval().requires_grad_(False)


if __name__ == "__main__":
    main()
