"""Random numbers in numpy that are those of torch."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from dood.core.noise import picture_sources, standard_normal
from dood.core.streams import Stream, picture_seed
from tests.tiny import scribbles, seeded


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**40 + 7, 2**64 - 1])
def test_uniform_numbers_are_those_of_torch(seed: int) -> None:
    stream, generator = Stream(seed), torch.Generator().manual_seed(seed)
    for shape in ((5,), (3, 7), (1000,)):
        assert_array_equal(stream.uniform(shape), torch.rand(shape, generator=generator).numpy())


@pytest.mark.parametrize("shape", [(16,), (18,), (6, 18), (31,), (1000,), (256, 18)])
def test_normal_numbers_are_those_of_torch_to_rounding(shape: tuple[int, ...]) -> None:
    stream, generator = Stream(3), seeded(3)
    for _ in range(3):
        assert_allclose(stream.normal(shape), torch.randn(shape, generator=generator).numpy(), atol=1e-6)
    assert_array_equal(stream.uniform([4]), torch.rand(4, generator=generator).numpy())


def test_few_normal_numbers_are_normal_too() -> None:
    stream = Stream(0)
    numbers = np.concatenate([stream.normal([5]) for _ in range(4000)])
    assert abs(numbers.mean()) < 5 / 20_000**0.5
    assert abs(numbers.std() - 1) < 5 / 40_000**0.5


def test_a_picture_has_the_same_noise_with_torch_and_without() -> None:
    images = scribbles(3)
    ours = np.stack([Stream(picture_seed(image, 7)).normal([2, 18]) for image in images.numpy()])
    assert_allclose(ours, standard_normal((3, 2, 18), picture_sources(images, 7)).numpy(), atol=1e-6)
