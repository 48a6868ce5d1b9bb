"""One picture in the eight views of the square: a recognition model may read it better turned or mirrored.

A stroke is geometry: the strokes of a turned picture, turned back, are strokes of the picture, and their densities are
the same. So q(z | x) may be the recognition model's answer to any view of x, also to the one that explains x best,
which takes a pass for each view and no step of gradients. Networks that learned one set's slant are surest in the view
that they know; far from it, eight answers differ, and one of them is often much better.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from dood.core.symmetries import SYMMETRIES, stroke_numbers, turned_pixels
from dood.errors import DoodError
from dood.inference.checks import check_images
from dood.inference.objectives import importance_weights, terms
from dood.models.dood import DooD, Inference, Trace
from dood.models.latents import Latents

__all__ = ["best_views", "infer_viewed", "trace_viewed"]


@torch.no_grad()
def best_views(model: DooD, images: Float[Tensor, "b h w"], *, strokes: int | None = None) -> Int[Tensor, " b"]:
    """Return the view of each image, 0..7 (`dood.core.symmetries`), whose mean strokes have the greatest weight.

    That is log p(x, z) - log q(z | x) with the number of strokes summed out (`importance_weights`).

    Raises:
        DoodError: the images are no squares of ink in [0, 1], or the model's strokes have no control points.
    """
    check_images(images)
    views = torch.arange(SYMMETRIES, device=images.device)
    traces = [trace_viewed(model, images, view.expand(len(images)), strokes=strokes) for view in views]
    return torch.stack([importance_weights(terms(model, trace, images)) for trace in traces], -1).argmax(-1)


def trace_viewed(
    model: DooD,
    images: Float[Tensor, "b h w"],
    view: Int[Tensor, " b"],
    noise: Float[Tensor, "b t d"] | None = None,
    *,
    strokes: int | None = None,
) -> Trace:
    """As calling the model, which looks at each image in the given view."""
    return model.traced(images, infer_viewed(model, images, view, noise, strokes=strokes))


def infer_viewed(
    model: DooD,
    images: Float[Tensor, "b h w"],
    view: Int[Tensor, " b"],
    noise: Float[Tensor, "b t d"] | None = None,
    *,
    strokes: int | None = None,
) -> Inference:
    """As `DooD.infer`, which looks at each image in the given view; what the memory held is that of the view.

    Raises:
        DoodError: the model's strokes have no control points to turn.
    """
    if not model.appearance.controls:
        kind = model.config.appearance
        raise DoodError(f"a model with appearance {kind!r} has no control points to turn: leave the views out")
    pixels = torch.from_numpy(turned_pixels(images.shape[-1])).to(images.device)
    numbers = stroke_numbers(model.appearance.controls, sum(model.widths))
    source, sign = (torch.from_numpy(part).to(images.device)[view].unsqueeze(1) for part in numbers)
    seen = model.infer(_gathered(images, pixels[view]), noise, strokes=strokes)
    flat = seen.latents.flat()
    source = source.expand_as(flat)
    return seen._replace(
        latents=Latents.from_flat(flat.gather(-1, source) * sign),
        canvases=_gathered(seen.canvases, pixels.argsort(-1)[view].unsqueeze(1)),
        std=seen.std.gather(-1, source),
    )


def _gathered(images: Float[Tensor, "*b h w"], pixels: Int[Tensor, "*#b p"]) -> Float[Tensor, "*b h w"]:
    """Images of the same size, whose pixels are those of the given numbers."""
    flat = images.flatten(-2)
    return flat.gather(-1, pixels.expand_as(flat)).view_as(images)
