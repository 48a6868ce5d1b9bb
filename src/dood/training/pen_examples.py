"""Pen paths as examples for the walking network: drawn, traced to pieces, the person's walk over them in numbers."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dood.data.pensets import Drawn
from dood.tracing.graph import graph_of
from dood.tracing.mask import mask_of
from dood.tracing.moves import Rivals, relations
from dood.tracing.pieces import Pieces, measure, pieces_of
from dood.tracing.state import allowed, progress
from dood.tracing.work import work_image
from dood.training.pen_looks import look, moved, rasterise
from dood.training.pen_paths import Walk, walk_of

__all__ = ["Example", "example_of", "strokes_as_pieces", "traced"]

MOST = 64
"""Pieces of an example; of larger drawings a stretch of whole strokes is one."""


class Example(NamedTuple):
    """What `WalkNetwork` is given (half precision where there is much of it), and what the person did.

    Attributes:
        own, pair, drawn, last, state: the network's arguments.
        allowed: [t, r, 2], what could come next.
        chosen: [t], what did: 2 run + down.
        valid: [t], whether it was allowed.
    """

    own: Tensor
    pair: Tensor
    drawn: Tensor
    last: Tensor
    state: Tensor
    allowed: Tensor
    chosen: Tensor
    valid: Tensor


def traced(drawn: Drawn, generator: np.random.Generator, *, plain: bool = False) -> tuple[Pieces, Walk] | None:
    """A drawing, pictured with a random look or its own, as pieces and the person's walk; None without ink."""
    view = look(drawn, generator, plain)
    strokes = moved(drawn, view)
    work = work_image(rasterise(strokes, view, generator).astype(np.float32))
    if work is None:
        return None
    pieces = pieces_of(graph_of(mask_of(work), work.pen))
    if not pieces.lines:
        return None
    return pieces, walk_of([(stroke - np.array(work.corner)) * work.scale for stroke in strokes], pieces)


def strokes_as_pieces(drawn: Drawn) -> tuple[Pieces, Walk]:
    """The person's strokes themselves, apart, as if joints were known: for their order and direction alone."""
    count = len(drawn.strokes)
    pieces = Pieces(drawn.strokes, np.full((count, 2), -1), drawn.width)
    return pieces, Walk(2 * np.arange(count), np.zeros(count, bool))


def example_of(pieces: Pieces, walk: Walk, generator: np.random.Generator) -> Example | None:
    """The example that a walk makes; None if it has no step that could be learned from."""
    if len(pieces.lines) > MOST:
        pieces, walk = _stretch(pieces, walk, generator)
    steps = len(walk.run)
    if not steps:
        return None
    runs = measure(pieces)
    one, other = np.meshgrid(np.arange(runs.count), np.arange(runs.count), indexing="ij")
    pair = relations(runs, Rivals(runs), other, one)
    done = np.zeros((steps, runs.count))
    np.add.at(done, (np.arange(1, steps), walk.run[:-1]), 1)
    done = done.cumsum(0)
    times = done[:, 0::2] + done[:, 1::2]
    last = np.concatenate([[-1], walk.run[:-1]])
    begun = np.concatenate([[-1], _begun(walk)[:-1]])
    may = allowed(runs, last, times)
    valid = may[np.arange(steps), walk.run, walk.down.astype(int)]
    if not valid.any():
        return None
    state = progress(runs, last, times, begun)
    chosen = torch.from_numpy(2 * walk.run + walk.down)
    return Example(
        _half(runs.own), _half(pair), torch.from_numpy(done).float(), torch.from_numpy(last), _half(state),
        torch.from_numpy(may), chosen, torch.from_numpy(valid),
    )  # fmt: skip


def _half(values: NDArray) -> Tensor:
    return torch.from_numpy(values.astype(np.float16))


def _begun(walk: Walk) -> NDArray[np.intp]:
    """The run that the stroke of each run began with."""
    first = np.maximum.accumulate(np.where(walk.down, 0, np.arange(len(walk.run))))
    return walk.run[first]


def _stretch(pieces: Pieces, walk: Walk, generator: np.random.Generator) -> tuple[Pieces, Walk]:
    """Whole strokes, from a random one on, that go over no more than MOST pieces; no others are there."""
    starts = np.append(np.flatnonzero(~walk.down), len(walk.run))
    first = int(generator.integers(max(len(starts) - 1, 1)))
    ends = [e for e in starts[first + 1 :] if len(np.unique(walk.run[starts[first] : e] >> 1)) <= MOST]
    if not ends:
        return pieces, Walk(walk.run[:0], walk.down[:0])
    run, down = walk.run[starts[first] : ends[-1]], walk.down[starts[first] : ends[-1]]
    kept, place = np.unique(run >> 1, return_inverse=True)
    mine = pieces.chosen(kept)
    return mine, Walk(2 * place + (run & 1), down)
