"""A density of vectors, of which every number depends on all the numbers before it."""

from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import MixtureSameFamily
from torch.nn import functional

from dood.core.distributions import mixture, select

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
        self.ends = [-(-(i + 1) * hidden // width) for i in range(width)]

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
        self, context: Float[Tensor, "b c"], pick: Float[Tensor, "b d"], noise: Float[Tensor, "b d"]
    ) -> Float[Tensor, "b d"]:
        """Return one sample for each context, chosen by random numbers, see `dood.core.distributions.select`."""
        given = [layer(context) for layer in self.contexts]
        # Lists of parts, since writing into parts of a tensor cannot be exported well.
        values, ones, twos = [context.new_zeros(context.shape[0], 0)], [], []
        for i, (begin, end) in enumerate(pairwise([0, *self.ends])):
            units, outputs = slice(begin, end), slice(i * self.each, (i + 1) * self.each)
            known = torch.cat(values, -1)
            ones.append(functional.silu(_part(self.first, units, known) + given[0][:, units]))
            second = _part(self.second, units, torch.cat(ones, -1)) + given[1][:, units]
            twos.append(ones[-1] + functional.silu(second))
            parameters = _part(self.last, outputs, torch.cat(twos, -1)) + given[2][:, outputs]
            values.append(select(self._mixtures(parameters), pick[:, i : i + 1], noise[:, i : i + 1, None]).flatten(1))
        return torch.cat(values, -1)

    def _mixtures(self, parameters: Float[Tensor, "*b n"]) -> MixtureSameFamily:
        """Return one mixture for each number."""
        return mixture(parameters.unflatten(-1, (-1, self.each // 3, 3)))


def _masked(layer: nn.Linear, mask: Tensor, value: Tensor) -> Tensor:
    return functional.linear(value, layer.weight * mask, layer.bias)


def _part(layer: nn.Linear, outputs: slice, value: Tensor) -> Tensor:
    """Return some outputs of a layer from its first inputs alone."""
    return functional.linear(value, layer.weight[outputs, : value.shape[-1]], layer.bias[outputs])
