"""Drawings made by code: a few smooth strokes of one pen each."""

import hashlib
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.data.imageset import ImageSet
from dood.errors import DoodError

__all__ = ["MAX_STROKES", "TEST_IMAGES", "TRAIN_IMAGES", "Scribbles", "make_synthetic", "rasterise", "scribble"]

TRAIN_IMAGES, TEST_IMAGES = 10_000, 2_000
MAX_STROKES = 5
CONTROL_POINTS = 5

MARGIN = 0.85
"""Control points stay within this square around the canvas' centre, in half canvases."""

SPAN = (0.5, 2.6)
"""Length of a stroke's control polygon in half canvases."""

TURN = 0.7
"""Standard deviation of the angle between neighbouring sides of the control polygon, in radians."""

RADIUS = (0.03, 0.09)
HARDNESS = (1.2, 3.0)
"""Of the pen; see `dood.core.renderer.Pen`."""

CHUNK = 500
"""Images rendered at a time."""


class Scribbles(NamedTuple):
    """What was drawn, in half canvases.

    Attributes:
        points: [n, 5, 5, 2], Bezier control points of each stroke.
        count: [n], how many of the strokes there are (the first ones), 1 to 5.
        radius, hardness: [n], the pen of all strokes of a drawing.
    """

    points: NDArray[np.floating]
    count: NDArray[np.integer]
    radius: NDArray[np.floating]
    hardness: NDArray[np.floating]


def make_synthetic(train: int = TRAIN_IMAGES, test: int = TEST_IMAGES, resolution: int = 28, seed: int = 0) -> ImageSet:
    """Images of scribbles; the class of one is its number of strokes.

    Raises:
        DoodError: there would be no images, or none with pixels.
    """
    if min(train, test) < 0 or not train + test or resolution < 1:
        raise DoodError(f"synthetic: {train} + {test} images of {resolution} pixels; at least one of each is needed")
    scribbles = scribble(np.random.default_rng(seed), train + test)
    images = rasterise(scribbles, resolution)
    labels = scribbles.count.astype(np.int64) - 1
    names = tuple(f"{count} stroke{'s' * (count > 1)}" for count in range(1, MAX_STROKES + 1))
    digest = hashlib.sha256(images.tobytes()).hexdigest()
    return ImageSet("synthetic", images[:train], labels[:train], images[train:], labels[train:], names, digest)


def scribble(generator: np.random.Generator, n: int) -> Scribbles:
    """`n` random drawings of one to five strokes, each as likely."""
    shape = (n, MAX_STROKES, CONTROL_POINTS - 1)
    turns = generator.normal(0, TURN, shape) + generator.normal(0, TURN, (*shape[:2], 1))
    turns[..., 0] = generator.uniform(-np.pi, np.pi, shape[:2])
    angle = turns.cumsum(-1)
    side = generator.uniform(*SPAN, (*shape[:2], 1)) / (CONTROL_POINTS - 1)
    path = np.zeros((*shape[:2], CONTROL_POINTS, 2))
    path[..., 1:, :] = (side[..., None] * np.stack([np.cos(angle), np.sin(angle)], -1)).cumsum(-2)
    path -= path.min(-2, keepdims=True)
    path /= np.maximum(path.max((-2, -1), keepdims=True) / (2 * MARGIN), 1)
    corner = generator.uniform(size=(*shape[:2], 1, 2)) * (2 * MARGIN - path.max(-2, keepdims=True)) - MARGIN
    return Scribbles(
        path + corner,
        generator.integers(1, MAX_STROKES + 1, n),
        np.exp(generator.uniform(math.log(RADIUS[0]), math.log(RADIUS[1]), n)),
        generator.uniform(*HARDNESS, n),
    )


def rasterise(scribbles: Scribbles, resolution: int) -> NDArray[np.uint8]:
    """What the model's own renderer makes of the scribbles."""
    import torch

    from dood.core.renderer import Pen, composite, render

    points, count, radius, hardness = (torch.from_numpy(values) for values in scribbles)
    drawn = torch.arange(MAX_STROKES) < count[:, None]
    points, radius, hardness = (values.to(torch.get_default_dtype()) for values in (points, radius, hardness))
    images = np.empty((len(points), resolution, resolution), np.uint8)
    with torch.inference_mode():
        for start in range(0, len(points), CHUNK):
            part = slice(start, start + CHUNK)
            pen = Pen(radius[part, None, None].expand(-1, MAX_STROKES, 1), hardness[part, None].expand(-1, MAX_STROKES))
            ink = render(points[part], pen, resolution, resolution) * drawn[part, :, None, None]
            images[part] = (composite(ink.sum(1)) * 255).round().to(torch.uint8).numpy()
    return images
