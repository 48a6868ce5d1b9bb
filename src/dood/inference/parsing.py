"""From rasters to strokes: the posterior's best guess. To search further, see `dood.engines.search`."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from dood.inference.checks import check_images
from dood.models.dood import DooD
from dood.models.latents import Latents

__all__ = ["Parse", "parse"]


class Parse(NamedTuple):
    """The strokes of a batch of drawings.

    Attributes:
        latents: [b, t, ...], as the model has them.
        strokes: [b], how many of the t count, the first ones.
        canvases: [b, t + 1, h, w], what the first 0, 1, ... t strokes draw.
    """

    latents: Latents
    strokes: Int[Tensor, " b"]
    canvases: Float[Tensor, "b t1 h w"]

    @property
    def canvas(self) -> Float[Tensor, "b h w"]:
        """The canvas of the strokes that count."""
        return self.canvases[torch.arange(len(self.strokes)), self.strokes]


@torch.no_grad()
def parse(model: DooD, images: Float[Tensor, "b h w"], *, strokes: int | None = None) -> Parse:
    """Infer the strokes of each image: the posterior's means, and its most probable number of strokes.

    Arguments:
        strokes: most strokes; the model's own number by default.

    Raises:
        DoodError: the images are no squares of ink in [0, 1].
    """
    check_images(images)
    inferred = model.infer(images, strokes=strokes)
    return Parse(inferred.latents, inferred.stop_q.logits.argmax(-1), inferred.canvases)
