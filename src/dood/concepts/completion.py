"""Completions of a part of a drawing (paper 3.2, Figure 8).

The paper goes on with the prior, stroke by stroke, and so does a prior here that can. A prior of whole drawings cannot:
what is inferred of an unfinished drawing is not how a whole one begins. Then whole drawings are sampled, the one is
taken that contains the part best (approximate Bayesian computation), and what the part has of it already is left out.
"""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from dood.core.geometry import bernstein, section
from dood.core.renderer import Pen
from dood.errors import DoodError
from dood.inference.strokes import Strokes, strokes_of
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes

__all__ = ["WAYS", "additions", "completions", "remainder"]

WAYS = ("best", "paper")
"""As suits the model's prior; and as in the paper (Figure 8): the recurrent states are those of recognition over the
part, the canvas is what the part draws, and the prior that was learned with the model goes on from there."""

TRIED = 128
"""Whole drawings that are sampled for each completion."""
SAMPLES = 24
"""Points of a curve that distances are taken between."""
NEAR, LEAST_RADIUS = 2.0, 0.05
"""A curve is the part's where it is nearer to it than so many radii of the part's pen, and that pen is taken to be at
least so thick, in half canvases."""
LEAST_SHARE = 1 / 6
"""A smaller share of a stroke is not added."""


@torch.no_grad()
def completions(
    model: DooD,
    given: LatentStrokes,
    count: int,
    *,
    way: str = "best",
    strokes: int | None = None,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
) -> Strokes:
    """Return the strokes that complete a drawing, in `count` ways, without those given.

    Arguments:
        given: a batch of one. Without strokes that count, drawings from the prior are returned.
        way: one of `WAYS`.
        strokes: most strokes that are added; as many as a drawing had in training by default.
        temperature: factor of the Gaussians' deviations.

    Raises:
        DoodError: unknown way, the model has no strokes (AIR has none), or for the paper's way no prior that can go on.
    """
    if way not in WAYS:
        raise DoodError(f"way {way!r} of completing is unknown: use {' or '.join(WAYS)}")
    most = model.config.strokes if strokes is None else strokes
    prior = model.prior.learned_jointly() if way == "paper" else model.prior
    options: dict[str, Any] = {"temperature": temperature, "generator": generator}
    if not given.strokes.any():
        return strokes_of(model, *prior.sample(count, most, **options))
    if way == "paper" or prior.completion == "follow":
        latents = Latents(*(part.expand(count, *part.shape[1:]) for part in given.latents))
        return strokes_of(model, *prior.follow(LatentStrokes(latents, given.strokes.expand(count)), most, **options))
    added = additions(model, strokes_of(model, *given), count, **options)
    return added._replace(mask=added.mask & (added.mask.cumsum(-1) <= most))


def additions(
    model: DooD, part: Strokes, count: int, *, temperature: float = 1.0, generator: torch.Generator | None = None
) -> Strokes:
    """Return what whole drawings that contain a part have besides it, in `count` ways.

    Each is the best of 128 drawings that the prior proposes, by how far the part is from lying in it.

    Arguments:
        part: a batch of one, with at least one stroke.
    """
    picture, known = part.canvas(model.config.resolution)[0].clamp(max=1), _points(part)
    latents, counts = [], []
    for _ in range(count):
        tried = model.prior.propose(picture, TRIED, model.config.strokes, temperature=temperature, generator=generator)
        best = _distance(strokes_of(model, *tried), known).argmin(-1, keepdim=True)
        latents.append(tried.latents.flat()[best])
        counts.append(tried.strokes[best])
    return remainder(strokes_of(model, Latents.from_flat(torch.cat(latents)), torch.cat(counts)), part)


def remainder(wholes: Strokes, part: Strokes) -> Strokes:
    """Return whole drawings without what runs along the strokes of a part, drawn with the part's pen.

    Of each stroke the longest stretch away from the part is left, and joined to the part where it was cut.

    Arguments:
        part: a batch of one, with at least one stroke.
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
    """Return how far the part is from lying in each drawing: the root mean square distance over the part's points."""
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
    """Return where the longest stretch of true flags begins, and the index after its end."""
    run = longest = end = torch.zeros_like(flags[..., 0], dtype=torch.long)
    for i in range(flags.shape[-1]):
        run = (run + 1) * flags[..., i]
        end = torch.where(run > longest, i + 1, end)
        longest = torch.maximum(run, longest)
    return end - longest, end
