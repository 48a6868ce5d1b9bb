"""Pictures on the one canvas of a model, as the paper reads images: at most some strokes, all inferred."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
import torch
from jaxtyping import Float32

from dood.core.noise import picture_sources
from dood.drawing import Drawing
from dood.inference import parsing
from dood.inference.strokes import check_strokes, strokes_of
from dood.models.dood import DooD
from dood.pictures import Picture, Placement, normalise
from dood.tasks.drawings import to_drawings
from dood.tasks.reading import REFINE, STROKES

__all__ = ["CanvasOptions", "draw_pictures", "draw_rasters"]


class CanvasOptions(TypedDict, total=False):
    """Options of `draw_pictures`, passed on by the other ways to draw."""

    strokes: int
    samples: int
    seed: int
    refine: int
    prune: bool
    frame: str


def draw_pictures(
    pictures: Sequence[Picture],
    model: DooD,
    *,
    strokes: int = STROKES,
    samples: int = 1,
    seed: int = 0,
    refine: int = REFINE,
    prune: bool = True,
    frame: str = "auto",
) -> list[Drawing]:
    """Find the strokes of pictures, all at once.

    Arguments:
        strokes: at most so many; the model decides when to stop.
        samples: keep the best of so many tries.
        seed: of the tries, which are a function of it and of the picture: its neighbours change rounding alone.
        refine: gradient steps that fit the strokes to the picture afterwards.
        prune: leave out strokes that bring the drawing no closer to the picture, and infer again what is missing.
        frame: ink (fit the canvas around the ink), image (the canvas is the whole picture), or auto.
    """
    rasters, placements = zip(
        *(normalise(picture, model.config.resolution, frame=frame) for picture in pictures), strict=True
    )
    return draw_rasters(
        np.stack(rasters),
        placements,
        [(picture.width, picture.height) for picture in pictures],
        model,
        strokes=strokes,
        samples=samples,
        seed=seed,
        refine=refine,
        prune=prune,
    )


def draw_rasters(
    rasters: Float32[np.ndarray, "b r r"],
    placements: Sequence[Placement],
    sizes: Sequence[tuple[int, int]],
    model: DooD,
    *,
    strokes: int = STROKES,
    samples: int = 1,
    seed: int = 0,
    refine: int = REFINE,
    prune: bool = True,
) -> list[Drawing]:
    """Find the strokes of pictures that lie on the model's canvas already, all at once.

    Arguments:
        rasters: ink in [0, 1] at the model's resolution.
        placements: where each canvas lies in its picture.
        sizes: width and height of each picture in its pixels.
        strokes, samples, seed, refine, prune: as for `draw_pictures`.

    Raises:
        DoodError: the model draws no strokes (AIR does not).
    """
    check_strokes(model)
    images = torch.from_numpy(rasters)
    first = {"strokes": strokes, "samples": samples, "generator": picture_sources(images, seed)}
    if prune:
        parsed = parsing.search(model, images, refining=refine, **first)
    else:
        parsed = parsing.refine(model, images, parsing.parse(model, images, **first), refine)
    return to_drawings(strokes_of(model, parsed.latents, parsed.strokes), placements, sizes)
