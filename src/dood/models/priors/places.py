"""Places where a stroke may begin or end: along the strokes before it, and for its end its own start."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from dood.core.geometry import bernstein
from dood.models.priors.coordinates import HALF

__all__ = ["EARLIER", "END_PLACE", "PLACE", "Places", "before", "marked", "places_along", "places_of_end"]

EARLIER = 7
"""Strokes before the present one that a stroke can begin or end at."""
ALONG = 6
"""Places of each, evenly spaced parameters of its curve, with both ends."""
PLACE = 2 + 2 + 3 + 1 + EARLIER
"""Features of a place: it, the direction there, whether start, end or between, the speed, and whose place it is."""
END_PLACE = PLACE + 3
"""Features of a place for an end: how far it is from the start, too."""


class Places(NamedTuple):
    """Places on the canvas, in half canvases.

    Attributes:
        at: [n, p, 2].
        direction: [n, p, 2], of the curve there; unit vectors.
        features: [n, p, f], what the weights depend on.
        present: [n, p], whether there is such a stroke.
    """

    at: Tensor
    direction: Tensor
    features: Tensor
    present: Tensor


def marked(points: Float[Tensor, "*b p 2"]) -> Float[Tensor, "*b w"]:
    """Return the control points of strokes, then a 1, which says that there is a stroke."""
    flat = points.flatten(-2)
    return torch.cat([flat, torch.ones_like(flat[..., :1])], -1)


def before(points: Float[Tensor, "b t p 2"]) -> Float[Tensor, "b t s w"]:
    """Return for each stroke those before it, `marked`, the latest first; zeros where there is none."""
    shifted = functional.pad(marked(points), (0, 0, EARLIER, 0))[:, :-1]
    return shifted.unfold(1, EARLIER, 1).flip(-1).transpose(-1, -2)


def places_along(earlier: Float[Tensor, "n s w"]) -> Places:
    """Return places of earlier strokes, as `before` has them."""
    points, present = earlier[..., :-1].unflatten(-1, (-1, 2)), earlier[..., -1] > HALF
    control, slots = points.shape[-2], points.shape[1]
    at = bernstein(control, ALONG, points.device, points.dtype) @ points
    speed = bernstein(control - 1, ALONG, points.device, points.dtype) @ points.diff(dim=-2) * (control - 1)
    length = speed.norm(dim=-1, keepdim=True).clamp(min=1e-3)
    direction = speed / length
    kind = functional.one_hot(torch.tensor([0, *[2] * (ALONG - 2), 1], device=points.device), 3).to(points.dtype)
    whose = functional.one_hot(torch.arange(slots, device=points.device), EARLIER).to(points.dtype)
    same = (points.shape[0], slots, ALONG)
    parts = [at / HALF, direction, kind.expand(*same, -1), length.log(), whose.unsqueeze(-2).expand(*same, -1)]
    features = torch.cat(parts, -1).flatten(1, 2)
    there = present.unsqueeze(-1).expand(same).flatten(1)
    return Places(at.flatten(1, 2), direction.flatten(1, 2), features, there)


def places_of_end(start: Float[Tensor, "n 2"], places: Places) -> Places:
    """Return places for the end of a stroke: its own start is one too, and of each it matters how far away it is."""
    own = start.unsqueeze(1)
    at = torch.cat([places.at, own], 1)
    itself = torch.cat([own / HALF, torch.ones_like(own[..., :1]), own.new_zeros(*own.shape[:2], PLACE - 3)], -1)
    away = (at - own) / HALF
    features = torch.cat([torch.cat([places.features, itself], 1), away, away.norm(dim=-1, keepdim=True)], -1)
    right = torch.stack([torch.ones_like(start[:, :1]), torch.zeros_like(start[:, :1])], -1)
    direction = torch.cat([places.direction, right], 1)
    present = torch.cat([places.present, torch.ones_like(places.present[:, :1])], 1)
    return Places(at, direction, features, present)
