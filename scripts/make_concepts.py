"""Invent characters of Omniglot's alphabets, and measure them: results/concepts.csv and .png.

DOOD_DATA=path/to/data python scripts/make_concepts.py
DOOD_DATA=path/to/data python scripts/make_concepts.py --split train --out trial  # on the background alphabets
DOOD_DATA=path/to/data python scripts/make_concepts.py --mixed  # from all alphabets at once: concepts-mixed.*

The figure has six alphabets: ten given characters on blue, ten invented ones beneath. The classifier is kept beside the
table (alphabets.safetensors), and is not trained again where it is there. The figure of mixed alphabets has real
characters on blue, invented ones beneath; what is real is learned on the background alphabets (`--split train`: on
half of them).
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
from dood.evaluation.mixed import MADE, REAL, Mixture, MixtureRow, mixture_of, mixture_rows
from dood.figures.sheets import invention_sheet, save_image
from dood.files import atomic_write, make_folder, write_table
from dood.tasks.generate import generate

SAMPLES, SHOWN, SHOWN_MIXED = 400, 6, 50


def main() -> None:
    """Teach the classifier, invent, measure, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("train", "test"), default="test")
    parser.add_argument("--hands", type=int, default=1, help="drawers of each alphabet")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("results"))
    parser.add_argument("--mixed", type=int, nargs="?", const=300, metavar="N", help="drawings of each kind")
    parser.add_argument("--only-teach", action="store_true", help="stop when the classifier is there")
    arguments = parser.parse_args()
    images, folder = data.load("omniglot"), make_folder(arguments.out)
    if arguments.mixed:
        return mix(images, arguments.split, arguments.mixed, arguments.seed, folder)
    chosen = alphabets(images, arguments.split, arguments.seed)
    network = taught(chosen, folder / "alphabets.safetensors", arguments.seed)
    held = [each.held_out[:, TAUGHT_HANDS:].reshape(-1, *each.held_out.shape[2:]) for each in chosen]
    right = [(alphabets_said(network, pictures) == k).mean() for k, pictures in enumerate(held)]
    print(f"{len(chosen)} alphabets; of held-out characters by other drawers {np.mean(right):.1%} are told", flush=True)
    if arguments.only_teach:
        return
    samples = generate("omniglot", SAMPLES, seed=arguments.seed)
    sets = drawn_sets(chosen, samples, hands=arguments.hands, seed=arguments.seed)
    rows = rows_of(sets, network, seed=arguments.seed)
    write_table(folder / "concepts.csv", Row._fields, rows)
    shown = [sets[i] for i in data.evenly_spaced(len(sets), SHOWN)]
    save_image(invention_sheet([(each.given, each.groups[INVENTED]) for each in shown]), folder / "concepts.png")
    print(*rows, sep="\n")


def alphabets(images: data.ImageSet, split: str, seed: int) -> list[Alphabet]:
    """Those of a split."""
    drawn, labels, numbers = (getattr(images, f"{split}_{k}") for k in ("images", "labels", "alphabets"))
    return alphabets_of(drawn, labels, numbers, images.alphabet_names, seed)


def mix(images: data.ImageSet, split: str, count: int, seed: int, folder: Path) -> None:
    """Invent from all alphabets at once, measure, draw."""
    known = alphabets(images, "train", seed)
    halves = (known[::2], known[1::2]) if split == "train" else (known, alphabets(images, "test", seed))
    samples = [each for each in generate("omniglot", 2 * count + SAMPLES, seed=seed) if each.strokes]
    mixtures: list[Mixture] = []
    for some, start in zip(halves, (0, count), strict=True):
        mixtures.append(mixture_of(some, samples[start:], count, seed=seed + len(mixtures)))
        print(f"{len(some)} alphabets, {len(mixtures[-1].groups[MADE])} invented", flush=True)
    rows = mixture_rows(mixtures[0], mixtures[1], seed=seed)
    write_table(folder / "concepts-mixed.csv", MixtureRow._fields, rows)
    shown = [mixtures[1].groups[name][:SHOWN_MIXED] for name in (REAL, MADE)]
    save_image(invention_sheet([(shown[0], shown[1])]), folder / "concepts-mixed.png")
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
