"""Types and tokens: a character, and new examples of it (paper 3.2; Lake et al., 2015).

A type is a set of strokes. A token of it is the same strokes after a smooth deformation, which keeps together what lies
together, a little noise on every control point, an affine map of the whole, and another pressure of the pen.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dood.concepts.spreads import WHOLE, WHOLE_SPREADS, Spreads
from dood.inference.strokes import Strokes

__all__ = [
    "WHOLE",
    "WHOLE_SPREADS",
    "Spreads",
    "Token",
    "affine",
    "deformation",
    "log_density",
    "random_tokens",
    "token_strokes",
]


class Token(NamedTuple):
    """How a token departs from its type, in standard deviations: zero is the type itself.

    Attributes:
        points: [b, t * p, 2], of deformation and noise, whitened; of parts [b, t, d], the noise on their codes.
        whole: [b, 7], shift x and y, size, aspect, shear, angle and pen.
    """

    points: Float[Tensor, "b n d"]
    whole: Float[Tensor, "b 7"]


def random_tokens(types: Strokes, *, temperature: float = 1.0, generator: torch.Generator | None = None) -> Token:
    """Sample one token of each type, from the prior with its deviations times `temperature`."""
    batch, strokes, controls = types.points.shape[:3]
    points = torch.randn(batch, strokes * controls, 2, generator=generator)
    return Token(temperature * points, temperature * torch.randn(batch, WHOLE, generator=generator))


def log_density(token: Token) -> Float[Tensor, " b"]:
    """Return the log prior density of a token up to a constant, in the whitened coordinates."""
    return -0.5 * (token.points.square().sum((1, 2)) + token.whole.square().sum(1))


def deformation(types: Strokes, spreads: Spreads) -> Float[Tensor, "b n n"]:
    """Return the matrix that maps white noise to displacements of all t * p control points, along each axis.

    It is the Cholesky factor of a Gaussian process: neighbours move alike, so strokes that meet still meet.
    """
    flat, (strokes, controls) = types.points.flatten(1, 2), types.points.shape[1:3]
    near = torch.exp(-0.5 * torch.cdist(flat, flat).square() / spreads.reach**2)
    which = torch.arange(strokes, device=flat.device).repeat_interleave(controls)
    same = (which[:, None] == which).to(flat.dtype)
    # Points that coincide move as one: without a little noise the matrix would have no square root.
    noise = spreads.point**2 + 1e-4 * (spreads.bend**2 + spreads.stroke**2) + 1e-12
    covariance = spreads.bend**2 * near + spreads.stroke**2 * same
    return torch.linalg.cholesky(covariance + noise * torch.eye(len(which), device=flat.device))


def token_strokes(
    types: Strokes, token: Token, spreads: Spreads, matrix: Float[Tensor, "b n n"] | None = None
) -> Strokes:
    """Return the strokes of tokens: the type's, deformed, mapped as a whole, and with another pen.

    Arguments:
        matrix: `deformation(types, spreads)`, where it is known already.
    """
    matrix = deformation(types, spreads) if matrix is None else matrix
    moved = types.points + (matrix @ token.points).view_as(types.points)
    centre = _centre(types)[:, None, None]
    shift = spreads.shift * token.whole[:, :2]
    points = (moved - centre) @ affine(token, spreads).mT.unsqueeze(1) + centre + shift[:, None, None]
    thicker = torch.exp(spreads.pen * token.whole[:, 6])[:, None, None]
    return Strokes(points, types.pen._replace(radius=types.pen.radius * thicker), types.mask)


def _centre(types: Strokes) -> Float[Tensor, "b 2"]:
    """Mean of the control points of the strokes that count."""
    weight = types.mask[..., None, None].to(types.points.dtype)
    number = weight.sum((1, 2)) * types.points.shape[2]
    return (types.points * weight).sum((1, 2)) / number.clamp(min=1)


def affine(token: Token, spreads: Spreads) -> Float[Tensor, "b 2 2"]:
    """Return the linear map of the whole: rotation times shear times scales of x and y."""
    size, aspect, shear, angle = token.whole[:, 2:6].unbind(-1)
    size, aspect = spreads.size * size, 0.5 * spreads.aspect * aspect
    wide, tall = torch.exp(size + aspect), torch.exp(size - aspect)
    shear, angle = spreads.shear * shear, spreads.angle * angle
    zero = torch.zeros_like(wide)
    sheared = torch.stack([wide, shear * tall, zero, tall], -1).unflatten(-1, (2, 2))
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], -1).unflatten(-1, (2, 2))
    return turn @ sheared
