"""Drawing on: what a drawing of the ex-post prior has, besides the part of it that is there already.

A drawing that was stopped half-way is not read as the beginning of a whole one is, so the prior cannot simply go on
from its strokes. Instead whole drawings are made up, the one is taken that comes nearest to having the part in it
(approximate Bayesian computation), and what the part has of it already is left out.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from dood.core.geometry import bernstein, section
from dood.core.renderer import Pen
from dood.inference.strokes import Strokes, strokes_of
from dood.models.dood import DooD
from dood.models.latents import Latents

__all__ = ["besides", "completions"]

TRIED = 128
"""Drawings that are made up for each completion."""
SAMPLES = 24
"""Points of a curve that distances are taken between."""
NEAR, LEAST_RADIUS = 2.0, 0.05
"""Curves nearer to the part than so many radii of its pen, itself taken to be at least so thick, are the part's."""
LEAST_SHARE = 1 / 6
"""Less than that of a stroke is not worth adding."""


@torch.no_grad()
def completions(
    model: DooD,
    part: Strokes,
    count: int,
    *,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
) -> Strokes:
    """What might be added to a part of a drawing, in `count` ways.

    Arguments:
        model: one with an ex-post prior.
        part: a batch of one, with at least one stroke.
        temperature: factor of the Gaussians' deviations.
    """
    prior = model.expost
    assert prior is not None
    picture, known = part.canvas(model.config.resolution)[0].clamp(max=1), _points(part)
    latents, counts = [], []
    for _ in range(count):
        tried, mask = prior.sample(TRIED, model.config.strokes, temperature, generator, picture)
        best = _distance(strokes_of(model, tried, mask.sum(-1)), known).argmin(-1, keepdim=True)
        latents.append(tried.flat()[best])
        counts.append(mask.sum(-1)[best])
    return besides(strokes_of(model, Latents.from_flat(torch.cat(latents)), torch.cat(counts)), part)


def besides(wholes: Strokes, part: Strokes) -> Strokes:
    """Strokes less what of them runs along those of a part, a batch of one; drawn with the part's pen.

    Of each stroke its longest stretch away from the part is left, and joined to the part where it was cut.
    """
    curves, known = _curves(wholes), _points(part)
    radius, hardness = part.pen.radius[part.mask].mean(0), part.pen.hardness[part.mask].mean()
    gap = torch.cdist(curves.flatten(1, 2), known.expand(len(curves), -1, -1)).amin(-1).unflatten(-1, (-1, SAMPLES))
    begin, end = _longest_run(gap > NEAR * radius.mean().clamp(min=LEAST_RADIUS))
    mask = wholes.mask & (end - begin >= LEAST_SHARE * SAMPLES)
    first, last = (begin - 1).clamp(min=0), end.clamp(max=SAMPLES - 1)
    points = section(wholes.points, first / (SAMPLES - 1), last / (SAMPLES - 1))
    for at, cut in ((0, begin > 0), (-1, end < SAMPLES)):
        points[..., at, :] = torch.where(cut.unsqueeze(-1), _nearest(points[..., at, :], known), points[..., at, :])
    return Strokes(points, Pen(radius.expand(*mask.shape, -1), hardness.expand(mask.shape)), mask)


def _distance(wholes: Strokes, known: Float[Tensor, "n 2"]) -> Float[Tensor, " b"]:
    """How far the part is from lying in each drawing: root mean square over its points."""
    curves = _curves(wholes).masked_fill(~wholes.mask[..., None, None], torch.inf)
    gap = (known[:, None] - curves.flatten(1, 2)[:, None]).square().sum(-1).amin(-1)
    return gap.mean(-1).sqrt()


def _nearest(points: Float[Tensor, "b t 2"], known: Float[Tensor, "n 2"]) -> Float[Tensor, "b t 2"]:
    return known[torch.cdist(points, known.expand(len(points), -1, -1)).argmin(-1)]


def _points(part: Strokes) -> Float[Tensor, "n 2"]:
    return _curves(part)[part.mask].flatten(0, 1)


def _curves(strokes: Strokes) -> Float[Tensor, "b t s 2"]:
    points = strokes.points
    return bernstein(points.shape[-2], SAMPLES, points.device, points.dtype) @ points


def _longest_run(flags: Bool[Tensor, "*b s"]) -> tuple[Int[Tensor, "*b"], Int[Tensor, "*b"]]:
    """Where the longest stretch of true ones begins, and where it has ended."""
    run = longest = end = torch.zeros_like(flags[..., 0], dtype=torch.long)
    for i in range(flags.shape[-1]):
        run = (run + 1) * flags[..., i]
        end = torch.where(run > longest, i + 1, end)
        longest = torch.maximum(run, longest)
    return end - longest, end
