"""The renderer as the paper writes it, where every pixel looks at every curve sample: for speed and for values."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

import dood.models.appearance
from dood.core.geometry import bernstein, pixel_centres
from dood.core.renderer import HALF, Pen

__all__ = ["dense_renderer", "render_dense"]


def render_dense(points: Tensor, pen: Pen, height: int, width: int, samples: int = 48) -> Tensor:
    """Same as `dood.core.renderer.render`, through an array [*batch, samples, height, width]."""
    curve = bernstein(points.shape[-2], samples, points.device) @ points
    radius = (bernstein(pen.radius.shape[-1], samples, points.device) @ pen.radius.unsqueeze(-1)).squeeze(-1)
    deviation = radius / pen.hardness.unsqueeze(-1)
    segment = (curve[..., 1:, :] - curve[..., :-1, :]).square().sum(-1).add(1e-12).sqrt()
    ends = torch.zeros_like(segment[..., :1])
    length = (torch.cat([segment, ends], -1) + torch.cat([ends, segment], -1)) / 2
    weight = length / (math.sqrt(2 * math.pi) * deviation) + 1 / samples
    gain = HALF * torch.exp(pen.hardness.square() / 2).unsqueeze(-1)
    x = curve[..., 0, None, None] - pixel_centres(width, points.device)
    y = curve[..., 1, None, None] - pixel_centres(height, points.device)[:, None]
    squared = (x.square() + y.square()) / deviation[..., None, None].square()
    return ((gain * weight)[..., None, None] * torch.exp(-squared / 2)).sum(-3)


@contextmanager
def dense_renderer() -> Iterator[None]:
    """Models draw with the dense renderer while the block runs."""
    original = dood.models.appearance.render
    dood.models.appearance.render = render_dense
    try:
        yield
    finally:
        dood.models.appearance.render = original
