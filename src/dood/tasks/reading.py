"""Pictures, read: their strokes on the canvas, and where the canvas lies in the picture."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.inference import parsing
from dood.inference.parsing import Parse
from dood.inference.strokes import Strokes, check_strokes, joined, strokes_of
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


def read(picture: Any, model: str | Path | DooD, *, polarity: str = "auto", frame: str = "auto") -> Reading:
    """Find the strokes of one picture.

    Arguments:
        picture, model, polarity: as for `dood.draw`.
        frame: as for `dood.pictures.normalise`.

    Raises:
        DoodError: the picture cannot be read or holds no drawing, or the model draws no strokes (AIR does not).
    """
    loaded = picture_of(picture, polarity)
    network = model if isinstance(model, DooD) else checkpoint.load(model)
    check_strokes(network)
    raster, placement = normalise(loaded, network.config.resolution, frame=frame)
    found = parsing.search(network, torch.from_numpy(raster).unsqueeze(0), strokes=STROKES, refining=REFINE)
    return Reading(network, found, placement, (loaded.width, loaded.height))


def rasters_of(model: DooD, pictures: Iterable[Picture]) -> Float[Tensor, "n r r"]:
    """Pictures as the model sees them; they are taken one by one, so that large ones need not be held together."""
    return torch.from_numpy(np.stack([normalise(picture, model.config.resolution)[0] for picture in pictures]))


def types_of(model: DooD, rasters: Float[Tensor, "n r r"]) -> Strokes:
    """The characters that rasters show.

    Raises:
        DoodError: the model draws no strokes (AIR does not).
    """
    check_strokes(model)
    found = (parsing.search(model, some, strokes=STROKES, refining=REFINE) for some in rasters.split(AT_ONCE))
    return joined([strokes_of(model, each.latents, each.strokes) for each in found])
