"""A model at work by torch: any model that draws strokes, with parts of your own too."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dood.engines.engine import AT_ONCE, Array, Curves, Found, joined
from dood.engines.engine import Latents as Arrays
from dood.inference.strokes import strokes_of
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes
from dood.models.priors.base import Prior

__all__ = ["Network", "to_arrays", "to_strokes"]


class Network:
    """An `Engine` of a network; one that draws no strokes (AIR) has no `curves`.

    Arguments:
        prior: to sample from in place of the model's own.
    """

    def __init__(self, model: DooD, prior: Prior | None = None) -> None:
        self.model, self.config = model, model.config
        self.widths, self.controls = model.widths, model.appearance.controls
        self.prior = model.prior if prior is None else prior

    def with_joint_prior(self) -> "Network":
        """Return the same with the prior that was learned with the model."""
        return Network(self.model, self.model.prior.learned_jointly())

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

    @torch.no_grad()
    def sample(self, count: int, strokes: int, *, temperature: float, seed: int) -> Arrays:
        generator = torch.Generator().manual_seed(seed)
        batches = (min(AT_ONCE, count - done) for done in range(0, count, AT_ONCE))
        options: dict[str, Any] = {"temperature": temperature, "generator": generator}
        return joined([to_arrays(self.prior.sample(batch, strokes, **options)) for batch in batches])

    def propose(self, part: Array, count: int, strokes: int, *, temperature: float, seed: int) -> Iterator[Arrays]:
        options: dict[str, Any] = {"temperature": temperature, "generator": torch.Generator().manual_seed(seed)}
        while True:
            with torch.no_grad():
                found = self.prior.propose(torch.from_numpy(part), count, strokes, **options)
            yield to_arrays(found)

    @torch.no_grad()
    def follow(self, given: Arrays, count: int, strokes: int, *, temperature: float, seed: int) -> Arrays | None:
        if self.prior.completion == "whole":
            return None
        options: dict[str, Any] = {"temperature": temperature, "generator": torch.Generator().manual_seed(seed)}
        return to_arrays(self.prior.follow(to_strokes(given.rows(np.zeros(count, np.int64))), strokes, **options))


def to_arrays(strokes: LatentStrokes) -> Arrays:
    """Return strokes as numpy has them."""
    values: list[Tensor] = [*strokes.latents, strokes.strokes]
    arrays: list[NDArray] = [value.detach().numpy() for value in values]
    return Arrays(*arrays)


def to_strokes(latents: Arrays) -> LatentStrokes:
    """Return strokes as torch has them."""
    layout, stroke, strokes = map(torch.from_numpy, latents)
    return LatentStrokes(Latents(layout, stroke), strokes)
