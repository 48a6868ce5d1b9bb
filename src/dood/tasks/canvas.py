"""Pictures on the one canvas of a model, as the paper reads images: at most some strokes, all inferred."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from dood.core.streams import Stream, picture_seed
from dood.drawing import Drawing
from dood.engines import search
from dood.engines.engine import Engine, Found, joined
from dood.errors import DoodError
from dood.pictures import Picture, Placement, normalise
from dood.tasks.drawings import to_drawings

__all__ = ["REFINE", "STROKES", "CanvasOptions", "check_whole", "draw_pictures", "draw_rasters"]

STROKES, REFINE = 15, 5
"""Most strokes and refinement steps unless told otherwise: drawings are more complicated than the training images."""

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
    engine: Engine,
    *,
    strokes: int = STROKES,
    samples: int = 1,
    seed: int = 0,
    refine: int = REFINE,
    prune: bool = True,
    frame: str = "auto",
) -> list[Drawing]:
    """Find the strokes of pictures: with refinement one by one, so that neighbours change nothing; else all at once.

    Arguments:
        strokes: at most so many; the model decides when to stop.
        samples: keep the best of so many tries.
        seed: of the tries, which are a function of it and of the picture: its neighbours change rounding alone.
        refine: steps of least squares that fit the strokes to the picture afterwards. With any, the model looks at the
            picture in the square's eight views first, and its best answer is gone on from.
        prune: leave out strokes that bring the drawing no closer to the picture, and infer again what is missing.
        frame: ink (fit the canvas around the ink), image (the canvas is the whole picture), or auto.
    """
    rasters, placements = zip(
        *(normalise(picture, engine.config.resolution, frame=frame) for picture in pictures), strict=True
    )
    return draw_rasters(
        np.stack(rasters),
        placements,
        [(picture.width, picture.height) for picture in pictures],
        engine,
        strokes=strokes,
        samples=samples,
        seed=seed,
        refine=refine,
        prune=prune,
    )


def draw_rasters(
    rasters: NDArray[np.float32],
    placements: Sequence[Placement],
    sizes: Sequence[tuple[int, int]],
    engine: Engine,
    *,
    strokes: int = STROKES,
    samples: int = 1,
    seed: int = 0,
    refine: int = REFINE,
    prune: bool = True,
) -> list[Drawing]:
    """Find the strokes of pictures that lie on the model's canvas already.

    Arguments:
        rasters: [b, r, r], ink in [0, 1] at the model's resolution.
        placements: where each canvas lies in its picture.
        sizes: width and height of each picture in its pixels.
        strokes, samples, seed, refine, prune: as for `draw_pictures`.

    Raises:
        DoodError: a number is no whole one, or out of range.
    """
    for name, value, least, most in (
        ("strokes", strokes, 1, MOST_STROKES),
        ("samples", samples, 1, MOST_SAMPLES),
        ("seed", seed, 0, 2**32 - 1),
        ("refine", refine, 0, MOST_STEPS),
    ):
        check_whole(name, value, least, most)
    streams = [Stream(picture_seed(raster, seed)) for raster in rasters]
    # Sums are rounded by the size of a batch, and refinement makes much of it: so it has each picture alone.
    size = 1 if refine else len(rasters)
    # Eight views take a tenth of the time of refinement, and eight times that of inference alone.
    views = refine > 0

    def found(part: slice) -> Found:
        images, tries = rasters[part], streams[part]
        if prune:
            return search.search(
                engine, images, strokes=strokes, refining=refine, views=views, samples=samples, streams=tries
            )
        first = search.parse(engine, images, strokes=strokes, views=views, samples=samples, streams=tries)
        return search.refine(engine, images, first, refine)

    parts = [slice(first, first + size) for first in range(0, len(rasters), size)]
    return to_drawings(engine.curves(joined([found(part).latents for part in parts])), placements, sizes)


def check_whole(name: str, value: object, least: int, most: int) -> None:
    """Refuse what is no whole number of a range.

    Raises:
        DoodError: names it.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value <= most:
        raise DoodError(f"{name} (={value!r}) must be a whole number from {least} to {most}")
