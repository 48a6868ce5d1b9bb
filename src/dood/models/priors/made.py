"""A density of vectors, of which every number depends on all the numbers before it."""

from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import MixtureSameFamily
from torch.nn import functional

from dood.core.distributions import mixture, sample

__all__ = ["MADE"]


class MADE(nn.Module):
    """p(v | context) = prod_i p(v_i | v_<i, context), mixtures of Gaussians by a masked network (Germain et al., 2015).

    Every hidden unit has a place i: it reads the numbers before the i-th only, and the mixture of the i-th number reads
    the units of places up to i. All densities take one pass; so does a sample, place by place.

    Arguments:
        width: numbers of a vector, d.
        context: length of the context.
        hidden: units of each of two layers.
        mixtures: Gaussians for each number.
    """

    place: Tensor

    def __init__(self, width: int, context: int, hidden: int, mixtures: int) -> None:
        super().__init__()
        self.width, self.each = width, 3 * mixtures
        self.first, self.second, self.last = (
            nn.Linear(inputs, outputs)
            for inputs, outputs in ((width, hidden), (hidden, hidden), (hidden, width * self.each))
        )
        self.contexts = nn.ModuleList(
            nn.Linear(context, outputs, bias=False) for outputs in (hidden, hidden, width * self.each)
        )
        # Sorted, so that the units of a place and of all before it are slices.
        self.register_buffer("place", torch.arange(hidden) * width // hidden, persistent=False)

    def log_prob(self, value: Float[Tensor, "*b d"], context: Float[Tensor, "*b c"]) -> Float[Tensor, "*b"]:
        """Return the log density of each vector in nats."""
        if not value.numel():  # torch's distributions cannot take nothing
            return value.sum(-1)
        return self.terms(value, context).sum(-1)

    def terms(self, value: Float[Tensor, "*b d"], context: Float[Tensor, "*b c"]) -> Float[Tensor, "*b d"]:
        """Return the log density of each number given those before it; `log_prob` is their sum."""
        number = torch.arange(self.width, device=value.device)
        before, within = self.place[:, None] > number, self.place[:, None] >= self.place
        up_to = (number[:, None] >= self.place).repeat_interleave(self.each, 0)
        given = [layer(context) for layer in self.contexts]
        one = functional.silu(_masked(self.first, before, value) + given[0])
        two = one + functional.silu(_masked(self.second, within, one) + given[1])
        parameters = _masked(self.last, up_to, two) + given[2]
        return self._mixtures(parameters).log_prob(value.unsqueeze(-1))

    def sample(
        self, context: Float[Tensor, "b c"], generator: torch.Generator | None, temperature: float = 1.0
    ) -> Float[Tensor, "b d"]:
        """Return one sample for each context; the temperature is that of `dood.core.distributions.sample`."""
        ends = torch.bincount(self.place, minlength=self.width).cumsum(0).tolist()
        given = [layer(context) for layer in self.contexts]
        value, one, two = (context.new_zeros(len(context), size) for size in (self.width, ends[-1], ends[-1]))
        for i, (begin, end) in enumerate(pairwise([0, *ends])):
            units, outputs = slice(begin, end), slice(i * self.each, (i + 1) * self.each)
            one[:, units] = functional.silu(_part(self.first, units, value[:, :i]) + given[0][:, units])
            two[:, units] = one[:, units] + functional.silu(
                _part(self.second, units, one[:, :end]) + given[1][:, units]
            )
            parameters = _part(self.last, outputs, two[:, :end]) + given[2][:, outputs]
            value[:, i] = sample(self._mixtures(parameters), generator, temperature).flatten()
        return value

    def _mixtures(self, parameters: Float[Tensor, "*b n"]) -> MixtureSameFamily:
        """Return one mixture for each number."""
        return mixture(parameters.unflatten(-1, (-1, self.each // 3, 3)))


def _masked(layer: nn.Linear, mask: Tensor, value: Tensor) -> Tensor:
    return functional.linear(value, layer.weight * mask, layer.bias)


def _part(layer: nn.Linear, outputs: slice, value: Tensor) -> Tensor:
    """Return some outputs of a layer from its first inputs alone."""
    return functional.linear(value, layer.weight[outputs, : value.shape[-1]], layer.bias[outputs])
