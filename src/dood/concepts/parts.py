"""Characters without strokes: parts that a network draws from codes (AIR), and tokens of them (paper 3.2, Figure 7).

A token of parts is the same parts with Gaussian noise on their codes, after an affine map of the picture they draw.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from dood.concepts.tokens import WHOLE, Spreads, Token, affine
from dood.core.geometry import pixel_centres
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes
from dood.models.rendering import StrokeRenderer

__all__ = ["Parts", "parts_of", "random_part_tokens", "token_parts"]

CENTRED_AT = 28
"""Side of the canvas that the middle of the ink is taken from."""


class Parts(NamedTuple):
    """The parts of drawings, and where their picture lies on the canvas.

    Attributes:
        found: latents [b, t, ...], of which the first so many count.
        renderer: that draws them.
        turn: [b, 2, 2] and
        shift: [b, 2], the affine map of the picture, y = turn x + shift in half canvases; None for the identity.
    """

    found: LatentStrokes
    renderer: StrokeRenderer
    turn: Tensor | None = None
    shift: Tensor | None = None

    @property
    def mask(self) -> Bool[Tensor, "b t"]:
        """Which of the t parts count."""
        return self.found.mask

    def rows(self, index: Int[Tensor, " n"]) -> "Parts":
        """Return the drawings at `index`."""
        latents = Latents(*(part[index] for part in self.found.latents))
        moved = (None if part is None else part[index] for part in (self.turn, self.shift))
        return Parts(LatentStrokes(latents, self.found.strokes[index]), self.renderer, *moved)

    def trimmed(self) -> "Parts":
        """Return the same drawings without the parts behind the last that counts in any."""
        most = max(1, int(self.found.strokes.max()))
        latents = Latents(*(part[:, :most] for part in self.found.latents))
        return self._replace(found=self.found._replace(latents=latents))

    def canvas(self, side: int, samples: int = 0) -> Float[Tensor, "b {side} {side}"]:
        """Return the canvas of each drawing; `samples` is for curves, and there are none."""
        canvas = self.renderer.composite(self.renderer.counted_ink(self.found, side).sum(1))
        if self.turn is None or self.shift is None:
            return canvas
        back = torch.linalg.inv(self.turn)
        grid = torch.cat([back, -back @ self.shift.unsqueeze(-1)], -1)
        grid = functional.affine_grid(grid, [len(canvas), 1, side, side], align_corners=False)
        return functional.grid_sample(canvas.unsqueeze(1), grid, align_corners=False).squeeze(1)


def parts_of(model: DooD, latents: Latents, number: Int[Tensor, " b"]) -> Parts:
    """Return the parts of latents [b, t, ...], of which the first `number` count, as many as any drawing has."""
    return Parts(LatentStrokes(latents, number), model.renderer).trimmed()


def random_part_tokens(types: Parts, *, temperature: float = 1.0, generator: torch.Generator | None = None) -> Token:
    """Sample one token of each type, from the prior with its deviations times `temperature`.

    Its points are the noise on the codes, whitened, [b, t, d].
    """
    codes = torch.randn(types.found.latents.stroke.shape, generator=generator)
    return Token(temperature * codes, temperature * torch.randn(len(codes), WHOLE, generator=generator))


def token_parts(types: Parts, token: Token, spreads: Spreads) -> Parts:
    """Return the parts of tokens: the type's with other codes, and their picture mapped about the middle of its ink.

    The pen's number does nothing: a picture has no pen.
    """
    latents = types.found.latents
    codes = latents.stroke + spreads.code * token.points
    turn, centre = affine(token, spreads), _middle(types)
    shift = centre - (turn @ centre.unsqueeze(-1)).squeeze(-1) + spreads.shift * token.whole[:, :2]
    return Parts(types.found._replace(latents=latents._replace(stroke=codes)), types.renderer, turn, shift)


@torch.no_grad()
def _middle(types: Parts) -> Float[Tensor, "b 2"]:
    """Where the ink of each picture is, in half canvases; the canvas's middle where there is none."""
    canvas, centres = types.canvas(CENTRED_AT), pixel_centres(CENTRED_AT)
    along = torch.stack([canvas.sum(-2), canvas.sum(-1)], 1)
    return (along / along.sum(-1, keepdim=True).clamp(min=1e-6)) @ centres.to(canvas)
