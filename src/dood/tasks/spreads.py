"""How far drawings of one character differ, learned from pairs of them."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.concepts.matching import COARSE, FINE, aligned, move
from dood.concepts.spreads import WHOLE_SPREADS, Spreads, load_spreads, save_spreads
from dood.models.dood import DooD
from dood.pictures import Picture
from dood.tasks.oneshot import read_runs
from dood.tasks.reading import rasters_of, types_of

__all__ = ["learn_spreads", "load_spreads", "save_spreads"]

ROUNDS = 2
"""The spreads decide how far a token goes to its picture, and that decides the spreads."""
LEAST = 0.02
"""No spread is less: one picture would hold them all."""
NORMAL = 0.6745
"""Median of the absolute value of a standard normal number."""


def learn_spreads(
    path: str | Path, *, model: str | Path | DooD = "omniglot", progress: Callable[[int, int], None] | None = None
) -> Spreads:
    """Spreads of shift, size, aspect, shear, angle and pen, from the pairs of example and query in one-shot runs.

    Each query is explained by a token of its class's example; a spread is the median size of the token's numbers,
    which outliers do not move. Spreads of the deformation stay as they are: a token has so many of its numbers that the
    prior shrinks them towards zero.

    Arguments:
        path: an `.npz` file laid out as for `dood.tasks.oneshot.classify_runs`.
        model: a model, or what `dood.checkpoints.checkpoint.load` takes.
        progress: called with the runs done and their total.

    Raises:
        DoodError: the file holds no such runs.
    """
    runs, network = read_runs(path), model if isinstance(model, DooD) else checkpoint.load(model)
    pairs = []
    for i, (examples, queries, answers) in enumerate(zip(*runs, strict=True)):
        shown, asked = (
            rasters_of(network, [Picture.from_array(image, polarity="light") for image in images])
            for images in (examples, queries)
        )
        pairs.append((types_of(network, shown).rows(torch.from_numpy(answers)), asked))
        if progress:
            progress(i + 1, len(runs.answers))
    spreads = Spreads()
    for _ in range(ROUNDS):
        found = []
        for types, images in pairs:
            token = aligned(types, images, spreads)
            for stage in (COARSE, FINE):
                token = move(types, images, token, spreads, stage)
            found.append(token.whole)
        spreads = _rescaled(spreads, torch.cat(found))
    return spreads


def _rescaled(spreads: Spreads, whole: Tensor) -> Spreads:
    """Spreads by which the numbers of tokens, [n, 7], would have had deviation 1."""
    ratio = whole.abs().median(0).values / NORMAL
    # The shifts along x and y share theirs.
    ratios = [ratio[:2].mean().item(), *ratio[2:].tolist()]
    old = [getattr(spreads, name) for name in WHOLE_SPREADS]
    new = [max(LEAST, one * other) for one, other in zip(old, ratios, strict=True)]
    return spreads._replace(**dict(zip(WHOLE_SPREADS, new, strict=True)))
