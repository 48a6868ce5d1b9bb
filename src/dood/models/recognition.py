"""The recognition model (paper 2.2): look at what is not drawn yet, and say which stroke comes next."""

from typing import cast

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

__all__ = ["RECOGNITIONS", "GuidedRecognition", "Recognition", "UnguidedRecognition"]

START_LAYOUT_STD = 0.05
START_ON = 2.0
"""Logit of going on before anything is learned: above the prior's, so that strokes are tried."""


class Recognition(nn.Module):
    """Single Gaussians over layout and stroke (eqs. 7 and 8), and the odds of another one.

    What it looks at is for the subclasses to say.

    Attributes:
        channels: images that it looks at at once.
        stop_width: of what it bases its stop decisions on.
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
        embedding = config.features + config.hidden
        self.layout_head = mlp(embedding, config.features, 2 * LAYOUT, output_scale=0.1)
        self.stroke_head = mlp(embedding, config.features, 2 * appearance.width)
        self._start_near_a_plain_stroke(appearance)

    def view(self, target: Float[Tensor, "b n m"], canvas: Float[Tensor, "b n m"]) -> Float[Tensor, "b c n m"]:
        """The images to look at, when the target is to be drawn and the canvas is drawn already."""
        raise NotImplementedError

    def stop_features(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b e"]:
        """What a stop decision is based on."""
        raise NotImplementedError

    def encode(self, target: Float[Tensor, "b n n"], canvas: Float[Tensor, "b h w"]) -> Float[Tensor, "b f"]:
        """Embed the whole view; the target is `frame_size` already."""
        return self.frame_encoder(self.view(target, shrink(canvas, self.config.frame_size)))

    def continue_logit(self, features: Float[Tensor, "*b e"]) -> Float[Tensor, "*b"]:
        """Logit of drawing another stroke."""
        return self.on_head(features).squeeze(-1) + START_ON

    def stop(self, features: Float[Tensor, "b t e"]) -> Categorical:
        """Distribution of the number of strokes 0..t, given the evidence before each."""
        return stop_time(self.continue_logit(features))

    def layout(self, embedding: Float[Tensor, "b f"], state: Float[Tensor, "b h"]) -> Independent:
        """Gaussian over the unsquashed layout (eq. 7)."""
        return gaussian(self.layout_head(torch.cat([embedding, state], -1)))

    def stroke(
        self,
        target: Float[Tensor, "b h w"],
        canvas: Float[Tensor, "b h w"],
        layout: Float[Tensor, "b 4"],
        state: Float[Tensor, "b hidden"],
    ) -> Independent:
        """Gaussian over what is drawn (eq. 8), from the glimpse of the view under the layout."""
        frame = self.layout_range.frame(layout)
        view = glimpse(self.view(target, canvas), frame, self.config.glimpse_size)
        embedding = torch.cat([self.glimpse_encoder(view), state], -1)
        return gaussian(self._correct(self.stroke_head(embedding), embedding, view, frame.scale))

    def _correct(
        self,
        parameters: Float[Tensor, "b two_d"],
        embedding: Float[Tensor, "b fh"],
        view: Float[Tensor, "b c n n"],
        scale: Float[Tensor, " b"],
    ) -> Float[Tensor, "b two_d"]:
        """Means and log deviations of a stroke on second thoughts."""
        return parameters

    @torch.no_grad()
    def _start_near_a_plain_stroke(self, appearance: Appearance) -> None:
        layout, stroke = (cast(nn.Linear, head[-1]).bias for head in (self.layout_head, self.stroke_head))
        layout[0] = self.layout_range.scale.unsquash(START_SCALE)
        layout[LAYOUT:] = torch.tensor(START_LAYOUT_STD).log()
        stroke.copy_(torch.cat([appearance.start_mean, appearance.start_std.log()]))


class UnguidedRecognition(Recognition):
    """Without execution guidance, as in AIR: it looks at the target alone, and knows the rest from its memory."""

    channels = 1

    def __init__(self, config: ModelConfig, appearance: Appearance) -> None:
        super().__init__(config, appearance, config.features + config.hidden)

    def view(self, target: Float[Tensor, "b n m"], canvas: Float[Tensor, "b n m"]) -> Float[Tensor, "b c n m"]:
        """The target."""
        return target.unsqueeze(1)

    def stop_features(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b e"]:
        """The embedded target, which is the same for every stroke, and the recurrent state."""
        return torch.cat([embedding, state.layout], -1)


class GuidedRecognition(Recognition):
    """With execution guidance: it looks at the target and at the residual that the canvas leaves of it.

    A first guess of a stroke is drafted in the glimpse, and corrected for what the draft leaves over.
    """

    channels = 2

    def __init__(self, config: ModelConfig, appearance: Appearance) -> None:
        super().__init__(config, appearance, config.features)
        # A function, not a child module: the parameters of the appearance belong to the generative model.
        self._draft_ink, self._composite, self.numbers = appearance.draft, CANVASES[config.canvas], appearance.width
        if config.corrections:
            self.draft_encoder = ImageEncoder(3, config.glimpse_size, (32, 64), config.features)
            width_again = 2 * config.features + config.hidden + self.numbers
            self.correction_head = mlp(width_again, config.features, 2 * self.numbers, output_scale=0.1)

    def view(self, target: Float[Tensor, "b n m"], canvas: Float[Tensor, "b n m"]) -> Float[Tensor, "b c n m"]:
        """Target and residual."""
        return torch.stack([target, target - canvas], 1)

    def stop_features(self, embedding: Float[Tensor, "*b f"], state: State) -> Float[Tensor, "*b e"]:
        """The embedded target and residual."""
        return embedding

    def _correct(
        self,
        parameters: Float[Tensor, "b two_d"],
        embedding: Float[Tensor, "b fh"],
        view: Float[Tensor, "b c n n"],
        scale: Float[Tensor, " b"],
    ) -> Float[Tensor, "b two_d"]:
        for _ in range(self.config.corrections):
            mean = parameters[..., : self.numbers]
            left = self.draft_encoder(self._draft(view.detach(), mean.detach(), scale.detach()))
            parameters = parameters + self.correction_head(torch.cat([embedding, left, mean], -1))
        return parameters

    @torch.no_grad()
    def _draft(
        self, view: Float[Tensor, "b 2 n n"], mean: Float[Tensor, "b d"], scale: Float[Tensor, " b"]
    ) -> Float[Tensor, "b 3 n n"]:
        """The glimpse of the target, the draft of a stroke there, and what it leaves of the residual."""
        drawn = self._composite(self._draft_ink(mean, scale, self.config.glimpse_size))
        return torch.stack([view[:, 0], drawn, view[:, 1] - drawn], 1)


RECOGNITIONS = {True: GuidedRecognition, False: UnguidedRecognition}
"""By `ModelConfig.guidance`."""
