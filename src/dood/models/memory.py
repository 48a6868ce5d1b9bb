"""The recurrent states over the strokes so far, which the prior and the recognition model both read."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dood.core.geometry import shrink
from dood.core.networks import ImageEncoder
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, Latents, LatentStrokes
from dood.models.rendering import StrokeRenderer

__all__ = ["Memory", "Progress", "State", "Unrolled"]


class State(NamedTuple):
    """Recurrent states h^l_t of the layouts and h^s_t of the strokes in them, [..., hidden] each."""

    layout: Tensor
    stroke: Tensor

    @classmethod
    def stack(cls, steps: list["State"]) -> "State":
        """Stack a list over strokes, with the stroke axis after the batch axis."""
        return cls(*(torch.stack(part, 1) for part in zip(*steps, strict=True)))


class Unrolled(NamedTuple):
    """What the memory holds before each of t strokes.

    Attributes:
        states: the recurrent states, [b, t, hidden] each.
        embedding: [b, t, f], the embedded canvas.
    """

    states: State
    embedding: Tensor


class Progress(NamedTuple):
    """Where unfinished drawings stand, before their next stroke.

    Attributes:
        state: the recurrent states that the last stroke was made from.
        previous: the last stroke.
        ink: [b, h, w], the summed ink of all strokes so far.
    """

    state: State
    previous: Latents
    ink: Tensor


class Memory(nn.Module):
    """Two gated recurrent units (Cho et al., 2014) over strokes and embedded canvases.

    h_t = GRU(h_{t-1}, [z_{t-1}, e(x_{t-1})]) for layouts and for strokes, with e the canvas encoder. With the canvas
    prior the canvas is embedded; with the others e has length 0, and the states depend on the strokes alone.

    Arguments:
        config: sizes, and whether the canvas is embedded.
        width: numbers of a stroke, without its layout.

    Attributes:
        features: length of e.
    """

    def __init__(self, config: ModelConfig, width: int) -> None:
        super().__init__()
        self.size, self.width = config.prior_size, width
        sees_canvas = config.prior == "canvas"
        self.features = config.features // 2 if sees_canvas else 0
        self.canvas_encoder = ImageEncoder(1, self.size, (16, 32), self.features) if sees_canvas else None
        self.layout_rnn = nn.GRUCell(LAYOUT + self.features, config.hidden)
        self.stroke_rnn = nn.GRUCell(width + self.features, config.hidden)

    def encode(self, canvas: Float[Tensor, "b h w"]) -> Float[Tensor, "b f"]:
        """Embed canvases of any size."""
        if self.canvas_encoder is None:
            return canvas.new_zeros(len(canvas), 0)
        return self.canvas_encoder(shrink(canvas, self.size).unsqueeze(1))

    def start(self, batch: int) -> State:
        """Return the states before the first stroke, which are zero."""
        zero = self.layout_rnn.weight_hh.new_zeros(batch, self.layout_rnn.hidden_size)
        return State(zero, zero)

    def advance(self, state: State, previous: Latents, embedding: Float[Tensor, "b f"]) -> State:
        """Return the states for the next stroke, from the previous stroke and the embedded canvas before the next."""
        return State(
            self.layout_rnn(torch.cat([previous.layout, embedding], -1), state.layout),
            self.stroke_rnn(torch.cat([previous.stroke, embedding], -1), state.stroke),
        )

    def unroll(self, latents: Latents, before: Float[Tensor, "b t h w"]) -> Unrolled:
        """Return the states for each of t known strokes, and the embedded canvas `before` each.

        Only the recurrence is sequential; the canvases are embedded in one batch.
        """
        batch, strokes = before.shape[:2]
        embedding = self.encode(before.flatten(0, 1)).unflatten(0, (batch, strokes))
        state, previous, states = self.start(batch), Latents.none(self.width, batch, before.device), []
        for t in range(strokes):
            state = self.advance(state, previous, embedding[:, t])
            previous = Latents(*(part[:, t] for part in latents))
            states.append(state)
        return Unrolled(State.stack(states), embedding)

    def begin(
        self, blank: Float[Tensor, "b h w"], renderer: StrokeRenderer, given: LatentStrokes | None = None
    ) -> Progress:
        """Return the progress of drawings that consist of the `given` strokes, or of none.

        Arguments:
            blank: zeros, of the size at which the canvases are rendered; square where strokes are given.
        """
        batch = len(blank)
        empty = Progress(self.start(batch), Latents.none(self.width, batch, blank.device), blank)
        if given is None:
            return empty
        ink = renderer.counted_ink(given, blank.shape[-1]).cumsum(1)
        before = renderer.composite(torch.cat([torch.zeros_like(ink[:, :1]), ink[:, :-1]], 1))
        states, _ = self.unroll(given.latents, before)
        rows, last = torch.arange(batch), (given.strokes - 1).clamp(min=0)

        def latest(parts: Tensor, otherwise: Tensor) -> Tensor:
            return torch.where((given.strokes > 0).unsqueeze(-1), parts[rows, last], otherwise)

        state = State(*(latest(*pair) for pair in zip(states, empty.state, strict=True)))
        previous = Latents(*(latest(*pair) for pair in zip(given.latents, empty.previous, strict=True)))
        return Progress(state, previous, ink[:, -1])
