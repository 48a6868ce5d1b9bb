"""The images of each training step, a function of seed and step alone, so that a run can be resumed."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import torch
from torch import Tensor

from dood.training.augmentation import NUMBERS, augment
from dood.training.distributed import Distributed
from dood.training.dreams import NUMBERS as DREAM_NUMBERS
from dood.training.dreams import PARTS, compose, counts_of
from dood.training.randomness import Stream, generator_at

__all__ = ["Batches", "dream_of"]


class Batches:
    """The batches of a run.

    Several sets of images take turns, so that each has an equal share of every batch however many images it has. Each
    set is gone through in a new order every time. The first images of a batch are replaced by dreams that begin with
    them (`dood.training.dreams`).

    Arguments:
        sets: uint8 [n, h, w] each, of one size.
        batch: images per step, all processes together.
        seed: decides orders, augmentation and dreams.
        distributed: this process gets every `processes`-th image of a batch, from the `rank`-th on, on its device.
        strength: of the augmentation; 0 for none.
        dreams: share of the batch at a step that is dreamt.
    """

    def __init__(
        self,
        sets: Sequence[Tensor],
        batch: int,
        seed: int,
        distributed: Distributed,
        *,
        strength: float = 0.0,
        dreams: Callable[[int], float] = lambda step: 0.0,
    ) -> None:
        self.sizes = [len(images) for images in sets]
        self.images = (torch.cat(list(sets)) if len(sets) > 1 else sets[0]).to(distributed.device)
        self.batch, self.seed, self.strength, self.dreams = batch, seed, strength, dreams
        self.mine = slice(distributed.rank, None, distributed.processes)

    def __call__(self, step: int) -> Tensor:
        """The share of the batch at `step`: [b, h, w], ink in [0, 1]."""
        picked = torch.tensor(self.picks(step)[self.mine], device=self.images.device)
        images = self.images[picked].float() / 255
        if self.strength:
            generator = generator_at(self.seed, Stream.AUGMENTATION, step)
            noise = torch.randn(self.batch, NUMBERS, generator=generator)[self.mine]
            images = augment(images, noise.to(images.device), self.strength)
        count = round(self.dreams(step) * self.batch)
        if not count:
            return images
        dreamt = torch.arange(self.batch)[self.mine] < count
        dreams = self._dreams(images[dreamt], step, count)
        return torch.cat([dreams, images[~dreamt]])

    def _dreams(self, first: Tensor, step: int, count: int) -> Tensor:
        """This process's share of `count` dreams, of which each begins with one of the given images."""
        generator = generator_at(self.seed, Stream.DREAMS, step)
        share = slice(self.mine.start, count, self.mine.step)
        return dream_of(first, self.images, count, generator, share)

    def picks(self, step: int) -> list[int]:
        """The batch at `step`, all processes together, as indices into the sets one after another."""
        return [self._pick(place) for place in range(step * self.batch, (step + 1) * self.batch)]

    def _pick(self, place: int) -> int:
        turn, which = divmod(place, len(self.sizes))
        epoch, index = divmod(turn, self.sizes[which])
        order = _order(self.sizes[which], self.seed, epoch * len(self.sizes) + which)
        return sum(self.sizes[:which]) + int(order[index])


def dream_of(
    first: Tensor, images: Tensor, count: int, generator: torch.Generator, share: slice = slice(None)
) -> Tensor:
    """Dreams [n, h, w], each of one of the `first` [n, h, w] and others of the uint8 `images`.

    Numbers are drawn for `count` dreams, of which the `share` is made, so that processes share them as they do images.
    """
    others = torch.randint(len(images), (count, PARTS - 1), generator=generator)[share]
    numbers = torch.rand(count, PARTS, DREAM_NUMBERS, generator=generator)[share]
    counts = counts_of(torch.rand(count, generator=generator)[share])
    parts = torch.cat([first.unsqueeze(1), images[others.to(images.device)].float() / 255], 1)
    return compose(parts, numbers.to(parts.device), counts.to(parts.device))


@lru_cache(maxsize=32)
def _order(size: int, seed: int, epoch: int) -> Tensor:
    return torch.randperm(size, generator=generator_at(seed, Stream.ORDER, epoch))
