"""What the strokes that were found leave of a picture, put down as further strokes: dots above all.

A recognition model that learned lines overlooks dots: it has met few pictures that consist of them.
"""

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from dood.core.geometry import pixel_centres
from dood.core.renderer import Pen
from dood.inference.strokes import Strokes

__all__ = ["with_leftovers"]

LEFT = 0.4
"""A pixel is left over where the picture has so much more ink than the strokes."""
LEAST_INK = 2.5
"""Ink of the smallest leftover, in pixels at 50 x 50: a dot of Omniglot has five."""
MOST = 12
"""Leftovers of a picture that are put down, the largest ones."""
HARDNESS = 2.0
"""Of the pen, between a pencil's and a marker's."""
UNIT = 50

Line = tuple[NDArray[np.float64], NDArray[np.float64], float]
"""Both ends and the radius, in half canvases."""


@torch.no_grad()
def with_leftovers(found: Strokes, images: Float[Tensor, "b n n"]) -> Strokes:
    """Return drawings with a straight stroke more for each connected piece of ink that they miss.

    The stroke has the piece's mean and covariance: a disc of radius r has variance r^2 / 4 along any axis, a pen of
    that radius along a line of length l has l^2 / 12 more along it.

    Arguments:
        images: ink in [0, 1], of which `found` are the strokes.
    """
    left = (images - found.canvas(images.shape[-1])).clamp(min=0)
    lines = [_lines(each) for each in left.numpy().astype(float)]
    most = max(map(len, lines))
    if not most:
        return found
    batch, _, controls = found.points.shape[:3]
    points = found.points.new_zeros(batch, most, controls, 2)
    radius, mask = found.pen.radius.new_full((batch, most, found.pen.radius.shape[-1]), 0.05), torch.zeros(batch, most)
    along = torch.linspace(0, 1, controls).unsqueeze(-1)
    for b, pieces in enumerate(lines):
        for t, (start, end, thick) in enumerate(pieces):
            first, last = (torch.from_numpy(place).to(points) for place in (start, end))
            points[b, t] = first + along * (last - first)
            radius[b, t], mask[b, t] = thick, 1
    pen = Pen(
        torch.cat([found.pen.radius, radius], 1),
        torch.cat([found.pen.hardness, found.pen.hardness.new_full((batch, most), HARDNESS)], 1),
    )
    return _counted_first(Strokes(torch.cat([found.points, points], 1), pen, torch.cat([found.mask, mask.bool()], 1)))


def _counted_first(strokes: Strokes) -> Strokes:
    """The same drawings, each with the strokes that count first: what pads it then has no say in its tokens."""
    most = max(1, int(strokes.mask.sum(-1).max()))
    order = torch.sort(strokes.mask.to(torch.uint8), dim=1, descending=True, stable=True).indices[:, :most]
    rows = torch.arange(len(order)).unsqueeze(-1)
    pen = Pen(strokes.pen.radius[rows, order], strokes.pen.hardness[rows, order])
    return Strokes(strokes.points[rows, order], pen, strokes.mask[rows, order])


def _lines(left: NDArray[np.float64]) -> list[Line]:
    """The pieces of what is left of a picture as lines, the largest first."""
    pieces = np.zeros(left.shape, np.int32)
    ndimage.label(left > LEFT, np.ones((3, 3)), output=pieces)
    ink = ndimage.sum_labels(left, pieces, np.arange(1, pieces.max() + 1)) * (UNIT / left.shape[-1]) ** 2
    largest = np.argsort(-ink, kind="stable")[:MOST]
    return [_line(np.where(pieces == 1 + i, left, 0)) for i in largest if ink[i] >= LEAST_INK]


def _line(ink: NDArray[np.float64]) -> Line:
    centres = pixel_centres(ink.shape[-1], dtype=torch.float64).numpy()
    y, x = (centres[axis] for axis in np.nonzero(ink))
    weight, places = ink[ink > 0], np.stack([x, y], 1)
    middle = np.average(places, axis=0, weights=weight)
    variances, axes = np.linalg.eigh(np.cov(places.T, aweights=weight, ddof=0) + 1e-9 * np.eye(2))
    half = np.sqrt(3 * max(variances[1] - variances[0], 0.0)) * axes[:, 1]
    return middle - half, middle + half, max(2 * float(np.sqrt(variances[0])), 1 / ink.shape[-1])
