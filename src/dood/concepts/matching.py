"""How well a character explains an image: a search for its token that matches the image best (paper 3.2)."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from dood.concepts.parts import Parts, random_part_tokens, token_parts
from dood.concepts.tokens import Spreads, Token, deformation, log_density, random_tokens, token_strokes
from dood.core.geometry import pixel_centres, shrink
from dood.inference.strokes import Strokes

__all__ = [
    "COARSE",
    "FINE",
    "UNIT",
    "Stage",
    "Types",
    "aligned",
    "best_scores",
    "blank_scores",
    "mismatch",
    "move",
    "pair_scores",
    "score",
]

Types = Strokes | Parts
"""Characters, of strokes or of parts."""


class Stage(NamedTuple):
    """A part of the search.

    Attributes:
        steps: of Adam, all pairs at once.
        side: pixels of the canvases that are compared.
        samples: points of each curve; half as many of cubic pieces, which are short.
        blur: standard deviation in half canvases that both are blurred by, at the first step and at the last: what is
            far from its place at first still finds it.
    """

    steps: int
    side: int
    samples: int
    blur: tuple[float, float]

    def canvas(self, types: "Types", side: int) -> Float[Tensor, "b {side} {side}"]:
        """The canvas of drawings, rendered with as many samples as they need."""
        short = isinstance(types, Strokes) and types.points.shape[2] == PIECE
        return types.canvas(side, self.samples // 2 if short else self.samples)


COARSE = Stage(steps=25, side=28, samples=16, blur=(0.12, 0.05))
FINE = Stage(steps=50, side=50, samples=24, blur=(0.08, 0.04))
COMPARED = ((0.032, 0.6), (0.14, 0.25))
"""Blurs of the final comparison, and their weights. At the finer one lines that lie beside one another differ, which a
hand does not do twice in the same way; at the coarser one what is missing altogether still does."""
RATE, LAST_RATE = 0.3, 0.1
"""Learning rate, in standard deviations of a token's numbers, and the share of it that the last step has."""
UNIT = 50
"""Mismatch is in pixels of a canvas with so many on a side, whatever the resolution."""
KEPT = 8
"""Characters for each image that are worth the fine stage."""
ROWS = 128
"""Pairs that are moved at once: of 512 the fine stage takes up to 1.7 times as long, of 16 1.5 times."""
PIECE = 4
"""Control points of the cubic pieces of `dood.concepts.traced`; strokes that models draw have others."""


