"""Models whose weights are the same on every machine, and so lively that every part of them counts."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from dood.models.config import ModelConfig
from dood.models.dood import DooD
from dood.models.priors.expost import ExPostPrior
from tests.tiny import tiny_model

__all__ = ["begun", "in_doubles", "lively_model", "waves"]


@contextmanager
def in_doubles() -> Iterator[None]:
    """Compute in double precision, in which rounding is nowhere near what a change makes."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def waves(*shape: int, rate: float) -> Tensor:
    """Numbers in [-1, 1] without a pattern that would matter: a sine of squares."""
    place = torch.arange(1, torch.Size(shape).numel() + 1, dtype=torch.float64)
    return (rate * place + 0.37 * place.square()).sin().to(torch.get_default_dtype()).reshape(shape)


def lively_model(config: ModelConfig) -> DooD:
    """A model with waves for weights, about as large as learned ones.

    Gentler waves are added to what other parameters begin with; where that is random they are all.
    """
    model, other = (tiny_model(config, seed).requires_grad_(False) for seed in (0, 1))
    others = dict(other.named_parameters())
    for number, (name, value) in enumerate(model.named_parameters()):
        rate = 0.7 + 0.1 * number
        if value.ndim > 1 and not name.startswith("likelihood"):
            value.copy_(1.5 * waves(*value.shape, rate=rate) / value.shape[-1] ** 0.5)
        else:
            start = torch.where(value == others[name], value, 0.0)
            value.copy_(start + 0.1 * waves(*value.shape, rate=rate))
    if isinstance(model.prior, ExPostPrior):
        width = len(model.prior.mean)
        model.prior.mean.copy_(0.3 * waves(width, rate=0.3))
        model.prior.std.copy_(1.2 + 0.4 * waves(width, rate=0.4))
    return model


def begun(model: nn.Module) -> dict[str, Tensor]:
    """All buffers, and the lengths of all axes of parameters, end to end."""
    axes = [length for value in model.parameters() for length in value.shape]
    return dict(model.named_buffers()) | {"axes": torch.tensor(axes)}
