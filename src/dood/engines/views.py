"""A picture in the eight views of the square, to engines; `dood.inference.views` says why."""

import numpy as np

from dood.core.symmetries import SYMMETRIES, stroke_numbers, turned_pixels
from dood.engines.engine import Array, Engine, Found, Latents

__all__ = ["infer_views"]


def infer_views(engine: Engine, images: Array, strokes: int) -> list[Found]:
    """Infer strokes of each image [b, h, h] in each view, turned back; in one where they have no points to turn."""
    if not engine.controls:
        return [engine.infer(images, strokes)]
    return [_seen(engine, images, strokes, k) for k in range(SYMMETRIES)]


def _seen(engine: Engine, images: Array, strokes: int, k: int) -> Found:
    pixels, numbers = turned_pixels(images.shape[-1])[k], stroke_numbers(engine.controls, sum(engine.widths))
    latents, canvases = engine.infer(_gathered(images, pixels), strokes)
    flat = np.concatenate([latents.layout, latents.stroke], -1)[..., numbers.source[k]] * numbers.sign[k]
    layout, stroke = np.split(flat, [engine.widths[0]], -1)
    return Found(Latents(layout, stroke, latents.strokes), _gathered(canvases, pixels.argsort()))


def _gathered(images: Array, pixels: np.ndarray) -> Array:
    """Images of the same size, whose pixels are those of the given numbers."""
    return images.reshape(*images.shape[:-2], -1)[..., pixels].reshape(images.shape)
