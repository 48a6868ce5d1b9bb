"""Curves, similarity transforms and glimpses.

One frame everywhere: the canvas is [-1, 1]^2, x right, y down, and pixel j of n has its centre at (2j + 1)/n - 1, for
the renderer and for glimpses alike.
"""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from dood.core.resampling import resize_weights

__all__ = ["Similarity", "bernstein", "glimpse", "pixel_centres", "resample", "resize_matrix", "shrink"]


def pixel_centres(n: int, device: torch.device | None = None, dtype: torch.dtype | None = None) -> Float[Tensor, "{n}"]:
    """Return the centres (2j + 1) / n - 1 of n pixels along one axis of the canvas."""
    return _table(_pixel_centres, (n,), device, dtype or torch.get_default_dtype())


def bernstein(
    control: int, samples: int, device: torch.device | None = None, dtype: torch.dtype | None = None
) -> Float[Tensor, "{samples} {control}"]:
    """Return the Bernstein basis of degree `control` - 1 at `samples` evenly spaced parameters of [0, 1], with ends.

    `bernstein(p, s) @ points` are `s` points of the Bezier curve with control points `points` [p, 2].
    """
    return _table(_bernstein, (control, samples), device, dtype or torch.get_default_dtype())


def resize_matrix(
    source: int, target: int, device: torch.device | None = None, dtype: torch.dtype | None = None
) -> Float[Tensor, "{target} {source}"]:
    """Return R for antialiased bilinear (triangle filter) resampling of an axis: `R @ image @ R.T` resizes."""
    return _table(_resize_matrix, (source, target), device, dtype or torch.get_default_dtype())


@functools.lru_cache(maxsize=128)
def _table(
    build: Callable[..., Tensor], sizes: tuple[int, ...], device: torch.device | None, dtype: torch.dtype
) -> Tensor:
    # Outside inference mode even when first asked for within it: the table outlives the block, and serves learning too.
    with torch.inference_mode(False):
        return build(*sizes).to(device, dtype)


def _pixel_centres(n: int) -> Tensor:
    return (2 * torch.arange(n, dtype=torch.float64) + 1) / n - 1


def _pixel_points(height: int, width: int) -> Tensor:
    """Homogeneous coordinates [3, height * width] of the pixels' centres, row by row."""
    y, x = torch.meshgrid(_pixel_centres(height), _pixel_centres(width), indexing="ij")
    return torch.stack([x, y, torch.ones_like(x)]).flatten(1)


def _bernstein(control: int, samples: int) -> Tensor:
    degree = control - 1
    u = torch.linspace(0, 1, samples, dtype=torch.float64)[:, None]
    k = torch.arange(control, dtype=torch.float64)
    choose = torch.tensor([math.comb(degree, i) for i in range(control)], dtype=torch.float64)
    return choose * u**k * (1 - u) ** (degree - k)


def _resize_matrix(source: int, target: int) -> Tensor:
    return torch.from_numpy(resize_weights(source, target))


class Similarity(NamedTuple):
    """Scale, rotate, then shift: where a stroke's own frame [-1, 1]^2 lies on the canvas (the layout l_t of the paper).

    Attributes:
        scale: [...], in half canvases.
        shift: [..., 2] (x, y) of the frame's centre, in half canvases.
        angle: [...], radians, from x towards y (clockwise on a screen, since y points down).
    """

    scale: Tensor
    shift: Tensor
    angle: Tensor

    def linear(self) -> Float[Tensor, "*batch 2 2"]:
        """Return the rotation times the scale."""
        cos, sin = self.scale * self.angle.cos(), self.scale * self.angle.sin()
        return torch.stack([cos, -sin, sin, cos], -1).unflatten(-1, (2, 2))

    def apply(self, points: Float[Tensor, "*batch p 2"]) -> Float[Tensor, "*batch p 2"]:
        """Map points from the frame to the canvas."""
        return points @ self.linear().mT + self.shift.unsqueeze(-2)

    def then(self, other: "Similarity") -> "Similarity":
        """Return this map with another one after it."""
        shift = other.apply(self.shift.unsqueeze(-2)).squeeze(-2)
        return Similarity(self.scale * other.scale, shift, self.angle + other.angle)

    def inverse(self) -> "Similarity":
        """Return the map from the canvas to the frame."""
        back = Similarity(1 / self.scale, torch.zeros_like(self.shift), -self.angle)
        return back._replace(shift=-(back.linear() @ self.shift.unsqueeze(-1)).squeeze(-1))


def shrink(images: Float[Tensor, "*b h w"], size: int) -> Float[Tensor, "*b {size} {size}"]:
    """Return images at another size, by antialiased bilinear resampling."""
    rows, columns = (resize_matrix(n, size, images.device, images.dtype) for n in images.shape[-2:])
    return rows @ images @ columns.T


def glimpse(images: Float[Tensor, "b c h w"], frame: Similarity, size: int) -> Float[Tensor, "b c {size} {size}"]:
    """Return the images under the frame, resampled to `size` x `size` pixels; outside the canvas is 0."""
    return resample(images, frame, size, size)


def resample(
    images: Float[Tensor, "b c h w"], where: Similarity, height: int, width: int
) -> Float[Tensor, "b c {height} {width}"]:
    """Sample images at the points that `where` maps the pixel grid on [-1, 1]^2 to; outside the images is 0.

    Spatial Transformer Networks (Jaderberg et al., 2015), bilinear. Differentiable in images and map.
    """
    points = _table(_pixel_points, (height, width), images.device, images.dtype)
    similarity = torch.cat([where.linear(), where.shift.unsqueeze(-1)], -1)
    # One product for the whole batch: `affine_grid`, which makes one for each image, takes ten times as long.
    grid = (similarity.flatten(0, 1) @ points).view(-1, 2, height, width).permute(0, 2, 3, 1)
    return functional.grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
