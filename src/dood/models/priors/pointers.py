"""Where a stroke begins or ends: anywhere, or where earlier strokes run.

Lake et al. (2015) relate the start of a stroke to earlier ones: independent of them, at their start, at their end, or
along them. There pens told where strokes meet; here a mixture has a component for each such place, and its weights are
learned from strokes that were inferred.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from dood.core.distributions import picked
from dood.core.networks import mlp
from dood.models.priors.places import Places

__all__ = ["Gaussians", "Pointers"]

FREE, UNITS, SCORED = 16, 160, 48
SLIGHT, WIDE = 0.004, 0.3
"""Least and greatest deviation from a place, in half canvases."""
TYPICAL = 0.05
"""Deviation before anything is learned: a pixel is 0.04."""


class Gaussians(NamedTuple):
    """A mixture of Gaussians on the plane, each with deviations along and across a direction of its own.

    Attributes:
        logits: [n, m].
        mean, direction: [n, m, 2].
        log_std: [n, m, 2], along the direction and across it.
    """

    logits: Tensor
    mean: Tensor
    direction: Tensor
    log_std: Tensor

    def log_prob(self, point: Float[Tensor, "n 2"]) -> Float[Tensor, " n"]:
        """Return the log density of each point in nats."""
        away, (x, y) = point.unsqueeze(1) - self.mean, self.direction.unbind(-1)
        turned = torch.stack([away[..., 0] * x + away[..., 1] * y, away[..., 1] * x - away[..., 0] * y], -1)
        squares = (turned * (-self.log_std).exp()).square().sum(-1)
        each = -0.5 * squares - self.log_std.sum(-1) - math.log(2 * math.pi)
        return (self.logits.log_softmax(-1) + each).logsumexp(-1)

    def select(self, pick: Float[Tensor, " n"], noise: Float[Tensor, "n 2"]) -> Float[Tensor, "n 2"]:
        """Return the sample of each mixture that random numbers choose, as `dood.core.distributions.select` does."""
        index = picked(self.logits.softmax(-1), pick)[:, None, None].expand(-1, 1, 2)
        mean, direction, log_std = (
            part.gather(1, index).squeeze(1) for part in (self.mean, self.direction, self.log_std)
        )
        (x, y), (along, across) = direction.unbind(-1), (noise * log_std.exp()).unbind(-1)
        return mean + torch.stack([along * x - across * y, along * y + across * x], -1)


class Pointers(nn.Module):
    """p(point | context, places): Gaussians anywhere on the canvas, and one at each place.

    Arguments:
        context: length of the context.
        features: of a place.
    """

    def __init__(self, context: int, features: int) -> None:
        super().__init__()
        self.free = mlp(context, UNITS, 5 * FREE, output_scale=0.5)
        self.asked, self.known = nn.Linear(context, SCORED), nn.Linear(features, SCORED)
        self.score = nn.Linear(SCORED, 3)
        self.score.weight.data.mul_(0.1)
        self.score.bias.data.copy_(torch.tensor([-3.0, 0.0, 0.0]))

    def forward(self, context: Float[Tensor, "n c"], places: Places) -> Gaussians:
        """Return the mixture for each context."""
        free = self.free(context).unflatten(-1, (FREE, 5))
        upright = torch.tensor([1.0, 0.0], device=context.device).expand(context.shape[0], FREE, 2)
        score = self.score(functional.silu(self.asked(context).unsqueeze(1) + self.known(places.features)))
        near = (score[..., 1:] + math.log(TYPICAL)).clamp(math.log(SLIGHT), math.log(WIDE))
        return Gaussians(
            torch.cat([free[..., 0], score[..., 0].masked_fill(~places.present, -1e9)], 1),
            torch.cat([free[..., 1:3], places.at], 1),
            torch.cat([upright, places.direction], 1),
            torch.cat([(free[..., 3:] - 1).clamp(math.log(SLIGHT), 1.0), near], 1),
        )
