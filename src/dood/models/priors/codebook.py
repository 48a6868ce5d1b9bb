"""A codebook of thumbnails: the rough look of a whole drawing, as one of 1,024 clusters.

The ex-post prior chooses an entry before any stroke. Entries stand in for class labels, which nobody has to give (Liu
et al., 2020, condition a GAN on such clusters). Without one, a recurrent prior departs further from what people draw
with every stroke.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from dood.core.geometry import shrink
from dood.core.networks import mlp
from dood.models.priors.entries import chances_given, drawn_from

__all__ = ["ENTRIES", "Codebook", "thumbnails"]

SIDE = 8
"""Of a thumbnail in pixels: coarse enough to leave the strokes open."""
ENTRIES, CODE, WIDTH = 1024, 16, 64


class Codebook(nn.Module):
    """A categorical distribution over thumbnails of drawings: centres of k-means, each with its share of the drawings.

    Attributes:
        centres: [g, 64], thumbnails of 8 x 8 pixels, ink in [0, 1].
        share: [g], sums to 1; 0 for entries that are not used, as there were fewer images than entries.
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
        """Return the features of entries that the strokes depend on."""
        return self.net(torch.cat([self.centres[entries], self.code(entries)], -1))

    def nearest(self, images: Float[Tensor, "b h w"]) -> Int[Tensor, " b"]:
        """Return the entry c(x) of each image, ink in [0, 1]: the used one at the smallest Euclidean distance."""
        distance = torch.cdist(thumbnails(images), self.centres)
        return distance.masked_fill(self.share == 0, torch.inf).argmin(-1)

    def log_prob(self, entries: Int[Tensor, " b"]) -> Float[Tensor, " b"]:
        """Return log p(c), the log share of entries among drawings that have any stroke."""
        return self.share[entries].log()

    def sample(
        self, batch: int, generator: torch.Generator | None = None, part: Float[Tensor, "h w"] | None = None
    ) -> Int[Tensor, " b"]:
        """Return samples of p(c), or of p(c | part).

        Arguments:
            part: a picture with ink in [0, 1].
        """
        chances = self.share.cpu().numpy()
        if part is not None:
            chances = chances_given(part.cpu().numpy(), self.centres.cpu().numpy(), chances)
        pick = torch.rand(batch, device=self.share.device, generator=generator)
        return torch.from_numpy(drawn_from(chances, pick.cpu().numpy())).to(self.share.device)


def thumbnails(images: Float[Tensor, "b h w"]) -> Float[Tensor, "b d"]:
    """Return images as the 64 numbers that are clustered."""
    return shrink(images, SIDE).flatten(1)
