"""Augmentation: similarity and pen, and nothing else."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from torch import Tensor

from dood.training.augmentation import NUMBERS, PEN, SHIFT, SIZE, augment
from dood.training.batches import Batches
from dood.training.distributed import Distributed

SIDE = 50
CPU = torch.device("cpu")


def bar(width: int, side: int = SIDE) -> Tensor:
    """A horizontal bar of `width` pixels in the middle."""
    image = torch.zeros(1, side, side)
    top = (side - width) // 2
    image[:, top : top + width, 10 : side - 10] = 1
    return image


def noise(**numbers: float) -> Tensor:
    names = ("x", "y", "size", "angle", "pen")
    return torch.tensor([[numbers.get(name, 0.0) for name in names]])


def centre(image: Tensor) -> list[float]:
    """Mean of column and row, in pixels."""
    weight, places = image[0] / image.sum(), torch.arange(image.shape[-1], dtype=torch.float32)
    return [float(weight.sum(0) @ places), float(weight.sum(1) @ places)]


@given(seed=st.integers(0, 1000))
def test_no_noise_changes_nothing(seed: int) -> None:
    images = torch.rand(3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))
    assert_allclose(augment(images, torch.zeros(3, NUMBERS)), images, atol=1e-4)
    assert_allclose(augment(images, torch.randn(3, NUMBERS), strength=0.0), images, atol=1e-4)


@given(seed=st.integers(0, 1000), strength=st.floats(0, 2))
def test_ink_stays_within_the_unit_interval(seed: int, strength: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    images = torch.rand(4, SIDE, SIDE, generator=generator)
    seen = augment(images, 5 * torch.randn(4, NUMBERS, generator=generator), strength)
    assert seen.shape == images.shape
    assert seen.min() >= 0
    assert seen.max() <= 1 + 1e-6


def test_a_shift_is_in_half_canvases_to_the_right_and_down() -> None:
    image = bar(4)
    moved = augment(image, noise(x=1.0, y=-1.0))
    (x, y), (new_x, new_y) = centre(image), centre(moved)
    assert new_x - x == pytest.approx(SHIFT * SIDE / 2, abs=0.1)
    assert new_y - y == pytest.approx(-SHIFT * SIDE / 2, abs=0.1)


@pytest.mark.parametrize("size", [-1.0, 1.0])
def test_size_scales_the_area(size: float) -> None:
    image = bar(12)
    scaled = augment(image, noise(size=size))
    assert float(scaled.sum() / image.sum()) == pytest.approx(float(torch.tensor(2 * SIZE * size).exp()), rel=0.05)


def test_a_quarter_turn_of_the_angle_goes_from_x_towards_y() -> None:
    image = torch.zeros(1, SIDE, SIDE)
    image[:, 23:27, 25:45] = 1
    x, y = centre(augment(image, noise(angle=1.0)))
    assert x > SIDE / 2
    assert y > SIDE / 2 + 1


def test_the_pen_widens_on_both_sides_by_parts_of_a_pixel() -> None:
    image = bar(6)
    across = lambda seen: float(seen[0, :, SIDE // 2].sum())  # noqa: E731
    assert across(augment(image, noise(pen=1.0))) == pytest.approx(6 + 2 * PEN, abs=1e-3)
    assert across(augment(image, noise(pen=2.0))) == pytest.approx(6 + 4 * PEN, abs=1e-3)
    assert across(augment(image, noise(pen=-1.0))) == pytest.approx(6 - 2 * PEN, abs=1e-3)


def test_a_line_of_one_pixel_does_not_vanish_under_a_thinner_pen() -> None:
    image = bar(1)
    for strength in (0.5, 1.0, 2.0):
        assert augment(image, noise(pen=-2.0), strength).sum() > 0.2 * image.sum()


def test_a_feed_augments_alike_whatever_the_number_of_processes_and_only_if_told_to() -> None:
    images = (255 * bar(5)).to(torch.uint8).expand(9, SIDE, SIDE).contiguous()
    plain = Batches([images], 6, 0, Distributed(0, 1, CPU))
    alone = Batches([images], 6, 0, Distributed(0, 1, CPU), strength=1.0)
    one, other = (Batches([images], 6, 0, Distributed(rank, 2, CPU), strength=1.0) for rank in (0, 1))
    assert_allclose(torch.stack([one(3), other(3)], 1).flatten(0, 1), alone(3))
    assert not torch.equal(alone(3), plain(3))
    assert not torch.equal(alone(3), alone(4))
    assert_allclose(alone(3), Batches([images], 6, 0, Distributed(0, 1, CPU), strength=1.0)(3))
