"""The distribution of an image around its canvas (eq. 5)."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Distribution

from dood.core.distributions import Interval, PixelLaplace, PixelNormal
from dood.core.geometry import shrink
from dood.models.config import ModelConfig

__all__ = ["Likelihood"]

START_SCALE = 0.15
FAMILIES = {"laplace": PixelLaplace, "normal": PixelNormal}


class Likelihood(nn.Module):
    """p(x | canvas): independent pixels around the canvas, each with a learned scale b_ij of its own (eq. 5).

    For `laplace`, log p(x) = -sum_ij (|x_ij - canvas_ij| / b_ij + log 2 b_ij), in nats. A likelihood of your own
    overrides `forward` (docs/extend.md).
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.family = FAMILIES[config.likelihood]
        self.range = Interval(*config.likelihood_range)
        start = self.range.unsquash(START_SCALE)
        self.raw = nn.Parameter(torch.full((config.resolution, config.resolution), start))

    def forward(self, canvas: Float[Tensor, "*b h w"]) -> Distribution:
        """Return the distribution of images; at another resolution than that of training the scales are resampled."""
        same = canvas.shape[-2:] == self.raw.shape
        return self.family(canvas, self.range.squash(self.raw if same else shrink(self.raw, canvas.shape[-1])))
