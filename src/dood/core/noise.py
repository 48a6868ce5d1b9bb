"""Standard normal numbers, from one source for a whole batch or from one for each of its rows."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from dood.core.streams import picture_seed

__all__ = ["Source", "picture_sources", "rows_of", "standard_normal"]

Source = torch.Generator | Sequence[torch.Generator] | None
"""A generator for the batch (or torch's own), or one for each row, which then depends on no other row."""


def standard_normal(shape: Sequence[int], source: Source = None) -> Tensor:
    """Return standard normal numbers of that shape, on the CPU.

    Arguments:
        source: of one generator for each row the rows are taken in order; a generator may be there several times.
    """
    if source is None or isinstance(source, torch.Generator):
        return torch.randn(tuple(shape), generator=source)
    rows = [torch.randn(tuple(shape[1:]), generator=generator) for generator in source]
    return torch.stack(rows) if rows else torch.empty(tuple(shape))


def picture_sources(images: Float[Tensor, "b h w"], seed: int) -> list[torch.Generator]:
    """Return a generator for each image, seeded with a digest of the seed and the image's ink in 256 levels.

    So the same image has the same numbers whatever its place, its batch and its neighbours; images that are the same
    have the same ones.
    """
    pictures = images.detach().float().cpu().numpy()
    return [torch.Generator().manual_seed(picture_seed(picture, seed)) for picture in pictures]


def rows_of(source: Source, index: Sequence[int]) -> Source:
    """Return the sources of the rows at `index`; the one generator of a whole batch stays what it is."""
    if source is None or isinstance(source, torch.Generator):
        return source
    return [source[i] for i in index]
