"""What finding and making up strokes needs of a model, whoever does the arithmetic."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from dood.models.config import ModelConfig

__all__ = ["AT_ONCE", "Array", "Curves", "Engine", "Found", "Latents", "joined"]

Array = NDArray[np.float32]

AT_ONCE = 256
"""Drawings that are sampled together; a seed means other drawings with another number."""


class Latents(NamedTuple):
    """The strokes of a batch of drawings, as a model has them.

    Attributes:
        layout: [b, t, 4], unsquashed (scale, shift x, shift y, angle).
        stroke: [b, t, d], control points and pen in the frame of the layout.
        strokes: [b], how many of the t count, the first ones.
    """

    layout: Array
    stroke: Array
    strokes: NDArray[np.int64]

    @property
    def mask(self) -> NDArray[np.bool_]:
        """[b, t], which of the strokes count."""
        return np.arange(self.layout.shape[1]) < self.strokes[:, None]

    def rows(self, index: NDArray[np.int64]) -> "Latents":
        """Return the drawings at `index`."""
        return Latents(self.layout[index], self.stroke[index], self.strokes[index])


def joined(parts: Sequence[Latents]) -> Latents:
    """Return the drawings of all parts in one batch, with room for as many strokes as any of them has."""
    most = max(part.layout.shape[1] for part in parts)
    wide = [
        [np.pad(values, ((0, 0), (0, most - values.shape[1]), (0, 0))) for values in (part.layout, part.stroke)]
        for part in parts
    ]
    layout, stroke = (np.concatenate(values) for values in zip(*wide, strict=True))
    return Latents(layout, stroke, np.concatenate([part.strokes for part in parts]))


class Found(NamedTuple):
    """What was inferred: `latents`, and the `canvases` [b, t + 1, h, w] after the first 0, 1, ... t strokes."""

    latents: Latents
    canvases: Array

    @property
    def canvas(self) -> Array:
        """[b, h, w], of the strokes that count."""
        return self.canvases[np.arange(len(self.canvases)), self.latents.strokes]


class Curves(NamedTuple):
    """Strokes on the canvas: `points` [b, t, p, 2] and `radius` [b, t, k] in half canvases, `mask` [b, t]."""

    points: Array
    radius: Array
    mask: NDArray[np.bool_]


@runtime_checkable
class Engine(Protocol):
    """A model of strokes.

    Attributes:
        config: of the model.
        widths: how many numbers a layout and a stroke have.
        controls: how many of a stroke's, the first ones, are control points (x, y) in its layout's frame; 0 if none.
    """

    config: ModelConfig

    @property
    def widths(self) -> tuple[int, int]: ...

    @property
    def controls(self) -> int: ...

    def infer(self, images: Array, strokes: int, *, noise: Array | None = None, given: Latents | None = None) -> Found:
        """Infer strokes one after another, and how many of them the posterior most probably takes.

        Arguments:
            images: [b, h, w], ink in [0, 1].
            strokes: how many to unroll.
            noise: [b, t, sum(widths)], standard normal, selects the posterior sample; without it the means.
            given: strokes that are on the canvas already; those inferred follow them.
        """
        ...

    def ink(self, latents: Latents) -> Array:
        """Return the ink [b, t, h, w] of each stroke, at the model's resolution."""
        ...

    def composite(self, ink: Array) -> Array:
        """Return the canvas that summed ink shows as."""
        ...

    def curves(self, latents: Latents) -> Curves:
        """Return the strokes on the canvas."""
        ...

    def sample(self, count: int, strokes: int, *, temperature: float, seed: int) -> Latents:
        """Return drawings from the prior, of at most so many strokes.

        Arguments:
            temperature: factor of the Gaussians' deviations.
            seed: the same drawings for the same seed and count.
        """
        ...

    def propose(self, part: Array, count: int, strokes: int, *, temperature: float, seed: int) -> Iterator[Latents]:
        """Yield batches of `count` whole drawings from the prior that may contain a part, without end.

        Arguments:
            part: [h, w], what the part draws, ink in [0, 1].
            strokes, temperature, seed: as for `sample`; the seed is that of all batches together.
        """
        ...

    def follow(self, given: Latents, count: int, strokes: int, *, temperature: float, seed: int) -> Latents | None:
        """Return at most so many strokes that come after those given, in `count` ways.

        Arguments:
            given: a batch of one.
            strokes, temperature, seed: as for `sample`.

        Returns:
            None if the prior samples whole drawings only.
        """
        ...
