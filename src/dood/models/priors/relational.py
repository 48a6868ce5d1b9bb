"""A prior of strokes that know where others run, learned after the model (`dood.models.priors.expost`).

That prior's numbers are a layout and control points in its frame, where "begins at the end of the one before" is a long
formula. Here a stroke is its control points *on the canvas*, then pen and layout given them. The start is chosen first,
then the end, both anywhere or at an earlier stroke (`dood.models.priors.pointers`), then all else in turn.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from dood.core.networks import mlp
from dood.models.appearance import Spline
from dood.models.config import ModelConfig
from dood.models.latents import LAYOUT, Latents
from dood.models.priors.base import Prior
from dood.models.priors.codebook import WIDTH
from dood.models.priors.expost import HIDDEN, MIXTURES, UNITS, ExPostPrior
from dood.models.priors.made import MADE
from dood.models.priors.pointers import EARLIER, PLACE, Places, Pointers, places_along

__all__ = ["RelationalPrior"]

ENDS = 4
"""Numbers of a stroke's start and end."""
HALF = 0.5
"""Their unit, in half canvases: they are not standardised, lest a circle around a place become an ellipse."""


class RelationalPrior(ExPostPrior):
    """As `ExPostPrior`, with strokes in coordinates of the canvas.

    A stroke's d numbers are here: start and end, the other control points less the ones evenly spaced between these,
    pen and layout. With P control points and scale s of the layout that is a change of variables of which
    log |det| = 2 P log s: densities are those of the latents, exactly.

    The number of strokes depends on the codebook entry alone. Told by the strokes so far as well, it is worth 0.1 nats
    more, and samples, whose strokes are a little off those that were learned from, end too early.

    Attributes:
        mean, std: [d], moments of these numbers; of start and end 0 and `HALF`.
    """

    def __init__(self, config: ModelConfig, spline: Spline, joint: Prior) -> None:
        super().__init__(config, spline, joint)
        self.points = config.points
        self.start = Pointers(HIDDEN, PLACE)
        # The end may be where the stroke's own start is; of each place it matters how far from the start it is.
        self.end = Pointers(HIDDEN + 2, PLACE + 3)
        self.between = mlp(HIDDEN + ENDS, HIDDEN, HIDDEN)
        self.on_head = mlp(WIDTH, HIDDEN // 2, EARLIER)
        self.std[:ENDS] = HALF
        self.made = MADE(len(self.mean) - ENDS, HIDDEN, UNITS, MIXTURES)

    def standardise(self, strokes: Latents) -> None:
        """As `ExPostPrior.standardise`, but for start and end."""
        super().standardise(strokes)
        self.mean[:ENDS], self.std[:ENDS] = 0.0, HALF

    def _coordinates(self, latents: Latents) -> Float[Tensor, "*b d"]:
        points = self._points(latents)
        start, end = points[..., :1, :], points[..., -1:, :]
        inner = points[..., 1:-1, :] - start - (end - start) * self._shares(points)
        pen = latents.stroke[..., 2 * self.points :]
        return torch.cat([start.flatten(-2), end.flatten(-2), inner.flatten(-2), pen, latents.layout], -1)

    def _latents(self, coordinates: Float[Tensor, "*b d"]) -> Latents:
        """Return the strokes of which `_coordinates` are given."""
        ends, inner, pen, layout = coordinates.split(
            [ENDS, 2 * self.points - ENDS, coordinates.shape[-1] - 2 * self.points - LAYOUT, LAYOUT], -1
        )
        start, end = ends.unflatten(-1, (2, 2)).split(1, -2)
        inner = inner.unflatten(-1, (self.points - 2, 2)) + start + (end - start) * self._shares(start)
        points = self.layout_range.frame(layout).inverse().apply(torch.cat([start, inner, end], -2))
        return Latents(layout, torch.cat([points.flatten(-2), pen], -1))

    def _shares(self, like: Tensor) -> Float[Tensor, "p 1"]:
        """Return how far from start to end each control point between them would be, were they evenly spaced."""
        return torch.linspace(0, 1, self.points, dtype=like.dtype, device=like.device)[1:-1].unsqueeze(-1)

    def _densities(
        self, latents: Latents, hidden: Float[Tensor, "b t h"], mask: Bool[Tensor, "b t"]
    ) -> Float[Tensor, " n"]:
        hidden, numbers = hidden[mask], self._standard(latents)[mask]
        ends, rest = numbers.split([ENDS, numbers.shape[-1] - ENDS], -1)
        if not len(ends):  # torch's distributions cannot take nothing
            return ends.sum(-1)
        start, end = (HALF * ends).split(2, -1)
        places = _places(_before(self._points(latents))[mask])
        density = self.start(hidden, places).log_prob(start)
        density = density + self.end(*_end_given(hidden, start, places)).log_prob(end)
        density = density + self.made.log_prob(rest, self.between(torch.cat([hidden, ends], -1)))
        scale = self.layout_range.scale.squash(latents.layout[mask][:, 0])
        return density - self.std[ENDS:].log().sum() + 2 * self.points * scale.log()

    def _draw(
        self, hidden: Float[Tensor, "b h"], previous: Float[Tensor, "b w"], pick: Tensor, noise: Tensor
    ) -> tuple[Latents, Float[Tensor, "b w"]]:
        earlier = previous[:, len(self.first) :].unflatten(-1, (EARLIER, -1))
        places = _places(earlier)
        start = self.start(hidden, places).select(pick[:, 0], noise[:, :2])
        end = self.end(*_end_given(hidden, start, places)).select(pick[:, 2], noise[:, 2:ENDS])
        ends = torch.cat([start, end], -1) / HALF
        given = self.between(torch.cat([hidden, ends], -1))
        numbers = torch.cat([ends, self.made.sample(given, pick[:, ENDS:], noise[:, ENDS:])], -1)
        latents = self._latents(numbers * self.std + self.mean)
        newest = _marked(self._points(latents)).unsqueeze(1)
        history = torch.cat([newest, earlier[:, :-1]], 1).flatten(1)
        return latents, torch.cat([self._described(latents), history], -1)

    def _step(
        self, previous: Float[Tensor, "b w"], code: Float[Tensor, "b c"], state: Tensor
    ) -> tuple[Float[Tensor, "b h"], Tensor]:
        return super()._step(previous[:, : len(self.first)], code, state)

    def _go_on(self, hidden: Float[Tensor, "b t h"], entries: Int[Tensor, " b"]) -> Float[Tensor, "b t1"]:
        steps = torch.arange(hidden.shape[1] - 1, device=hidden.device).clamp(max=EARLIER - 1)
        return self.on_head(self.codebook(entries))[:, steps]

    def _go_on_next(
        self, hidden: Float[Tensor, "b h"], code: Float[Tensor, "b c"], previous: Float[Tensor, "b w"]
    ) -> Float[Tensor, " b"]:
        drawn = previous[:, len(self.first) :].unflatten(-1, (EARLIER, -1))[..., -1].sum(-1).long()
        return self.on_head(code).gather(1, (drawn - 1).clamp(min=0).unsqueeze(-1)).squeeze(-1)

    def beginning(self, batch: int) -> Float[Tensor, "b w"]:
        history = self.first.new_zeros(batch, EARLIER * (2 * self.points + 1))
        return torch.cat([super().beginning(batch), history], -1)


def _marked(points: Float[Tensor, "*b p 2"]) -> Float[Tensor, "*b w"]:
    """Return the control points of strokes, then a 1, which says that there is a stroke."""
    flat = points.flatten(-2)
    return torch.cat([flat, torch.ones_like(flat[..., :1])], -1)


def _before(points: Float[Tensor, "b t p 2"]) -> Float[Tensor, "b t s w"]:
    """Return for each stroke those before it, `_marked`, the latest first; zeros where there is none."""
    marked = functional.pad(_marked(points), (0, 0, EARLIER, 0))[:, :-1]
    return marked.unfold(1, EARLIER, 1).flip(-1).transpose(-1, -2)


def _places(earlier: Float[Tensor, "n s w"]) -> Places:
    return places_along(earlier[..., :-1].unflatten(-1, (-1, 2)), earlier[..., -1] > HALF)


def _end_given(hidden: Float[Tensor, "n h"], start: Float[Tensor, "n 2"], places: Places) -> tuple[Tensor, Places]:
    """Return context and places for the end of a stroke: its own start is a place too."""
    own = start.unsqueeze(1)
    at = torch.cat([places.at, own], 1)
    itself = torch.cat([own / HALF, torch.ones_like(own[..., :1]), own.new_zeros(*own.shape[:2], PLACE - 3)], -1)
    away = (at - own) / HALF
    features = torch.cat([torch.cat([places.features, itself], 1), away, away.norm(dim=-1, keepdim=True)], -1)
    right = torch.stack([torch.ones_like(start[:, :1]), torch.zeros_like(start[:, :1])], -1)
    direction = torch.cat([places.direction, right], 1)
    present = torch.cat([places.present, torch.ones_like(places.present[:, :1])], 1)
    return torch.cat([hidden, start / HALF], -1), Places(at, direction, features, present)
