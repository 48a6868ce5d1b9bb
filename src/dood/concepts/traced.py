"""Characters as tracing reads them: the cubic pieces of a pen's way, moved until their canvas is the picture."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from dood.core.renderer import Pen
from dood.errors import DoodError
from dood.inference.strokes import Strokes
from dood.pictures import Picture, Placement
from dood.tracing.cubics import Chain
from dood.tracing.linking import by_hand
from dood.tracing.trace import Options, trace

__all__ = ["Pieces", "as_strokes", "pieces_of", "traced_types"]

MOST = 40
"""Pieces of a picture: those of a character are some ten, and the search for tokens takes their number to the third."""
SIMPLIFY = (0.08, 0.16, 0.32, 0.64)
"""How far pieces may stray from the ink, in pen widths: further where there would be more of them than `MOST`."""
HARDNESS = 1.5
"""Of the pen, before it is improved."""
STEPS, RATE, LAST_RATE = 30, 0.2, 0.1
"""Of Adam, its learning rate in units of `PLACE` and `PEN`, and the share of it that the last step has."""
PLACE, PEN, WEIGHT = 0.03, 0.2, 10.0
"""Standard deviations of control points, in half canvases, and of the logarithms of radius and hardness; and how much
the squared error of the canvas counts beside them. All were chosen on background alphabets of Omniglot."""
SAMPLES = 24
AT_ONCE = 5
"""Drawings that are improved at once, of about as many pieces: none is padded to the longest of all."""
TOUCHING = 1e-4


class Pieces(NamedTuple):
    """Cubic pieces of a picture's strokes, on the canvas.

    Attributes:
        points: [n, 4, 2], Bezier control points in half canvases; of a dot all four are the same.
        radius: [n], of the pen, in half canvases.
    """

    points: NDArray[np.float64]
    radius: NDArray[np.float64]


def pieces_of(picture: Picture, placement: Placement) -> Pieces:
    """Trace a picture; where no line is dark enough to follow there are no pieces.

    Strokes are joined by hand-written rules, not by what was learned from the pen paths of characters.

    Arguments:
        placement: where the canvas lies in the picture.
    """
    pieces = Pieces(np.zeros((0, 4, 2)), np.zeros(0))
    for simplify in SIMPLIFY:
        try:
            chains = trace(picture.ink, Options(simplify=simplify), by_hand)
        except DoodError:
            return pieces
        pieces = _placed(chains, picture.block, placement)
        if len(pieces.radius) <= MOST:
            return pieces
    length = np.hypot(*np.moveaxis(np.diff(pieces.points, axis=1), -1, 0)).sum(1)
    longest = np.sort(np.argsort(-length)[:MOST])
    return Pieces(pieces.points[longest], pieces.radius[longest])


def _placed(chains: Sequence[Chain], block: int, placement: Placement) -> Pieces:
    """The pieces of chains in values of ink, each with the mean width of its stroke."""
    points = [_controls(chain) for chain in chains]
    widths = np.repeat([chain.widths.mean() for chain in chains], [len(each) for each in points])
    placed = placement.to_canvas(np.concatenate([np.zeros((0, 4, 2)), *points]) * block)
    return Pieces(placed, placement.length_to_canvas(widths * block) / placement.pen / 2)


def _controls(chain: Chain) -> NDArray[np.float64]:
    """Control points [m, 4, 2] of a chain's pieces; a dot is one."""
    if len(chain.points) == 1:
        return np.repeat(chain.points, 4, 0)[None]
    return chain.points[3 * np.arange(len(chain.points) // 3)[:, None] + np.arange(4)]


def traced_types(found: Sequence[Pieces], images: Float[Tensor, "b n n"]) -> Strokes:
    """Return the drawings of pieces, each piece a stroke, improved until their canvases are near the images.

    Control points, radius and hardness go down the gradient of the squared error, held back by a Gaussian around what
    was traced; ends that touched still do.

    Arguments:
        images: ink in [0, 1].
    """
    types = as_strokes(found)
    points, radius, hardness = (part.clone() for part in (types.points, *types.pen))
    for rows in types.mask.sum(-1).argsort(stable=True).split(AT_ONCE):
        better = _improved(types.rows(rows).trimmed(), images[rows])
        most = better.points.shape[1]
        points[rows, :most], radius[rows, :most], hardness[rows, :most] = better.points, *better.pen
    return Strokes(points, Pen(radius, hardness), types.mask)


def as_strokes(found: Sequence[Pieces]) -> Strokes:
    """The drawings of pieces as they were traced, each piece a stroke."""
    most = max(1, *(len(each.radius) for each in found))
    points, radius = torch.zeros(len(found), most, 4, 2), torch.full((len(found), most, 1), 0.05)
    mask = torch.zeros(len(found), most, dtype=torch.bool)
    for b, each in enumerate(found):
        number = len(each.radius)
        points[b, :number] = torch.from_numpy(each.points).float()
        radius[b, :number, 0] = torch.from_numpy(each.radius).float()
        mask[b, :number] = True
    return Strokes(points, Pen(radius, torch.full((len(found), most), HARDNESS)), mask)


def _improved(types: Strokes, images: Float[Tensor, "b n n"]) -> Strokes:
    shapes = (types.points.shape, types.pen.radius.shape, types.pen.hardness.shape)
    own = [torch.zeros(shape, requires_grad=True) for shape in shapes]
    shared = [torch.zeros(len(images), *[1] * (len(shape) - 1), requires_grad=True) for shape in shapes[1:]]
    optimiser = torch.optim.Adam([*own, *shared], betas=(0.9, 0.95))
    with torch.enable_grad():
        for step in range(STEPS):
            optimiser.param_groups[0]["lr"] = RATE * LAST_RATE ** (step / STEPS)
            error = (_changed(types, own, shared).canvas(images.shape[-1], SAMPLES) - images).square().sum()
            loss = WEIGHT * error + 0.5 * sum(part.square().sum() for part in own)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        changed = _changed(types, own, shared)
        return changed._replace(points=_meeting(types.points, changed.points))


def _changed(types: Strokes, own: list[Tensor], shared: list[Tensor]) -> Strokes:
    """The strokes with the control points and pens of each changed, and the pens of all of a drawing."""
    points, radius, hardness = own
    thicker = (PEN * (radius + shared[0])).exp()
    harder = (PEN * (hardness + shared[1])).clamp(-1, 1).exp()
    return Strokes(
        types.points + PLACE * points, Pen(types.pen.radius * thicker, types.pen.hardness * harder), types.mask
    )


def _meeting(before: Float[Tensor, "b t 4 2"], points: Float[Tensor, "b t 4 2"]) -> Float[Tensor, "b t 4 2"]:
    """Control points, where a piece began at the end of the one before at the middle of where both are now."""
    touching = (before[:, 1:, 0] - before[:, :-1, 3]).norm(dim=-1, keepdim=True) < TOUCHING
    middle = (points[:, 1:, 0] + points[:, :-1, 3]) / 2
    met = points.clone()
    met[:, 1:, 0] = torch.where(touching, middle, points[:, 1:, 0])
    met[:, :-1, 3] = torch.where(touching, middle, points[:, :-1, 3])
    return met
