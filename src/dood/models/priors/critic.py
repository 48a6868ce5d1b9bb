"""A critic of samples: how much more often drawings look so than samples of a prior do.

What a prior takes for likely but nobody draws is told by a network that sees whole canvases (Azadi et al., 2019, reject
samples of a GAN so; Bauer and Mnih, 2019, and Aneja et al., 2021, priors). Of several candidates for a sample one is
then taken, with chances in proportion to the ratio (`dood.models.priors.candidates`).
"""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from dood.core.geometry import shrink

__all__ = ["Critic"]

SIDE, WIDTHS, HIDDEN, DROPOUT = 50, (24, 48, 64, 48), 64, 0.3
"""Sides halve from one convolution to the next: 25, 13, 7 and 4."""


class Critic(nn.Module):
    """The logit of a classifier of drawings (1) and samples (0), seen as often: log p(canvas) - log p_prior(canvas)."""

    def __init__(self) -> None:
        super().__init__()
        channels = [1, *WIDTHS]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, 3 if before > 1 else 5, stride=2, padding=1 if before > 1 else 2)
            for before, after in zip(channels, WIDTHS, strict=False)
        )
        self.hidden, self.out = nn.Linear(WIDTHS[-1] * 16, HIDDEN), nn.Linear(HIDDEN, 1)

    def forward(self, canvases: Float[Tensor, "b h w"]) -> Float[Tensor, " b"]:
        """Return the log ratio for canvases of ink in [0, 1], of any size."""
        seen = shrink(canvases, SIDE).unsqueeze(1)
        for layer in self.convolutions:
            seen = functional.silu(layer(seen))
        hidden = functional.silu(self.hidden(self._some(seen.flatten(1))))
        return self.out(self._some(hidden)).squeeze(-1)

    def _some(self, features: Tensor) -> Tensor:
        return functional.dropout(features, DROPOUT, self.training)
