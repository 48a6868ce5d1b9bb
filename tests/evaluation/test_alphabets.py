"""Telling alphabets apart."""

import numpy as np
import torch

from dood.evaluation.alphabets import AlphabetClassifier, alphabets_said, train_alphabets


def bars(count: int, upright: bool, seed: int) -> np.ndarray:
    """Bars at places of chance, on 40 x 40 pixels."""
    rng, images = np.random.default_rng(seed), np.zeros((count, 40, 40), np.uint8)
    for image in images:
        at = int(rng.integers(8, 32))
        image[at : at + 2, 5:35] = 255
    return images.transpose(0, 2, 1) if upright else images


def test_what_it_learned_it_tells_of_others() -> None:
    images = np.concatenate([bars(60, False, 0), bars(60, True, 1)])
    network = train_alphabets(images, np.repeat([0, 1], 60), epochs=12)
    said = alphabets_said(network, np.concatenate([bars(20, False, 2), bars(20, True, 3)]))
    assert (said == np.repeat([0, 1], 20)).mean() > 0.9


def test_the_same_seed_learns_the_same_and_leaves_the_generator_alone() -> None:
    images, numbers = bars(20, False, 0), np.repeat([0, 1], 10)
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one, other = (train_alphabets(images, numbers, epochs=1, seed=3) for _ in range(2))
    assert torch.equal(before, torch.get_rng_state())
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_place_hardly_matters_to_what_it_sees() -> None:
    network = AlphabetClassifier(3).eval()
    image = torch.zeros(1, 52, 52)
    image[0, 10:20, 10:12] = 1
    moved, other = image.roll((16, 16), (1, 2)), image.transpose(1, 2)
    by_place, by_shape = ((network(image) - network(each)).abs().max() for each in (moved, other))
    assert by_place < by_shape / 5