@torch.no_grad()
def best_scores(
    types: Types, images: Float[Tensor, "n h w"], *, spreads: Spreads | None = None, kept: int = KEPT
) -> Float[Tensor, "n b"]:
    """Return a score of each image and each of b types: that of the best token of the type that is found.

    The score is the token's log prior density minus the weighted squared error of its canvas at two blurs, up to a
    constant. It stands in for a log joint density of image and token.

    Arguments:
        images: ink in [0, 1].
        spreads: how far tokens are from their type.
        kept: the types for each image that come to the fine stage; the others score minus infinity.
    """
    number = len(types.mask)
    kept, whole = min(kept, number), torch.arange(len(images) * number)
    search = _Search(types, images, spreads or Spreads(), whole % number, whole // number)
    search.advance(whole, COARSE)
    coarse = search.scores.view(-1, number)
    best = coarse.topk(kept).indices
    chosen = (best + number * torch.arange(len(images)).unsqueeze(-1)).flatten()
    search.advance(chosen, FINE)
    return torch.full_like(coarse, -math.inf).scatter(1, best, search.scores[chosen].view(-1, kept))


@torch.no_grad()
def pair_scores(types: Types, images: Float[Tensor, "b h w"], *, spreads: Spreads | None = None) -> Float[Tensor, " b"]:
    """As `best_scores`, but of each image and the one type that stands beside it, through both stages."""
    rows = torch.arange(len(images))
    search = _Search(types, images, spreads or Spreads(), rows, rows)
    for stage in (COARSE, FINE):
        search.advance(rows, stage)
    return search.scores


class _Search:
    """Pairs of types and images: their tokens, and scores [p] so far.

    Arguments:
        spreads: how far tokens are from their type.
        type_of, image_of: which type and which image each of p pairs is of.
    """

    def __init__(
        self,
        types: Types,
        images: Float[Tensor, "n h w"],
        spreads: Spreads,
        type_of: Int[Tensor, " p"],
        image_of: Int[Tensor, " p"],
    ) -> None:
        self.types, self.images, self.spreads, self.type_of, self.image_of = types, images, spreads, type_of, image_of
        self.token = Token(*(part[type_of] for part in _still(types)))
        self.scores = torch.zeros(len(type_of))
        # Alignment moves a character as a whole; its strokes stay as they are in the type.
        for rows, some, targets in self.batches(torch.arange(len(type_of))):
            self.token.whole[rows] = aligned(some, targets, spreads).whole

    def advance(self, pairs: Int[Tensor, " k"], stage: Stage) -> None:
        """Move the tokens of some pairs, and score them."""
        for rows, types, targets in self.batches(pairs):
            number = _still(types).points.shape[1]
            token = Token(self.token.points[rows, :number], self.token.whole[rows])
            token = move(types, targets, token, self.spreads, stage)
            self.token.points[rows, :number], self.token.whole[rows] = token
            self.scores[rows] = score(types, targets, token, self.spreads)

    def batches(self, pairs: Int[Tensor, " k"]) -> Iterator[tuple[Int[Tensor, " m"], Types, Float[Tensor, "m h w"]]]:
        """Some pairs at a time, those of short types together: none is padded to the longest of all."""
        length = self.types.mask.sum(-1)[self.type_of[pairs]]
        for rows in pairs[length.argsort(stable=True)].split(ROWS):
            yield rows, self.types.rows(self.type_of[rows]).trimmed(), self.images[self.image_of[rows]]


def blank_scores(images: Float[Tensor, "n h w"]) -> Float[Tensor, " n"]:
    """Return what an empty canvas, which costs nothing, would score for each image."""
    blank = torch.zeros_like(images)
    return torch.stack([-weight * mismatch(blank, images, blur) for blur, weight in COMPARED]).sum(0)


@torch.no_grad()
def aligned(types: Types, images: Float[Tensor, "b h w"], spreads: Spreads) -> Token:
    """Tokens of types that are where the ink of the images is, and as wide and tall."""
    token = _still(types)
    (centre, reach), (target, far) = (_moments(ink) for ink in (types.canvas(COARSE.side), images))
    growth = (far / reach).log().clamp(-0.5, 0.5)
    token.whole[:, :2] = (target - centre) / spreads.shift
    token.whole[:, 2] = growth.mean(-1) / spreads.size
    token.whole[:, 3] = (growth[:, 0] - growth[:, 1]) / spreads.aspect
    return token


def move(types: Types, images: Float[Tensor, "b h w"], token: Token, spreads: Spreads, stage: Stage) -> Token:
    """Improve each token's log prior density minus its squared error, by Adam."""
    token = Token(*(part.detach().clone().requires_grad_() for part in token))
    matrix = deformation(types, spreads) if isinstance(types, Strokes) else None
    target = shrink(images, stage.side)
    optimiser = torch.optim.Adam(list(token), lr=RATE, betas=(0.9, 0.95))
    with torch.enable_grad():
        for step in range(stage.steps):
            done = step / max(1, stage.steps - 1)
            optimiser.param_groups[0]["lr"] = RATE * LAST_RATE**done
            blur = stage.blur[0] * (stage.blur[1] / stage.blur[0]) ** done
            canvas = stage.canvas(_token(types, token, spreads, matrix), stage.side)
            loss = mismatch(canvas, target, blur) - log_density(token)
            optimiser.zero_grad()
            loss.sum().backward()
            optimiser.step()
    return Token(*(part.detach() for part in token))


@torch.no_grad()
def score(types: Types, images: Float[Tensor, "b h w"], token: Token, spreads: Spreads) -> Float[Tensor, " b"]:
    """Return the score of images and tokens: log prior density minus weighted squared errors."""
    canvas = FINE.canvas(_token(types, token, spreads), images.shape[-1])
    return log_density(token) - sum(weight * mismatch(canvas, images, blur) for blur, weight in COMPARED)


def _still(types: Types) -> Token:
    """The token that is its type."""
    if isinstance(types, Strokes):
        return random_tokens(types, temperature=0.0)
    return random_part_tokens(types, temperature=0.0)


def _token(types: Types, token: Token, spreads: Spreads, matrix: Float[Tensor, "b n n"] | None = None) -> Types:
    if isinstance(types, Strokes):
        return token_strokes(types, token, spreads, matrix)
    return token_parts(types, token, spreads)


def mismatch(canvas: Float[Tensor, "b n n"], images: Float[Tensor, "b n n"], blur: float) -> Float[Tensor, " b"]:
    """Squared difference of blurred images, summed over pixels; that of white noise is the same for every blur."""
    side = images.shape[-1]
    matrix = _blur_matrix(side, blur).to(images)
    difference = matrix @ (canvas - images) @ matrix.T
    return difference.square().sum((1, 2)) * (UNIT / side) ** 2 * math.pi * (blur * UNIT) ** 2


def _blur_matrix(side: int, blur: float) -> Float[Tensor, "n n"]:
    """Gaussian blur of one axis; apply as `B @ image @ B.T`."""
    centres = pixel_centres(side)
    weight = torch.exp(-0.5 * ((centres[:, None] - centres) / blur).square())
    return weight / weight.sum(1, keepdim=True)


def _moments(images: Float[Tensor, "b n n"]) -> tuple[Float[Tensor, "b 2"], Float[Tensor, "b 2"]]:
    """Mean and standard deviation of where the ink is, along x and y."""
    centres = pixel_centres(images.shape[-1]).to(images)
    along = torch.stack([images.sum(-2), images.sum(-1)], 1)
    share = along / along.sum(-1, keepdim=True).clamp(min=1e-6)
    mean = share @ centres
    return mean, ((share @ centres.square()) - mean.square()).clamp(min=1e-4).sqrt()
