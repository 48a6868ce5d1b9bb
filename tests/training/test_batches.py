"""Batches: every image in its turn, whatever the number of processes."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from torch import Tensor

from dood.training.batches import Batches
from dood.training.distributed import Distributed

CPU = torch.device("cpu")
ALONE = Distributed(0, 1, CPU)


def numbered(size: int) -> Tensor:
    return torch.arange(size, dtype=torch.uint8)[:, None, None].expand(size, 2, 2)


@given(images=st.integers(1, 40), batch=st.integers(1, 50), seed=st.integers(0, 10_000))
def test_every_epoch_covers_every_image_once_in_a_new_order(images: int, batch: int, seed: int) -> None:
    batches = Batches([numbered(images)], batch, seed, ALONE)
    steps = -(-3 * images // batch)
    order = torch.tensor([pick for step in range(steps) for pick in batches.picks(step)])
    assert len(order) == steps * batch
    epochs = order[: 3 * images].view(3, images)
    assert (epochs.sort(1).values == torch.arange(images)).all()
    if images > 12:
        assert not torch.equal(epochs[0], epochs[1])


def test_the_order_of_images_is_a_function_of_the_seed() -> None:
    one, same, other = (Batches([numbered(30)], 30, seed, ALONE).picks(0) for seed in (1, 1, 2))
    assert one == same
    assert one != other


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=4), batch=st.integers(1, 20))
def test_sets_take_turns_and_each_goes_through_all_its_images(sizes: list[int], batch: int) -> None:
    batches = Batches([numbered(size) for size in sizes], batch, 0, ALONE)
    steps = -(-2 * max(sizes) * len(sizes) // batch)
    picks = [pick for step in range(steps) for pick in batches.picks(step)]
    first = 0
    for which, size in enumerate(sizes):
        mine = picks[which :: len(sizes)]
        assert sorted(mine[:size]) == list(range(first, first + size))
        first += size


def test_a_batch_is_the_picked_images_in_the_unit_interval() -> None:
    batches = Batches([numbered(5), 100 + numbered(3)], 4, 0, ALONE)
    pixels = torch.cat([numbered(5), 100 + numbered(3)])[batches.picks(7)]
    assert_allclose(batches(7), pixels / 255, rtol=1e-6)


def test_processes_share_a_batch() -> None:
    alone = Batches([numbered(9)], 6, 0, ALONE)
    one, other = (Batches([numbered(9)], 6, 0, Distributed(rank, 2, CPU)) for rank in (0, 1))
    assert_allclose(torch.stack([one(3), other(3)], 1).flatten(0, 1), alone(3))
