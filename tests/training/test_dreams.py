"""Dreams: several training drawings on one canvas."""

import math

import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor

from dood.training.batches import Batches, dream_of
from dood.training.distributed import Distributed
from dood.training.dreams import ANGLE, NUMBERS, PARTS, SCALE, SHIFT, compose, counts_of
from tests.tiny import scribbles, scribbles_uint8, seeded

CPU = torch.device("cpu")
ALONE = Distributed(0, 1, CPU)
SAME_SIZE = -math.log(SCALE[0]) / math.log(SCALE[1] / SCALE[0])
STILL = torch.tensor([0.5, 0.5, SAME_SIZE, 0.5])


def test_parts_left_where_they_are_are_united_by_the_maximum() -> None:
    parts = scribbles(2 * PARTS).unflatten(0, (2, PARTS))
    dreamt = compose(parts, STILL.expand(2, PARTS, NUMBERS), torch.tensor([1, 2]))
    assert_allclose(dreamt, torch.stack([parts[0, 0], parts[1, :2].amax(0)]), atol=1e-6)


@pytest.mark.parametrize(
    ("which", "value", "expected"),
    [(0, 1.0, (SHIFT, 0.0)), (1, 1.0, (0.0, SHIFT)), (3, 1.0, (0.3 * math.cos(ANGLE), 0.3 * math.sin(ANGLE)))],
)
def test_a_part_goes_where_its_numbers_say(which: int, value: float, expected: tuple[float, float]) -> None:
    grid = (torch.arange(81) - 40) / 40.5
    x = 0.3 if which == 3 else 0.0
    spot = torch.exp(-((grid - x) ** 2 + grid[:, None] ** 2) / 0.005)
    numbers = STILL.clone()
    numbers[which] = value
    (dreamt,) = compose(spot[None, None], numbers[None, None], torch.tensor([1]))
    found = torch.stack([(dreamt * grid).sum(), (dreamt * grid[:, None]).sum()]) / dreamt.sum()
    assert_allclose(found, expected, atol=0.01)


def test_every_number_of_parts_is_equally_likely() -> None:
    counts = counts_of(torch.linspace(0, 1, 301)[:-1])
    assert torch.bincount(counts).tolist() == [0] + [300 // PARTS] * PARTS


def images(size: int) -> Tensor:
    return scribbles_uint8(size)


def none(step: int) -> float:
    return 0.0


def half(step: int) -> float:
    return 0.5


def test_the_share_may_change_from_step_to_step() -> None:
    growing = Batches([images(9)], 8, 3, ALONE, dreams=lambda step: step / 8)
    plain = Batches([images(9)], 8, 3, ALONE)
    for step in (0, 3, 8):
        same = [torch.equal(one, other) for one, other in zip(growing(step), plain(step), strict=True)]
        assert same == [False] * step + [True] * (8 - step)


def test_the_share_of_a_batch_is_dreamt_and_the_rest_left_alone() -> None:
    plain, dreaming = (Batches([images(9)], 8, 3, ALONE, dreams=share)(2) for share in (none, half))
    assert torch.equal(plain[4:], dreaming[4:])
    assert not any(torch.equal(one, other) for one, other in zip(plain[:4], dreaming[:4], strict=True))


def test_processes_share_the_dreams() -> None:
    alone = Batches([images(9)], 8, 3, ALONE, dreams=half)(1)
    shares = [Batches([images(9)], 8, 3, Distributed(rank, 2, CPU), dreams=half)(1) for rank in (0, 1)]
    assert torch.equal(torch.stack(shares, 1).flatten(0, 1), alone)


def test_a_dream_is_made_of_the_images_given() -> None:
    blank = torch.zeros(5, 12, 12, dtype=torch.uint8)
    assert dream_of(scribbles(40), blank, 40, seeded()).amax() > 0.1
    assert dream_of(blank[:3].float(), blank, 3, seeded()).amax() == 0
