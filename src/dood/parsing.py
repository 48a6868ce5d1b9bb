"""From rasters to strokes: the posterior's best guess, the best of several samples, and refinement by gradient."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from dood.models.dood import DooD, Inference
from dood.models.latents import Latents
from dood.renderer import composite

__all__ = ["Parse", "error", "parse", "prune", "refine"]

REFINE_RATE = 0.01
PRUNE_WORTH = 1e-4
"""At 50 x 50 pixels, a quarter of a pixel's ink."""


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
        """What the strokes that count draw."""
        return self.canvases[torch.arange(len(self.strokes)), self.strokes]


@torch.no_grad()
def parse(
    model: DooD,
    images: Float[Tensor, "b h w"],
    *,
    strokes: int | None = None,
    samples: int = 1,
    generator: torch.Generator | None = None,
) -> Parse:
    """Infer the strokes of each image.

    Arguments:
        strokes: most strokes; the model's own number by default.
        samples: with 1, the posterior's mean; with more, the best of that and samples - 1 posterior samples by the
            squared error of what they draw.
    """
    best = _first(model.infer(images, strokes=strokes))
    for _ in range(samples - 1):
        noise = model.noise(len(images), strokes=strokes, generator=generator).to(images.device)
        best = _better(images, _first(model.infer(images, noise)), best)
    return best


def refine(model: DooD, images: Float[Tensor, "b h w"], parsed: Parse, steps: int) -> Parse:
    """Fit the strokes' points and pens to the image by gradient descent on the squared error.

    The number of strokes stays, and a drawing that did not gain keeps what it had.

    Arguments:
        steps: of Adam, all images at once.
    """
    points, pen = (part.clone().requires_grad_() for part in (parsed.latents.points, parsed.latents.pen))
    latents = parsed.latents._replace(points=points, pen=pen)
    optimiser = torch.optim.Adam([points, pen], lr=REFINE_RATE)
    with torch.enable_grad():
        for _ in range(steps):
            optimiser.zero_grad()
            error(images, _redrawn(model, parsed, latents)).sum().backward()
            optimiser.step()
    with torch.no_grad():
        latents = Latents(*(part.detach() for part in latents))
        return _better(images, _redrawn(model, parsed, latents), parsed)


@torch.no_grad()
def prune(model: DooD, images: Float[Tensor, "b h w"], parsed: Parse, worth: float = PRUNE_WORTH) -> Parse:
    """Leave out strokes that do not pay: without them the squared error rises by less than `worth`, or falls.

    The last strokes are tried first. Those that stay keep their order.

    Arguments:
        worth: mean squared error per pixel that a stroke must save.
    """
    ink = model.render(parsed.latents, *images.shape[-2:])
    kept = torch.arange(ink.shape[1], device=ink.device) < parsed.strokes.unsqueeze(-1)

    def squared(kept: Tensor) -> Tensor:
        return (composite((ink * kept[..., None, None]).sum(1)) - images).square().mean((-2, -1))

    for t in reversed(range(ink.shape[1])):
        without = kept.clone()
        without[:, t] = False
        dropped = squared(without) < squared(kept) + worth
        kept = torch.where(dropped.unsqueeze(-1), without, kept)
    order = torch.sort(kept.to(torch.uint8), dim=1, descending=True, stable=True).indices
    latents = Latents(*(part[torch.arange(len(order)).unsqueeze(-1), order] for part in parsed.latents))
    return _redrawn(model, parsed._replace(strokes=kept.sum(-1)), latents)


def error(images: Float[Tensor, "b h w"], parsed: Parse) -> Float[Tensor, " b"]:
    """Mean squared difference of each image from what its strokes draw."""
    return (parsed.canvas - images).square().mean((-2, -1))


def _first(inference: Inference) -> Parse:
    return Parse(inference.latents, inference.stop_q.logits.argmax(-1), inference.canvases)


def _redrawn(model: DooD, parsed: Parse, latents: Latents) -> Parse:
    """The same number of strokes with other latents."""
    return Parse(latents, parsed.strokes, model.canvases(latents, *parsed.canvases.shape[-2:]))


def _better(images: Tensor, new: Parse, old: Parse) -> Parse:
    """Of two parses of each image the one with the smaller error."""
    gained = error(images, new) < error(images, old)

    def choose(a: Tensor, b: Tensor) -> Tensor:
        return torch.where(gained.view(-1, *[1] * (a.ndim - 1)), a, b)

    latents = Latents(*(choose(a, b) for a, b in zip(new.latents, old.latents, strict=True)))
    return Parse(latents, choose(new.strokes, old.strokes), choose(new.canvases, old.canvases))
