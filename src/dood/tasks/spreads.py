"""How far drawings of one character differ, learned from pairs of them."""

import json
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.concepts.matching import COARSE, FINE, aligned, move
from dood.concepts.tokens import WHOLE_SPREADS, Spreads
from dood.errors import DoodError
from dood.files import atomic_write
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


def save_spreads(spreads: Spreads, path: str | Path) -> None:
    """Write spreads as JSON."""
    with atomic_write(path) as file:
        file.write(json.dumps(spreads._asdict(), indent=2).encode() + b"\n")


def load_spreads(path: str | Path) -> Spreads:
    """Read spreads; those that the file does not name are as they are by default.

    Raises:
        DoodError: the file cannot be read, names something else, or a spread is negative or no number.
    """
    try:
        given = json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise DoodError(f"{path} is not a readable JSON file of spreads: {error}") from error
    if not isinstance(given, dict) or not given.keys() <= set(Spreads._fields):
        raise DoodError(f"{path} must be a JSON object whose keys are among {', '.join(Spreads._fields)}")
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            raise DoodError(f"{path}: {name} (={value}) must be a number and not negative")
    return Spreads(**{name: float(value) for name, value in given.items()})
