"""Noise for each picture: the same for the same picture, whatever lies beside it."""

import torch

from dood.core.noise import picture_sources, rows_of, standard_normal
from tests.tiny import scribbles, seeded


def test_one_source_is_that_of_torch() -> None:
    assert torch.equal(standard_normal((3, 4), seeded()), torch.randn(3, 4, generator=seeded()))


def test_a_picture_has_its_own_numbers_wherever_it_lies() -> None:
    images = scribbles(5)
    together = standard_normal((5, 6), picture_sources(images, 1))
    order = torch.tensor([3, 0, 4, 1, 2])
    assert torch.equal(standard_normal((5, 6), picture_sources(images[order], 1)), together[order])
    assert torch.equal(standard_normal((1, 6), picture_sources(images[2:3], 1)), together[2:3])


def test_other_pictures_and_other_seeds_have_other_numbers() -> None:
    images = scribbles(2)
    one, two = (standard_normal((2, 6), picture_sources(images, seed)) for seed in (1, 2))
    assert len({*one.flatten().tolist(), *two.flatten().tolist()}) == 24


def test_numbers_are_standard_normal_over_pictures() -> None:
    numbers = standard_normal((400, 50), picture_sources(scribbles(400), 0))
    assert abs(float(numbers.mean())) < 5 / 20_000**0.5
    assert abs(float(numbers.std()) - 1) < 5 / 40_000**0.5


def test_the_rows_of_one_picture_are_its_numbers_one_after_another() -> None:
    rows = rows_of(picture_sources(scribbles(2), 0), [0, 0, 1])
    first, second = picture_sources(scribbles(2), 0)
    expected = [torch.randn(8, generator=first), torch.randn(4, generator=second)]
    assert torch.equal(standard_normal((3, 4), rows).flatten(), torch.cat(expected))
