"""What each training step is fed: images and noise, a function of seed and step alone, so that a run can be resumed."""

from collections.abc import Sequence
from functools import lru_cache

import torch
from torch import Tensor

from dood.training.augmentation import NUMBERS, augment
from dood.training.distributed import World

__all__ = ["Feed", "generator_at"]


class Feed:
    """The batches of a run.

    Several sets of images take turns, so that each has an equal share of every batch however many images it has. Each
    set is gone through in a new order every time.

    Arguments:
        sets: uint8 [n, h, w] each, of one size.
        batch: images per step, all processes together.
        seed: decides the orders.
        world: this process gets every `processes`-th image of a batch, from the `rank`-th on, on its device.
        strength: of the augmentation; 0 for none.
    """

    def __init__(self, sets: Sequence[Tensor], batch: int, seed: int, world: World, *, strength: float = 0.0) -> None:
        self.sizes = [len(images) for images in sets]
        self.images = (torch.cat(list(sets)) if len(sets) > 1 else sets[0]).to(world.device)
        self.batch, self.seed, self.strength = batch, seed, strength
        self.mine = slice(world.rank, None, world.processes)

    def __call__(self, step: int) -> Tensor:
        """The share of the batch at `step`: [b, h, w], ink in [0, 1]."""
        chosen = torch.tensor(self.picks(step)[self.mine], device=self.images.device)
        images = self.images[chosen].float() / 255
        if not self.strength:
            return images
        noise = torch.randn(self.batch, NUMBERS, generator=generator_at(self.seed, step))[self.mine]
        return augment(images, noise.to(images.device), self.strength)

    def picks(self, step: int) -> list[int]:
        """The batch at `step`, all processes together, as indices into the sets one after another."""
        return [self._pick(place) for place in range(step * self.batch, (step + 1) * self.batch)]

    def _pick(self, place: int) -> int:
        turn, which = divmod(place, len(self.sizes))
        epoch, index = divmod(turn, self.sizes[which])
        order = _order(self.sizes[which], _seed(self.seed, -1 - epoch * len(self.sizes) - which))
        return sum(self.sizes[:which]) + int(order[index])


def generator_at(seed: int, step: int) -> torch.Generator:
    """The source of a step's randomness."""
    return torch.Generator().manual_seed(_seed(seed, step))


def _seed(seed: int, step: int) -> int:
    return (seed * 1_000_003 + step) % 2**63


@lru_cache(maxsize=32)
def _order(size: int, seed: int) -> Tensor:
    return torch.randperm(size, generator=torch.Generator().manual_seed(seed))
