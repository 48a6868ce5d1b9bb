"""A model at work by torch: any model that draws strokes, with parts of your own too."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dood.engines.engine import AT_ONCE, Array, Curves, Found
from dood.engines.engine import Latents as Arrays
from dood.inference.strokes import strokes_of
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes

__all__ = ["Network", "to_arrays", "to_strokes"]


class Network:
    """An `Engine` of a network; one that draws no strokes (AIR) has no `curves`."""

    def __init__(self, model: DooD) -> None:
        self.model, self.config, self.widths = model, model.config, model.widths

    @torch.no_grad()
    def infer(self, images: Array, strokes: int, *, noise: Array | None = None, given: Arrays | None = None) -> Found:
        inferred = self.model.infer(
            torch.from_numpy(images),
            None if noise is None else torch.from_numpy(noise),
            strokes=strokes,
            given=None if given is None else to_strokes(given),
        )
        number = inferred.stop_q.logits.argmax(-1)
        return Found(to_arrays(LatentStrokes(inferred.latents, number)), inferred.canvases.numpy())

    @torch.no_grad()
    def ink(self, latents: Arrays) -> Array:
        side = self.config.resolution
        return self.model.render(to_strokes(latents).latents, side, side).numpy()

    def composite(self, ink: Array) -> Array:
        return self.model.composite(torch.from_numpy(ink)).numpy()

    @torch.no_grad()
    def curves(self, latents: Arrays) -> Curves:
        strokes = strokes_of(self.model, *to_strokes(latents))
        return Curves(strokes.points.numpy(), strokes.pen.radius.numpy(), strokes.mask.numpy())

    def sample(self, count: int, strokes: int, *, temperature: float, seed: int) -> Arrays:
        generator = torch.Generator().manual_seed(seed)
        found = [
            self.model.sample(min(AT_ONCE, count - done), strokes=strokes, temperature=temperature, generator=generator)
            for done in range(0, count, AT_ONCE)
        ]
        parts = [to_arrays(LatentStrokes(each.latents, each.strokes)) for each in found]
        return Arrays(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def to_arrays(strokes: LatentStrokes) -> Arrays:
    """Return strokes as numpy has them."""
    values: list[Tensor] = [*strokes.latents, strokes.strokes]
    arrays: list[NDArray] = [value.detach().numpy() for value in values]
    return Arrays(*arrays)


def to_strokes(latents: Arrays) -> LatentStrokes:
    """Return strokes as torch has them."""
    layout, stroke, strokes = map(torch.from_numpy, latents)
    return LatentStrokes(Latents(layout, stroke), strokes)
