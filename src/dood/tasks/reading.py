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
from dood.engines import search
from dood.engines.engine import joined
from dood.engines.network import Network, to_strokes
from dood.inference.parsing import parse
from dood.inference.strokes import check_strokes, strokes_of
from dood.models.appearance import Spline
from dood.models.dood import DooD
from dood.models.latents import LatentStrokes
from dood.pictures import Picture, Placement, normalise, picture_of
from dood.tasks.canvas import REFINE, STROKES

__all__ = ["Reading", "rasters_of", "read", "searched", "types_of"]


class Reading(NamedTuple):
    """What was read.

    Attributes:
        model: that read it.
        found: the strokes, of a batch of one.
        placement, size: of the canvas in the picture, and width and height of that in pixels.
    """

    model: DooD
    found: LatentStrokes
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
    found = LatentStrokes(*parse(network, images)[:2]) if amortised else searched(network, images)
    return Reading(network, found, placement, (loaded.width, loaded.height))


def searched(model: DooD, rasters: Float[Tensor, "n r r"]) -> LatentStrokes:
    """What searches find, of each picture alone, for as many strokes as `dood.draw` allows."""
    engine = Network(model)
    found = (search.search(engine, raster[None], strokes=STROKES, refining=REFINE) for raster in rasters.numpy())
    return to_strokes(joined([each.latents for each in found]))


def rasters_of(model: DooD, pictures: Iterable[Picture]) -> Float[Tensor, "n r r"]:
    """Pictures as the model sees them; they are taken one by one, so that large ones need not be held together."""
    return torch.from_numpy(np.stack([normalise(picture, model.config.resolution)[0] for picture in pictures]))


def types_of(model: DooD, rasters: Float[Tensor, "n r r"]) -> Types:
    """The characters that rasters show: strokes, and dots where they leave ink; or parts, of a model without (AIR)."""
    if not isinstance(model.appearance, Spline):
        return parts_of(model, *searched(model, rasters))
    return with_leftovers(strokes_of(model, *searched(model, rasters)), rasters)
