"""From rasters to strokes: the posterior's best guess, the best of several samples, and refinement by gradient."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from dood.core.noise import Source
from dood.inference.checks import check_images
from dood.models.dood import DooD, Inference
from dood.models.latents import Latents, LatentStrokes

__all__ = ["Parse", "error", "extend", "parse", "prune", "refine", "search"]

REFINE_RATE = 0.01
AGAIN = 3
"""Strokes that each further pass of a search may add."""
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
        """The canvas of the strokes that count."""
        return self.canvases[torch.arange(len(self.strokes)), self.strokes]


@torch.no_grad()
def parse(
    model: DooD,
    images: Float[Tensor, "b h w"],
    *,
    strokes: int | None = None,
    samples: int = 1,
    generator: Source = None,
) -> Parse:
    """Infer the strokes of each image.

    Arguments:
        strokes: most strokes; the model's own number by default.
        samples: with 1, the posterior's mean; with more, the best of that and samples - 1 posterior samples by the
            squared error of what they draw.
        generator: of the samples' noise: one, or one for each image (`dood.core.noise`), whose samples then depend on
            no other image of the batch.

    Raises:
        DoodError: the images are no squares of ink in [0, 1].
    """
    check_images(images)
    best = _first(model.infer(images, strokes=strokes))
    for _ in range(samples - 1):
        noise = model.noise(len(images), strokes=strokes, generator=generator).to(images.device)
        best = _better(images, _first(model.infer(images, noise)), best)
    return best


@torch.no_grad()
def extend(model: DooD, images: Float[Tensor, "b h w"], parsed: Parse, strokes: int) -> Parse:
    """Infer again, and add strokes for what the drawing leaves of the image.

    Arguments:
        strokes: how many to add; most do not pay, and `prune` removes those.
    """
    more = model.infer(images, strokes=strokes, given=LatentStrokes(parsed.latents, parsed.strokes))
    latents = Latents(*(torch.cat(parts, 1) for parts in zip(parsed.latents, more.latents, strict=True)))
    mask = torch.arange(parsed.latents.layout.shape[1], device=images.device) < parsed.strokes.unsqueeze(-1)
    return _only(model, images, latents, torch.cat([mask, mask.new_ones(len(images), strokes)], 1))


def search(
    model: DooD,
    images: Float[Tensor, "b h w"],
    *,
    strokes: int,
    refining: int,
    samples: int = 1,
    generator: Source = None,
) -> Parse:
    """Parse, refine and prune, then repeat with added strokes for as long as more are allowed.

    Each further pass infers strokes from what the refined ones leave of the image. So it finds what the first pass
    missed or got wrong, where one long pass would go on from its own mistakes.

    Arguments:
        strokes: most strokes; the first pass takes as many as the model was trained with.
        refining: steps of the last refinement; those before take half as many.
        samples, generator: of the first pass, see `parse`.
    """
    first = min(strokes, model.config.strokes)
    found = parse(model, images, strokes=first, samples=samples, generator=generator)
    for found_so_far in range(first, strokes, AGAIN):
        found = prune(model, images, refine(model, images, found, refining // 2))
        found = extend(model, images, found, min(AGAIN, strokes - found_so_far))
    return prune(model, images, refine(model, images, prune(model, images, found), refining))


def refine(model: DooD, images: Float[Tensor, "b h w"], parsed: Parse, steps: int) -> Parse:
    """Fit the strokes' points and pens to the image by gradient descent on the squared error.

    The number of strokes stays, and a drawing that did not gain keeps what it had.

    Arguments:
        steps: of Adam, all images at once.
    """
    if not steps:
        return parsed
    stroke = parsed.latents.stroke.clone().requires_grad_()
    latents = parsed.latents._replace(stroke=stroke)
    optimiser = torch.optim.Adam([stroke], lr=REFINE_RATE)
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
    """Remove strokes that do not pay: without them the squared error rises by less than `worth`, or falls.

    The last strokes are tried first. Those that stay keep their order.

    Arguments:
        worth: mean squared error per pixel that a stroke must save.
    """
    ink = model.render(parsed.latents, *images.shape[-2:])
    kept = torch.arange(ink.shape[1], device=ink.device) < parsed.strokes.unsqueeze(-1)

    def squared(kept: Tensor) -> Tensor:
        return (model.composite((ink * kept[..., None, None]).sum(1)) - images).square().mean((-2, -1))

    for t in reversed(range(ink.shape[1])):
        without = kept.clone()
        without[:, t] = False
        dropped = squared(without) < squared(kept) + worth
        kept = torch.where(dropped.unsqueeze(-1), without, kept)
    return _only(model, images, parsed.latents, kept)


def error(images: Float[Tensor, "b h w"], parsed: Parse) -> Float[Tensor, " b"]:
    """Return the mean squared difference of each image from the canvas of its strokes."""
    return (parsed.canvas - images).square().mean((-2, -1))


def _first(inference: Inference) -> Parse:
    return Parse(inference.latents, inference.stop_q.logits.argmax(-1), inference.canvases)


def _redrawn(model: DooD, parsed: Parse, latents: Latents) -> Parse:
    """The same number of strokes with other latents."""
    return Parse(latents, parsed.strokes, model.canvases(latents, *parsed.canvases.shape[-2:]))


def _only(model: DooD, images: Tensor, latents: Latents, kept: Tensor) -> Parse:
    """The strokes that are `kept` [b, t], in their order, and no more than the drawing with most of them needs."""
    most = max(1, int(kept.sum(-1).max()))
    order = torch.sort(kept.to(torch.uint8), dim=1, descending=True, stable=True).indices[:, :most]
    latents = Latents(*(part[torch.arange(len(order)).unsqueeze(-1), order] for part in latents))
    return Parse(latents, kept.sum(-1), model.canvases(latents, *images.shape[-2:]))


def _better(images: Tensor, new: Parse, old: Parse) -> Parse:
    """Of two parses of each image the one with the smaller error."""
    gained = error(images, new) < error(images, old)

    def choose(a: Tensor, b: Tensor) -> Tensor:
        return torch.where(gained.view(-1, *[1] * (a.ndim - 1)), a, b)

    latents = Latents(*(choose(a, b) for a, b in zip(new.latents, old.latents, strict=True)))
    return Parse(latents, choose(new.strokes, old.strokes), choose(new.canvases, old.canvases))
