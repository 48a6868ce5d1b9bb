"""Pictures, read: their strokes on the canvas, and where the canvas lies in the picture."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.concepts.leftovers import with_leftovers
from dood.concepts.matching import Types
from dood.concepts.parts import parts_of
from dood.inference import parsing
from dood.inference.parsing import Parse
from dood.inference.strokes import check_strokes, joined, strokes_of
from dood.models.appearance import Spline
from dood.models.dood import DooD
from dood.pictures import Picture, Placement, normalise, picture_of
from dood.tasks.canvas import REFINE, STROKES

__all__ = ["AT_ONCE", "REFINE", "STROKES", "Reading", "rasters_of", "read", "types_of"]


AT_ONCE = 64
"""Pictures that a model reads at once: some 2 MB each while it does."""


class Reading(NamedTuple):
    """What was read.

    Attributes:
        model: that read it.
        parse: of a batch of one.
        placement, size: of the canvas in the picture, and width and height of that in pixels.
    """

    model: DooD
    parse: Parse
    placement: Placement
    size: tuple[int, int]


def read(
    picture: Any, model: str | Path | DooD, *, polarity: str = "auto", frame: str = "auto", amortised: bool = False
) -> Reading:
    """Find the strokes of one picture.

    Arguments:
        picture, model, polarity: as for `dood.draw`.
        frame: as for `dood.pictures.normalise`.
        amortised: as the recognition model says, and no more strokes than in training; else fitted to the picture.

    Raises:
        DoodError: the picture cannot be read or holds no drawing, or the model draws no strokes (AIR does not).
    """
    loaded = picture_of(picture, polarity)
    network = model if isinstance(model, DooD) else checkpoint.load(model)
    check_strokes(network)
    raster, placement = normalise(loaded, network.config.resolution, frame=frame)
    images = torch.from_numpy(raster).unsqueeze(0)
    if amortised:
        found = parsing.parse(network, images)
    else:
        found = parsing.search(network, images, strokes=STROKES, refining=REFINE)
    return Reading(network, found, placement, (loaded.width, loaded.height))


def rasters_of(model: DooD, pictures: Iterable[Picture]) -> Float[Tensor, "n r r"]:
    """Pictures as the model sees them; they are taken one by one, so that large ones need not be held together."""
    return torch.from_numpy(np.stack([normalise(picture, model.config.resolution)[0] for picture in pictures]))


def types_of(model: DooD, rasters: Float[Tensor, "n r r"]) -> Types:
    """The characters that rasters show: strokes, and dots where they leave ink; or parts, of a model without (AIR)."""
    if not isinstance(model.appearance, Spline):
        found = parsing.search(model, rasters, strokes=STROKES, refining=REFINE)
        return parts_of(model, found.latents, found.strokes)
    parses = (parsing.search(model, some, strokes=STROKES, refining=REFINE) for some in rasters.split(AT_ONCE))
    return with_leftovers(joined([strokes_of(model, each.latents, each.strokes) for each in parses]), rasters)
