"""From rasters to strokes: the posterior's best guess, the best of several samples, and refinement by gradient."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from dood.models.dood import DooD, Trace
from dood.models.latents import Latents
from dood.renderer import composite

__all__ = ["Parse", "parse", "refine"]

REFINE_RATE = 0.01


class Parse(NamedTuple):
    """The strokes of a batch of drawings.

    Attributes:
        latents: [b, t, ...], as the model has them.
        strokes: [b], how many of the t count, the first ones.
    """

    latents: Latents
    strokes: Int[Tensor, " b"]

    def used(self) -> Tensor:
        """Which strokes count, bool [b, t]."""
        return torch.arange(self.latents.layout.shape[1], device=self.strokes.device) < self.strokes.unsqueeze(-1)


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
        samples: with 1, the posterior's mean; with more, the best of that and samples - 1 posterior samples by the squared
            error of what they draw.
    """
    best, least = _first(model(images, strokes=strokes, mean=True), images)
    for _ in range(samples - 1):
        other, error = _first(model(images, strokes=strokes, generator=generator), images)
        better = error < least
        least = torch.where(better, error, least)
        best = Parse(
            Latents(*(_choose(better, new, old) for new, old in zip(other.latents, best.latents, strict=True))),
            torch.where(better, other.strokes, best.strokes),
        )
    return best


def canvas(model: DooD, parsed: Parse, size: int) -> Float[Tensor, "b {size} {size}"]:
    """What a parse draws, on `size` x `size` pixels."""
    ink = model.render(parsed.latents, size, size)
    return composite((ink * parsed.used()[..., None, None]).sum(1))


def refine(model: DooD, images: Float[Tensor, "b h w"], parsed: Parse, steps: int) -> Parse:
    """Fit the strokes' points and pens to the image by gradient descent on the squared error.

    The number of strokes stays, and a drawing that did not gain keeps what it had.

    Arguments:
        steps: of Adam, all images at once.
    """
    start = _error(canvas(model, parsed, images.shape[-1]), images)
    points, pen = (part.clone().requires_grad_() for part in (parsed.latents.points, parsed.latents.pen))
    fitted = parsed._replace(latents=parsed.latents._replace(points=points, pen=pen))
    optimiser = torch.optim.Adam([points, pen], lr=REFINE_RATE)
    with torch.enable_grad():
        for _ in range(steps):
            optimiser.zero_grad()
            _error(canvas(model, fitted, images.shape[-1]), images).sum().mul(100).backward()
            optimiser.step()
    with torch.no_grad():
        better = _error(canvas(model, fitted, images.shape[-1]), images) < start
    latents = (_choose(better, new.detach(), old) for new, old in zip(fitted.latents, parsed.latents, strict=True))
    return Parse(Latents(*latents), parsed.strokes)


def _first(trace: Trace, images: Tensor) -> tuple[Parse, Tensor]:
    """The parse of a trace with its most probable number of strokes, and the squared error of its canvas."""
    count = trace.stop_q.logits.argmax(-1)
    drawn = trace.canvases[torch.arange(len(images)), count]
    return Parse(trace.latents, count), _error(drawn, images)


def _error(drawn: Tensor, images: Tensor) -> Float[Tensor, " b"]:
    return (drawn - images).square().mean((-2, -1))


def _choose(better: Tensor, new: Tensor, old: Tensor) -> Tensor:
    return torch.where(better.view(-1, *[1] * (new.ndim - 1)), new, old)
