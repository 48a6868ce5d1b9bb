"""Priors that decide on one stroke after another: whether there is one, where, and what it looks like (eqs. 1 to 4)."""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily

from dood.core.distributions import Blocks, sample, stop_time
from dood.models.appearance import Appearance
from dood.models.config import ModelConfig
from dood.models.latents import Latents, LatentStrokes
from dood.models.memory import Memory, Progress, State, Unrolled
from dood.models.priors.base import Prior
from dood.models.rendering import StrokeRenderer

__all__ = ["SequentialPrior"]


class SequentialPrior(Prior):
    """p(n, z) as a product over strokes of p(go on) p(layout) p(stroke | layout), given the strokes before (eq. 1).

    A subclass says what these three factors are, from the recurrent states, the embedded canvas and the canvas.

    Arguments:
        config: sizes of the networks and of the canvases that are looked at while sampling.
        appearance: its blocks of numbers are what a stroke's density is over.
        memory, renderer: the model's.
    """

    completion: ClassVar[Literal["follow", "whole"]] = "follow"

    def __init__(self, config: ModelConfig, appearance: Appearance, memory: Memory, renderer: StrokeRenderer) -> None:
        super().__init__()
        self.resolution, self.blocks = config.resolution, appearance.blocks
        # In a tuple, lest the memory's parameters, which are the model's, be registered here as well.
        self._shared = memory, renderer

    def continue_logit(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b"]:
        """Return the logit of drawing another stroke, from the embedded canvas and the states for that stroke."""
        raise NotImplementedError

    def layout(self, state: Float[Tensor, "b h"]) -> MixtureSameFamily:
        """Return the density of the unsquashed layout, from its recurrent state."""
        raise NotImplementedError

    def stroke(
        self, state: Float[Tensor, "b h"], layout: Float[Tensor, "b 4"], canvas: Float[Tensor, "b hh ww"]
    ) -> Blocks:
        """Return the density of the stroke in its frame, from its state, its unsquashed layout and the canvas."""
        raise NotImplementedError

    @property
    def memory(self) -> Memory:
        """The memory that the prior reads: the model's."""
        return self._shared[0]

    def log_prob(
        self,
        images: Float[Tensor, "b h w"],
        latents: Latents,
        canvases: Float[Tensor, "b t1 h w"],
        *,
        unrolled: Unrolled | None = None,
    ) -> tuple[Float[Tensor, "b t"], Categorical]:
        """As `Prior.log_prob`; the images are ignored. Only the recurrent states are sequential.

        Arguments:
            unrolled: the memory before each stroke, where it is known already.
        """
        before = canvases[:, :-1].detach()
        states, embedding = self.memory.unroll(latents, before) if unrolled is None else unrolled
        layout, stroke = (part.flatten(0, 1) for part in latents)
        layout_state, stroke_state = (part.flatten(0, 1) for part in states)
        density = self.stroke(stroke_state, layout, before.flatten(0, 1)).log_prob(stroke)
        density = density + self.layout(layout_state).log_prob(layout)
        return density.unflatten(0, before.shape[:2]), stop_time(self.continue_logit(embedding, states))

    def sample(
        self, batch: int, strokes: int, *, temperature: float = 1.0, generator: torch.Generator | None = None
    ) -> LatentStrokes:
        """As `Prior.sample`, by ancestral sampling of eq. 1."""
        return self._ancestral(self._begin(batch), strokes, temperature, generator)

    def follow(
        self, given: LatentStrokes, strokes: int, *, temperature: float = 1.0, generator: torch.Generator | None = None
    ) -> LatentStrokes:
        """As `Prior.follow`, by ancestral sampling that begins after the given strokes."""
        return self._ancestral(self._begin(len(given.strokes), given), strokes, temperature, generator)

    def fit_log_prob(
        self, images: Float[Tensor, "b h w"], latents: Latents, canvases: Float[Tensor, "b t1 h w"]
    ) -> Float[Tensor, "b t"]:
        """Return zeros: beside the likelihood this prior is flat, and its gradient would double the time of a fit."""
        return torch.zeros_like(latents.layout[..., 0])

    def _begin(self, batch: int, given: LatentStrokes | None = None) -> Progress:
        memory, renderer = self._shared
        blank = memory.layout_rnn.weight_hh.new_zeros(batch, self.resolution, self.resolution)
        return memory.begin(blank, renderer, given)

    @torch.no_grad()
    def _ancestral(
        self, progress: Progress, strokes: int, temperature: float, generator: torch.Generator | None
    ) -> LatentStrokes:
        memory, renderer = self._shared
        state, previous, ink = progress
        batch, side = ink.shape[:2]
        active, steps = torch.ones(batch, dtype=torch.bool, device=ink.device), []
        count = torch.zeros(batch, dtype=torch.long, device=ink.device)
        for _ in range(strokes):
            canvas = renderer.composite(ink)
            embedding = memory.encode(canvas)
            state = memory.advance(state, previous, embedding)
            go = self.continue_logit(embedding, state).sigmoid()
            active = active & (torch.rand(batch, device=ink.device, generator=generator) < go)
            layout = sample(self.layout(state.layout), generator, temperature)
            previous = Latents(layout, self.stroke(state.stroke, layout, canvas).sample(generator, temperature))
            ink = ink + renderer.ink(previous, side, side) * active[:, None, None]
            count += active
            steps.append(previous)
        return LatentStrokes(Latents.stack(steps), count)
