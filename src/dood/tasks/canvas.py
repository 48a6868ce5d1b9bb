"""Pictures on the one canvas of a model, as the paper reads images: at most some strokes, all inferred."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
import torch
from jaxtyping import Float32

from dood.core.noise import picture_sources
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.inference import parsing
from dood.inference.strokes import check_strokes, strokes_of
from dood.models.dood import DooD
from dood.pictures import Picture, Placement, normalise
from dood.tasks.drawings import to_drawings
from dood.tasks.reading import REFINE, STROKES

__all__ = ["CanvasOptions", "check_whole", "draw_pictures", "draw_rasters"]


MOST_STROKES, MOST_SAMPLES, MOST_STEPS = 1_000, 100_000, 1_000_000
"""Numbers beyond these are slips: memory would not hold the strokes, nor a life the steps."""


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
        DoodError: the model draws no strokes (AIR does not), or a number is no whole one or out of range.
    """
    check_strokes(model)
    for name, value, least, most in (
        ("strokes", strokes, 1, MOST_STROKES),
        ("samples", samples, 1, MOST_SAMPLES),
        ("seed", seed, 0, 2**32 - 1),
        ("refine", refine, 0, MOST_STEPS),
    ):
        check_whole(name, value, least, most)
    images = torch.from_numpy(rasters)
    first = {"strokes": strokes, "samples": samples, "generator": picture_sources(images, seed)}
    if prune:
        parsed = parsing.search(model, images, refining=refine, **first)
    else:
        parsed = parsing.refine(model, images, parsing.parse(model, images, **first), refine)
    return to_drawings(strokes_of(model, parsed.latents, parsed.strokes), placements, sizes)


def check_whole(name: str, value: object, least: int, most: int) -> None:
    """Refuse what is no whole number of a range.

    Raises:
        DoodError: names it.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value <= most:
        raise DoodError(f"{name} (={value!r}) must be a whole number from {least} to {most}")
