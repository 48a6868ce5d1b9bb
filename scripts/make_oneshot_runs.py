"""Make one-shot runs of Omniglot's background alphabets to tune on, laid out like the official ones.

20 characters of an alphabet each, by one drawer as the examples and by another as the queries.

DOOD_DATA=path/to/data python scripts/make_oneshot_runs.py background.npz
dood classify --runs background.npz --two-way
"""

import argparse
import os
from pathlib import Path

import numpy as np

from dood.files import atomic_write

CLASSES, DRAWERS, SIDE = 20, 20, 105


def main() -> None:
    """Write the runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with np.load(Path(os.environ["DOOD_DATA"]) / "omniglot_105.npz") as arrays:
        data = {name: arrays[f"train_{name}"] for name in ("bits", "labels", "alphabets", "drawers")}
    rng = np.random.default_rng(arguments.seed)
    pairs = np.stack([run(data, rng) for _ in range(arguments.runs)], 1)
    examples, queries = (pictures(data["bits"], side) for side in pairs)
    answers = np.tile(np.arange(CLASSES), (arguments.runs, 1))
    with atomic_write(arguments.out) as file:
        np.savez_compressed(file, train_images=examples, test_images=queries, answers=answers)
    print(f"{arguments.out}: {arguments.runs} runs of {CLASSES} characters")


def run(data: dict[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Indices of examples and queries, [2, c]."""
    characters = np.empty(0)
    while len(characters) < CLASSES:
        alphabet = rng.choice(np.unique(data["alphabets"]))
        characters = np.unique(data["labels"][data["alphabets"] == alphabet])
    chosen = rng.permutation(characters)[:CLASSES]
    hands = 1 + rng.permutation(DRAWERS)[:2]
    is_of = [[(data["labels"] == each) & (data["drawers"] == hand) for each in chosen] for hand in hands]
    return np.array([[np.flatnonzero(each)[0] for each in row] for row in is_of])


def pictures(bits: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Ink 255 on 0, [r, c, h, w]."""
    flat = np.unpackbits(bits[index], axis=-1)[..., : SIDE * SIDE]
    return 255 * flat.reshape(*index.shape, SIDE, SIDE)


if __name__ == "__main__":
    main()
