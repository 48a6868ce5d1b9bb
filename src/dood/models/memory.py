"""The recurrent states over the strokes so far, read by the prior and by the recognition model alike."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dood.models.latents import LAYOUT, Latents

__all__ = ["Memory", "State"]


class State(NamedTuple):
    """Recurrent states h^l_t and h^s_t: of the layouts, and of what is drawn in them."""

    layout: Tensor
    stroke: Tensor

    @classmethod
    def stack(cls, steps: list["State"]) -> "State":
        """A list over strokes as one, with the stroke axis after the batch axis."""
        return cls(*(torch.stack(part, 1) for part in zip(*steps, strict=True)))


class Memory(nn.Module):
    """Two gated recurrent units (Cho et al., 2014).

    Arguments:
        width: numbers of a stroke.
        features: of what the prior sees of the canvas before the stroke; 0 where it sees nothing.
        hidden: width of each state.
    """

    def __init__(self, width: int, features: int, hidden: int) -> None:
        super().__init__()
        self.layout_rnn = nn.GRUCell(LAYOUT + features, hidden)
        self.stroke_rnn = nn.GRUCell(width + features, hidden)

    def start(self, batch: int) -> State:
        """The states before the first stroke."""
        zero = self.layout_rnn.weight_hh.new_zeros(batch, self.layout_rnn.hidden_size)
        return State(zero, zero)

    def advance(self, state: State, previous: Latents, embedding: Float[Tensor, "b f"]) -> State:
        """The states for the next stroke, from the previous one and what the prior sees of the canvas."""
        return State(
            self.layout_rnn(torch.cat([previous.layout, embedding], -1), state.layout),
            self.stroke_rnn(torch.cat([previous.stroke, embedding], -1), state.stroke),
        )
