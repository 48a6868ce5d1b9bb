"""What a stroke looks like in its frame: a spline drawn by a pen (DooD), or a patch from a network (AIR)."""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from dood.core.distributions import Block, Interval
from dood.core.geometry import Similarity, resample, shrink
from dood.core.renderer import Pen, composite, render
from dood.models.config import ModelConfig

__all__ = ["APPEARANCES", "CANVASES", "Appearance", "Neural", "NeuralStroke", "Spline"]

START_RADIUS, START_HARDNESS = 0.08, 1.8
START_STD, START_CODE_STD = 0.1, 0.3
PRIOR_STD = 0.5
"""Of points and pen in a prior that does not learn them."""
DECODER_HIDDEN = 256
DECODER_SHIFT = 2.0
"""A patch is the softplus of the network's output less this much: nearly blank before anything is learned."""


class Appearance(nn.Module):
    """The d numbers of a stroke s_t, and the function from them to ink. Subclasses call `describe`.

    Attributes:
        width: how many numbers there are, d.
        controls: how many of them, the first ones, are points (x, y) in the frame: those that change when a drawing is
            turned or mirrored. 0 if a turned stroke is no other numbers of the same kind.
        blocks: groups of them, in order, each of which has one density in a prior.
        start_mean, start_std: [d] each, moments of the recognition model's Gaussian before anything is learned.
        prior_std: [d], deviations around `start_mean` in a prior that does not learn them.
    """

    width: int
    controls: int = 0
    blocks: tuple[Block, ...]
    start_mean: Tensor
    start_std: Tensor
    prior_std: Tensor

    def describe(self, blocks: Sequence[Block], start_mean: Tensor, start_std: float, prior_std: float) -> None:
        """Set the attributes: one standard deviation for all numbers, and one mean for each."""
        self.blocks, self.width = tuple(blocks), len(start_mean)
        moments = start_mean, torch.full_like(start_mean, start_std), torch.full_like(start_mean, prior_std)
        for name, value in zip(("start_mean", "start_std", "prior_std"), moments, strict=True):
            self.register_buffer(name, value, persistent=False)

    def ink(
        self, stroke: Float[Tensor, "*b d"], frame: Similarity, height: int, width: int
    ) -> Float[Tensor, "*b {height} {width}"]:
        """Return the ink of each stroke on an empty canvas, unbounded above.

        Arguments:
            frame: where the stroke's own frame [-1, 1]^2 lies on the canvas [-1, 1]^2.
        """
        raise NotImplementedError

    def draft(
        self, stroke: Float[Tensor, "b d"], scale: Float[Tensor, " b"], size: int
    ) -> Float[Tensor, "b {size} {size}"]:
        """Return the ink of each stroke in its own frame, which has the given scale on the canvas."""
        raise NotImplementedError


class Spline(Appearance):
    """A Bezier curve and a pen: `points` control points, then unsquashed radius control values and a hardness."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.radius, self.hardness = Interval(*config.radius_range), Interval(*config.hardness_range)
        self.curve_samples, self.draft_samples = config.curve_samples, config.draft_samples
        self.controls = 2 * config.points
        mean = torch.zeros(self.controls + config.pen_points + 1)
        mean[self.controls : -1] = self.radius.unsquash(START_RADIUS)
        mean[-1] = self.hardness.unsquash(START_HARDNESS)
        self.describe([Block(config.points, 2), Block(1, config.pen_points + 1)], mean, START_STD, PRIOR_STD)

    def points(self, stroke: Float[Tensor, "*b d"]) -> Float[Tensor, "*b p 2"]:
        """Return the control points in the frame."""
        return stroke[..., : self.controls].unflatten(-1, (-1, 2))

    def pen(self, stroke: Float[Tensor, "*b d"]) -> Pen:
        """Return the pen, its radii in half canvases."""
        return Pen(self.radius.squash(stroke[..., self.controls : -1]), self.hardness.squash(stroke[..., -1]))

    def ink(
        self, stroke: Float[Tensor, "*b d"], frame: Similarity, height: int, width: int
    ) -> Float[Tensor, "*b {height} {width}"]:
        """As `Appearance.ink`: the layout is applied to the control points, then they are rendered (paper 2.1)."""
        return render(frame.apply(self.points(stroke)), self.pen(stroke), height, width, self.curve_samples)

    def draft(
        self, stroke: Float[Tensor, "b d"], scale: Float[Tensor, " b"], size: int
    ) -> Float[Tensor, "b {size} {size}"]:
        """As `Appearance.draft`, with fewer samples of the curve than `ink` takes."""
        pen = self.pen(stroke)
        pen = pen._replace(radius=pen.radius / scale.unsqueeze(-1))
        return render(self.points(stroke), pen, size, size, self.draft_samples)


class Neural(Appearance):
    """AIR's decoder: a network makes a patch from a code, and a spatial transformer places it (Eslami et al., 2016)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.describe([Block(1, config.code)], torch.zeros(config.code), START_CODE_STD, prior_std=1.0)
        self._make_decoder(config.glimpse_size)

    def _make_decoder(self, side: int) -> None:
        hidden = DECODER_HIDDEN
        layers = [nn.Linear(self.width, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU()]
        self.side, self.decoder = side, nn.Sequential(*layers, nn.Linear(hidden, side * side))

    def patch(self, stroke: Float[Tensor, "*b d"]) -> Float[Tensor, "*b n n"]:
        """Return the patch of ink in the frame."""
        return functional.softplus(self.decoder(stroke) - DECODER_SHIFT).unflatten(-1, (self.side, self.side))

    def ink(
        self, stroke: Float[Tensor, "*b d"], frame: Similarity, height: int, width: int
    ) -> Float[Tensor, "*b {height} {width}"]:
        """As `Appearance.ink`: the patch is resampled to where its frame lies; outside is blank."""
        batch = stroke.shape[:-1]
        patches = self.patch(stroke).reshape(-1, 1, self.side, self.side)
        to_frame = frame.inverse()
        flat = (part.reshape(len(patches), *part.shape[len(batch) :]) for part in to_frame)
        return resample(patches, Similarity(*flat), height, width).reshape(*batch, height, width)

    def draft(
        self, stroke: Float[Tensor, "b d"], scale: Float[Tensor, " b"], size: int
    ) -> Float[Tensor, "b {size} {size}"]:
        """As `Appearance.draft`: the patch, which has the size of a glimpse."""
        patch = self.patch(stroke)
        return patch if size == self.side else shrink(patch, size)


class NeuralStroke(Neural):
    """DooD without the spline renderer: AIR's decoder, with the numbers of a spline as its code."""

    def __init__(self, config: ModelConfig) -> None:
        Appearance.__init__(self)
        spline = Spline(config)
        self.describe(spline.blocks, spline.start_mean, START_STD, PRIOR_STD)
        self._make_decoder(config.glimpse_size)


APPEARANCES: dict[str, type[Spline] | type[Neural]] = {
    "spline": Spline,
    "neural": Neural,
    "neural-stroke": NeuralStroke,
}

CANVASES: dict[str, Callable[[Tensor], Tensor]] = {"tanh": composite, "sum": lambda ink: ink}
"""From the ink of all strokes to the canvas, by `ModelConfig.canvas`."""
