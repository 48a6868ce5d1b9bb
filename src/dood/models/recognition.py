"""The recognition model (paper 2.2): from the image and the canvas to Gaussians over the next stroke."""

from typing import NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Categorical, Independent

from dood.core.distributions import gaussian, stop_time
from dood.core.geometry import glimpse, shrink
from dood.core.networks import ImageEncoder, mlp
from dood.models.appearance import CANVASES, Appearance
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, START_SCALE, LayoutRange
from dood.models.memory import State

__all__ = ["RECOGNITIONS", "GuidedRecognition", "Look", "Recognition", "UnguidedRecognition"]

START_LAYOUT_STD = 0.05
START_ON = 2.0
"""Logit of going on before anything is learned: above the prior's, so that strokes are tried."""


class Look(NamedTuple):
    """What is seen in a glimpse, and the strokes that are guessed from it.

    Attributes:
        glimpse: [b, c, n, n], the view under the layout.
        guesses: [b, 2d] each, means and log deviations of the stroke: the first, then those of every correction.
    """

    glimpse: Tensor
    guesses: tuple[Tensor, ...]


class Recognition(nn.Module):
    """q(n, z | x) as a product over strokes of q(go on) q(layout) q(stroke | layout) (eqs. 6 to 8).

    Layout and stroke have diagonal Gaussians. A subclass says which images are encoded (`view`), and what the stop
    decision is made from (`stop_features`).

    Attributes:
        channels: images in a view.
        stop_width: length of the stop features, e.
    """

    channels: int

    def __init__(self, config: ModelConfig, appearance: Appearance, stop_width: int) -> None:
        super().__init__()
        self.stop_width = stop_width
        self.config = config
        self.layout_range = LayoutRange(config)
        self.frame_encoder = ImageEncoder(self.channels, config.frame_size, (32, 64), config.features)
        self.glimpse_encoder = ImageEncoder(self.channels, config.glimpse_size, (32, 64), config.features)
        self.on_head = mlp(stop_width, config.hidden, 1, output_scale=0.1)
        width = config.features + config.hidden
        self.layout_head = mlp(width, config.features, 2 * LAYOUT, output_scale=0.1)
        self.stroke_head = mlp(width, config.features, 2 * appearance.width)
        self._start_near_a_plain_stroke(appearance)

    def view(self, target: Float[Tensor, "b n m"], canvas: Float[Tensor, "b n m"]) -> Float[Tensor, "b c n m"]:
        """Return the images to encode, from the target image and the canvas so far."""
        raise NotImplementedError

    def stop_features(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b e"]:
        """Return the features that a stop decision is made from."""
        raise NotImplementedError

    def encode(self, target: Float[Tensor, "b n n"], canvas: Float[Tensor, "b h w"]) -> Float[Tensor, "b f"]:
        """Embed the whole view; the target has `frame_size` pixels a side already."""
        return self.frame_encoder(self.view(target, shrink(canvas, self.config.frame_size)))

    def continue_logit(self, features: Float[Tensor, "*b e"]) -> Float[Tensor, "*b"]:
        """Return the logit of drawing another stroke, from the stop features before it."""
        return self.on_head(features).squeeze(-1) + START_ON

    def stop(self, features: Float[Tensor, "b t e"]) -> Categorical:
        """Return the distribution of the number of strokes 0..t, from the stop features before each."""
        return stop_time(self.continue_logit(features))

    def layout(self, embedding: Float[Tensor, "b f"], state: Float[Tensor, "b h"]) -> Independent:
        """Return the Gaussian over the unsquashed layout (eq. 7)."""
        return gaussian(self.layout_head(torch.cat([embedding, state], -1)))

    def stroke(
        self,
        target: Float[Tensor, "b h w"],
        canvas: Float[Tensor, "b h w"],
        layout: Float[Tensor, "b 4"],
        state: Float[Tensor, "b hidden"],
    ) -> Independent:
        """Return the Gaussian over the stroke in its frame (eq. 8), from a glimpse of the view under the layout."""
        return gaussian(self.look(target, canvas, layout, state).guesses[-1])

    def look(
        self,
        target: Float[Tensor, "b h w"],
        canvas: Float[Tensor, "b h w"],
        layout: Float[Tensor, "b 4"],
        state: Float[Tensor, "b hidden"],
    ) -> Look:
        """Return the glimpse under a layout and what is guessed from it, of which `stroke` takes the last."""
        frame = self.layout_range.frame(layout)
        view = glimpse(self.view(target, canvas), frame, self.config.glimpse_size)
        embedding = torch.cat([self.glimpse_encoder(view), state], -1)
        return Look(view, self._guesses(self.stroke_head(embedding), embedding, view, frame.scale))

    def _guesses(
        self,
        parameters: Float[Tensor, "b two_d"],
        embedding: Float[Tensor, "b fh"],
        view: Float[Tensor, "b c n n"],
        scale: Float[Tensor, " b"],
    ) -> tuple[Tensor, ...]:
        """Return means and log deviations of a stroke, d each, then those corrected; by default none are."""
        return (parameters,)

    @torch.no_grad()
    def _start_near_a_plain_stroke(self, appearance: Appearance) -> None:
        layout, stroke = (cast(nn.Linear, head[-1]).bias for head in (self.layout_head, self.stroke_head))
        layout[0] = self.layout_range.scale.unsquash(START_SCALE)
        layout[LAYOUT:] = torch.tensor(START_LAYOUT_STD).log()
        stroke.copy_(torch.cat([appearance.start_mean, appearance.start_std.log()]))


class UnguidedRecognition(Recognition):
    """Without execution guidance, as in AIR: only the target is encoded; the recurrent state tells what is drawn."""

    channels = 1

    def __init__(self, config: ModelConfig, appearance: Appearance) -> None:
        super().__init__(config, appearance, config.features + config.hidden)

    def view(self, target: Float[Tensor, "b n m"], canvas: Float[Tensor, "b n m"]) -> Float[Tensor, "b c n m"]:
        """Return the target alone."""
        return target.unsqueeze(1)

    def stop_features(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b e"]:
        """Return the embedded target, which is the same for every stroke, and the recurrent state."""
        return torch.cat([embedding, state.layout], -1)


class GuidedRecognition(Recognition):
    """With execution guidance: target and residual, which is the target minus the canvas, are encoded.

    A first guess of a stroke is rendered in the glimpse as a draft, and corrected from what the draft leaves of the
    residual, `config.corrections` times. (Drafts are not in the paper.)
    """

    channels = 2

    def __init__(self, config: ModelConfig, appearance: Appearance) -> None:
        super().__init__(config, appearance, config.features)
        # A function, not a child module: the parameters of the appearance belong to the generative model.
        self._draft_ink, self._composite, self.numbers = appearance.draft, CANVASES[config.canvas], appearance.width
        if config.corrections:
            self.draft_encoder = ImageEncoder(3, config.glimpse_size, (32, 64), config.features)
            width = 2 * config.features + config.hidden + self.numbers
            self.correction_head = mlp(width, config.features, 2 * self.numbers, output_scale=0.1)

    def view(self, target: Float[Tensor, "b n m"], canvas: Float[Tensor, "b n m"]) -> Float[Tensor, "b c n m"]:
        """Return target and residual."""
        return torch.stack([target, target - canvas], 1)

    def stop_features(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b e"]:
        """Return the embedded target and residual."""
        return embedding

    def _guesses(
        self,
        parameters: Float[Tensor, "b two_d"],
        embedding: Float[Tensor, "b fh"],
        view: Float[Tensor, "b c n n"],
        scale: Float[Tensor, " b"],
    ) -> tuple[Tensor, ...]:
        guesses = [parameters]
        for _ in range(self.config.corrections):
            mean = guesses[-1][..., : self.numbers]
            left = self.draft_encoder(self._draft(view.detach(), mean.detach(), scale.detach()))
            guesses.append(guesses[-1] + self.correction_head(torch.cat([embedding, left, mean], -1)))
        return tuple(guesses)

    @torch.no_grad()
    def _draft(
        self, view: Float[Tensor, "b 2 n n"], mean: Float[Tensor, "b d"], scale: Float[Tensor, " b"]
    ) -> Float[Tensor, "b 3 n n"]:
        """Return the glimpse of the target, the draft of the mean stroke, and what it leaves of the residual."""
        drawn = self._composite(self._draft_ink(mean, scale, self.config.glimpse_size))
        return torch.stack([view[:, 0], drawn, view[:, 1] - drawn], 1)


RECOGNITIONS = {True: GuidedRecognition, False: UnguidedRecognition}
"""By `ModelConfig.guidance`."""
