"""From rasters to strokes: the posterior's best guess, the best of several samples, and refinement."""

from collections.abc import Sequence

import numpy as np

from dood.core.streams import Stream
from dood.engines.engine import Array, Engine, Found, Latents
from dood.engines.least_squares import least_squares
from dood.engines.views import infer_views

__all__ = ["error", "extend", "parse", "prune", "refine", "search"]

AGAIN = 3
"""Strokes that each further pass of a search may add."""
PRUNE_WORTH = 1e-4
"""At 50 x 50 pixels, a quarter of a pixel's ink."""


def parse(
    engine: Engine,
    images: Array,
    *,
    strokes: int | None = None,
    views: bool = False,
    samples: int = 1,
    streams: Sequence[Stream] = (),
) -> Found:
    """Infer the strokes of each image [b, h, h], ink in [0, 1].

    Arguments:
        strokes: most strokes; the model's own number by default.
        views: look at each image in the square's eight views, and take the best of their posterior means.
        samples: take the best of those means and of samples - 1 posterior samples. The best draws what has the smallest
            squared error.
        streams: the samples' noise, one for each image, whose samples then depend on no other image of the batch.
    """
    most = engine.config.strokes if strokes is None else strokes
    best, *others = infer_views(engine, images, most) if views else [engine.infer(images, most)]
    for other in others:
        best = _better(images, other, best)
    for _ in range(samples - 1):
        noise = np.stack([stream.normal([most, sum(engine.widths)]) for stream in streams])
        best = _better(images, engine.infer(images, most, noise=noise), best)
    return best


def extend(engine: Engine, images: Array, found: Found, strokes: int) -> Found:
    """Infer again, and add strokes for what the drawing leaves of the image.

    Arguments:
        strokes: how many to add; most do not pay, and `prune` removes those.
    """
    before, more = found.latents, engine.infer(images, strokes, given=found.latents).latents
    layout, stroke = (
        np.concatenate(parts, 1) for parts in ((before.layout, more.layout), (before.stroke, more.stroke))
    )
    return _only(engine, layout, stroke, np.pad(before.mask, ((0, 0), (0, strokes)), constant_values=True))


def search(
    engine: Engine,
    images: Array,
    *,
    strokes: int,
    refining: int,
    views: bool = True,
    samples: int = 1,
    streams: Sequence[Stream] = (),
) -> Found:
    """Parse, refine and prune, then repeat with added strokes for as long as more are allowed.

    Each further pass infers strokes from what the refined ones leave of the image. So it finds what the first pass
    missed or got wrong, where one long pass would go on from its own mistakes.

    Arguments:
        strokes: most strokes; the first pass takes as many as the model was trained with.
        refining: steps of the last refinement; those before take half as many.
        views, samples, streams: of the first pass, see `parse`.
    """
    first = min(strokes, engine.config.strokes)
    found = parse(engine, images, strokes=first, views=views, samples=samples, streams=streams)
    for found_so_far in range(first, strokes, AGAIN):
        found = prune(engine, images, refine(engine, images, found, refining // 2))
        found = extend(engine, images, found, min(AGAIN, strokes - found_so_far))
    return prune(engine, images, refine(engine, images, prune(engine, images, found), refining))


def refine(engine: Engine, images: Array, found: Found, steps: int) -> Found:
    """Fit the strokes' points and pens to the image by least squares (`dood.engines.least_squares`).

    The number of strokes stays, and a drawing that did not gain keeps what it had.

    Arguments:
        steps: of least squares.
    """
    if not steps:
        return found
    return _better(images, _drawn(engine, least_squares(engine, images, found.latents, steps)), found)


def prune(engine: Engine, images: Array, found: Found, worth: float = PRUNE_WORTH) -> Found:
    """Remove strokes that do not pay: without them the squared error rises by less than `worth`, or falls.

    The last strokes are tried first. Those that stay keep their order.

    Arguments:
        worth: mean squared error per pixel that a stroke must save.
    """
    ink, kept = engine.ink(found.latents), found.latents.mask

    def squared(kept: np.ndarray) -> Array:
        return _squares(engine.composite((ink * kept[..., None, None]).sum(1)) - images)

    for t in reversed(range(ink.shape[1])):
        without = kept.copy()
        without[:, t] = False
        dropped = squared(without) < squared(kept) + worth
        kept = np.where(dropped[:, None], without, kept)
    return _only(engine, found.latents.layout, found.latents.stroke, kept)


def error(images: Array, found: Found) -> Array:
    """Return the mean squared difference of each image from the canvas of its strokes."""
    return _squares(found.canvas - images)


def _squares(difference: Array) -> Array:
    return np.square(difference).mean((-2, -1))


def _drawn(engine: Engine, latents: Latents) -> Found:
    """The strokes with their canvases."""
    ink = np.pad(engine.ink(latents), ((0, 0), (1, 0), (0, 0), (0, 0)))
    return Found(latents, engine.composite(ink.cumsum(1, dtype=np.float32)))


def _only(engine: Engine, layout: Array, stroke: Array, kept: np.ndarray) -> Found:
    """The strokes that are `kept` [b, t], in their order, and no more than the drawing with most of them needs."""
    number = kept.sum(-1)
    order = np.argsort(~kept, axis=1, kind="stable")[:, : max(1, number.max()), None]
    layout, stroke = (np.take_along_axis(part, order, 1) for part in (layout, stroke))
    return _drawn(engine, Latents(layout, stroke, number))


def _better(images: Array, new: Found, old: Found) -> Found:
    """Of two of each image the one with the smaller error."""
    gained = error(images, new) < error(images, old)

    def choose(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.where(gained.reshape(-1, *[1] * (a.ndim - 1)), a, b)

    latents = Latents(*(choose(a, b) for a, b in zip(new.latents, old.latents, strict=True)))
    return Found(latents, choose(new.canvases, old.canvases))
