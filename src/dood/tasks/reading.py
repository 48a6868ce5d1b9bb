"""Pictures, read by torch: the characters that they show."""

from collections.abc import Iterable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dood.concepts.leftovers import with_leftovers
from dood.concepts.matching import Types
from dood.concepts.parts import parts_of
from dood.engines import search
from dood.engines.engine import joined
from dood.engines.network import Network, to_strokes
from dood.inference.strokes import strokes_of
from dood.models.appearance import Spline
from dood.models.dood import DooD
from dood.models.latents import LatentStrokes
from dood.pictures import Picture, normalise
from dood.tasks.canvas import REFINE, STROKES

__all__ = ["rasters_of", "searched", "types_of"]


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
