"""The rough look of a whole drawing, which an ex-post prior decides on before any stroke.

Clusters of images in place of class labels, which nobody has to give (Liu et al., 2020, condition a GAN on such). A
recurrent prior without one strays further from what people draw with every stroke.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from dood.core.geometry import shrink
from dood.core.networks import mlp

__all__ = ["ENTRIES", "Codebook"]

SIDE = 8
"""Of a thumbnail: coarse enough to leave the strokes open."""
ENTRIES, CODE, WIDTH = 1024, 16, 64
SPREAD = 0.15
"""By how much a part's ink may exceed that of a gist. (About their centres, test images vary by 0.07 to 0.12.)"""


class Codebook(nn.Module):
    """A mixture over thumbnails of drawings: centres of k-means, each with its share of the drawings.

    Attributes:
        centres: [g, 64], thumbnails of 8 x 8 pixels, ink in [0, 1].
        share: [g], sums to 1; 0 where there were fewer images than centres.
    """

    centres: Tensor
    share: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("centres", torch.zeros(ENTRIES, SIDE * SIDE))
        self.register_buffer("share", torch.full((ENTRIES,), 1 / ENTRIES))
        self.code = nn.Embedding(ENTRIES, CODE)
        nn.init.normal_(self.code.weight, std=0.3)
        self.net = mlp(SIDE * SIDE + CODE, 4 * WIDTH, WIDTH)

    def forward(self, entries: Int[Tensor, " b"]) -> Float[Tensor, "b w"]:
        """What the strokes get to know of a gist."""
        return self.net(torch.cat([self.centres[entries], self.code(entries)], -1))

    def nearest(self, images: Float[Tensor, "b h w"]) -> Int[Tensor, " b"]:
        """The gist of each image, ink in [0, 1]."""
        distance = torch.cdist(thumbnails(images), self.centres)
        return distance.masked_fill(self.share == 0, torch.inf).argmin(-1)

    def log_prob(self, entries: Int[Tensor, " b"]) -> Float[Tensor, " b"]:
        """Of a drawing that has any stroke."""
        return self.share[entries].log()

    def sample(
        self, batch: int, generator: torch.Generator | None = None, part: Float[Tensor, "h w"] | None = None
    ) -> Int[Tensor, " b"]:
        """Samples; where there is a `part`, ink in [0, 1], of the drawings that might have it in them."""
        chances = self.share
        if part is not None:
            lack = (thumbnails(part.unsqueeze(0)) - self.centres).relu().square().sum(-1)
            chances = (self.share.log() - lack / (2 * SPREAD**2)).softmax(-1)
        return torch.multinomial(chances, batch, replacement=True, generator=generator)


def thumbnails(images: Float[Tensor, "b h w"]) -> Float[Tensor, "b d"]:
    """Images as numbers of which clusters are made."""
    return shrink(images, SIDE).flatten(1)
