"""The functions of a model that work without torch once exported (`scripts/make_graphs.py`, `dood.engines.runtime`)."""

from jaxtyping import Float, Int
from torch import Tensor, nn

from dood.core.geometry import shrink
from dood.errors import DoodError
from dood.inference.strokes import check_strokes
from dood.models.dood import DooD
from dood.models.latents import Latents
from dood.models.memory import State
from dood.models.priors.expost import ExPostPrior

__all__ = ["Draw", "Judge", "PriorStep", "Step"]


class Step(nn.Module):
    """One step of `DooD.infer`."""

    def __init__(self, model: DooD) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        images: Float[Tensor, "b h w"],
        ink: Float[Tensor, "b h w"],
        layout_state: Float[Tensor, "b s"],
        stroke_state: Float[Tensor, "b s"],
        layout: Float[Tensor, "b 4"],
        stroke: Float[Tensor, "b d"],
        noise: Float[Tensor, "b e"],
    ) -> tuple[Tensor, ...]:
        """Return the logit of drawing the stroke, its layout and numbers, the two states, and its ink.

        Arguments:
            ink: of all strokes so far, summed.
            layout_state, stroke_state, layout, stroke: of the step before; zeros in the beginning.
            noise: of layout and stroke end to end; with zeros both are the means.
        """
        model = self.model
        canvas = model.composite(ink)
        before = State(layout_state, stroke_state), Latents(layout, stroke)
        state = model.memory.advance(*before, model.memory.encode(canvas))
        step = model.infer_step(images, shrink(images, model.config.frame_size), canvas, state, noise)
        on = model.recognition.continue_logit(step.stop_features)
        return on, *step.latents, *state, model.render(step.latents, *images.shape[-2:])


class PriorStep(nn.Module):
    """One step of sampling from an ex-post prior."""

    def __init__(self, model: DooD) -> None:
        super().__init__()
        if not isinstance(model.prior, ExPostPrior):
            raise DoodError(f"{type(model.prior).__name__} is no ex-post prior")
        self.model = model

    def forward(
        self,
        entries: Int[Tensor, " b"],
        previous: Float[Tensor, "b w"],
        state: Float[Tensor, "l b s"],
        pick: Float[Tensor, "b e"],
        noise: Float[Tensor, "b e"],
    ) -> tuple[Tensor, ...]:
        """Return the logit of drawing the stroke, its layout and numbers, and what the next step takes."""
        prior = self.model.prior
        assert isinstance(prior, ExPostPrior)
        on, latents, previous, state = prior.advance(prior.codebook(entries), previous, state, pick, noise)
        return on, *latents, previous, state


class Judge(nn.Module):
    """The critic of an ex-post prior's samples."""

    def __init__(self, model: DooD) -> None:
        super().__init__()
        if not isinstance(model.prior, ExPostPrior) or model.prior.critic is None:
            raise DoodError(f"{type(model.prior).__name__} has no critic")
        self.model = model

    def forward(self, canvases: Float[Tensor, "b h w"]) -> Tensor:
        """Return how much more often drawings look so than samples do, as a log ratio."""
        prior = self.model.prior
        assert isinstance(prior, ExPostPrior)
        assert prior.critic is not None
        return prior.critic(canvases)


class Draw(nn.Module):
    """Strokes on the model's canvas."""

    def __init__(self, model: DooD) -> None:
        super().__init__()
        self.model, self.spline = model, check_strokes(model)

    def forward(self, layout: Float[Tensor, "b t 4"], stroke: Float[Tensor, "b t d"]) -> tuple[Tensor, Tensor, Tensor]:
        """Return control points, radii and ink of strokes."""
        points = self.model.layout_range.frame(layout).apply(self.spline.points(stroke))
        side = self.model.config.resolution
        return points, self.spline.pen(stroke).radius, self.model.render(Latents(layout, stroke), side, side)
