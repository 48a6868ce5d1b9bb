"""The smallest models that still have every part."""

import torch
from torch import Tensor

from dood.core.renderer import Pen, composite, render
from dood.models.config import ModelConfig
from dood.models.dood import DooD
from dood.models.priors.codebook import thumbnails
from dood.models.priors.expost import ExPostPrior

TINY = ModelConfig(
    resolution=12,
    strokes=2,
    points=4,
    pen_points=2,
    curve_samples=8,
    frame_size=8,
    glimpse_size=8,
    prior_size=8,
    features=8,
    hidden=8,
    mixtures=2,
    scale_range=(0.3, 0.9),
)

USED = 8
"""Entries of a codebook: the first scribbles, the first of which is half as frequent as the last."""


def tiny_model(config: ModelConfig = TINY, seed: int = 0) -> DooD:
    """A model as it begins; an ex-post prior's codebook has entries that differ, as one that was learned has."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = DooD(config)
    if isinstance(model.prior, ExPostPrior):
        codebook = model.prior.codebook
        codebook.centres[:USED] = thumbnails(scribbles(USED))
        codebook.share.zero_()[:USED] = torch.linspace(1, 2, USED) / (1.5 * USED)
    return model


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def scribbles(batch: int, side: int = 12, seed: int = 0) -> Tensor:
    """Images [batch, side, side] in [0, 1) of one random stroke each."""
    points = torch.rand(batch, 4, 2, generator=seeded(seed)) * 1.4 - 0.7
    pen = Pen(torch.full((batch, 1), 0.15), torch.full((batch,), 2.0))
    return composite(render(points, pen, side, side, 24))


def scribbles_uint8(batch: int, side: int = 12, seed: int = 0) -> Tensor:
    return (scribbles(batch, side, seed) * 255).round().to(torch.uint8)
