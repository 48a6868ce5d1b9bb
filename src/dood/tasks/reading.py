"""Pictures, read by torch: the characters that they show."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dood.concepts.leftovers import with_leftovers
from dood.concepts.matching import Types
from dood.concepts.parts import parts_of
from dood.concepts.traced import Pieces, pieces_of, traced_types
from dood.engines import search
from dood.engines.engine import joined
from dood.engines.network import Network, to_strokes
from dood.inference.strokes import strokes_of
from dood.models.appearance import Spline
from dood.models.dood import DooD
from dood.models.latents import LatentStrokes
from dood.pictures import Picture, normalise
from dood.tasks.canvas import REFINE, STROKES

__all__ = ["Seen", "rasters_of", "readings_of", "searched", "seen_of", "traceable", "types_of"]


class Seen(NamedTuple):
    """Pictures, as they are read.

    Attributes:
        rasters: [n, r, r], as the model sees them.
        pieces: of each, what tracing finds; empty if none is traced.
    """

    rasters: Float[Tensor, "n r r"]
    pieces: Sequence[Pieces]

    @classmethod
    def joined(cls, seen: "Sequence[Seen]") -> "Seen":
        """All pictures, one after another."""
        return cls(torch.cat([each.rasters for each in seen]), [one for each in seen for one in each.pieces])


def seen_of(model: DooD, pictures: Iterable[Picture], *, tracing: bool) -> Seen:
    """Lay pictures on the model's canvas, and trace them where it draws strokes.

    Pictures are taken one by one, so that large ones need not be held together.
    """
    rasters, pieces = [], []
    for picture in pictures:
        raster, placement = normalise(picture, model.config.resolution)
        rasters.append(raster)
        if tracing and traceable(model):
            pieces.append(pieces_of(picture, placement))
    return Seen(torch.from_numpy(np.stack(rasters)), pieces)


def traceable(model: DooD) -> bool:
    """Whether what is traced can stand beside what the model sees: strokes, not parts (AIR)."""
    return isinstance(model.appearance, Spline)


def readings_of(model: DooD, seen: Seen) -> list[Types]:
    """The characters that pictures show, read in each way: by the model, and by tracing where they were traced."""
    recognised = types_of(model, seen.rasters)
    return [recognised, traced_types(seen.pieces, seen.rasters)] if seen.pieces else [recognised]


def searched(model: DooD, rasters: Float[Tensor, "n r r"]) -> LatentStrokes:
    """What searches find, of each picture alone, for as many strokes as `dood.draw` allows.

    Twenty at once would take a quarter of the time, but what stands beside a picture changes rounding, and by that at
    times the strokes that its search ends with.
    """
    engine = Network(model)
    # One view: eight made no difference to who is recognised that 42 background runs could tell.
    how = {"strokes": STROKES, "refining": REFINE, "views": False}
    found = (search.search(engine, raster[None], **how) for raster in rasters.numpy())
    return to_strokes(joined([each.latents for each in found]))


def rasters_of(model: DooD, pictures: Iterable[Picture]) -> Float[Tensor, "n r r"]:
    """Pictures as the model sees them, taken one by one."""
    return seen_of(model, pictures, tracing=False).rasters


def types_of(model: DooD, rasters: Float[Tensor, "n r r"]) -> Types:
    """The characters that rasters show: strokes, and dots where they leave ink; or parts, of a model without (AIR)."""
    if not traceable(model):
        return parts_of(model, *searched(model, rasters))
    return with_leftovers(strokes_of(model, *searched(model, rasters)), rasters)
