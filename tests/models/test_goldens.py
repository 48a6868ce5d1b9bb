"""What models of every kind make of the same images and the same noise is what they made of them before.

A golden test: it says that something changed, not that it is wrong. A change that is meant changes what shipped weights
do, so new weights come with it; then write the figures anew with `python -m tests.models.test_goldens`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from dood.models.appearance import Spline
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes
from dood.models.priors.coordinates import ENDS
from dood.models.priors.expost import ExPostPrior
from dood.models.priors.places import before, places_along
from tests.lively import begun, in_doubles, lively_model, waves
from tests.models.test_dood import VARIANTS, tensors
from tests.prints import changed, print_of, read, write
from tests.tiny import scribbles, seeded

GOLDENS = Path(__file__).with_name("goldens.json")

ROUNDING = 1e-8
"""Of the sum of magnitudes: other processors and versions add in another order."""

Tensors = dict[str, Tensor]


def inferred(model: DooD) -> Tensors:
    """The samples that noise selects, one stroke more than the model's own number of them, and the means."""
    images, t = scribbles(3, model.config.resolution), model.config.strokes + 1
    noise = waves(3, t, sum(model.widths), rate=0.9)
    given = LatentStrokes(Latents.from_flat(noise), torch.tensor([t, 0, 1]))
    return {
        **tensors(model(images, noise)),
        "std": model.infer(images, noise).std,
        "mean": model.infer(images).latents.flat(),
        "larger": model.likelihood(model(scribbles(2, 21)).canvases).log_prob(scribbles(2, 21).unsqueeze(1)),
        "given": model.infer(images, given=given, strokes=2).latents.flat(),
    }


def looked(model: DooD) -> Tensors:
    """What is seen and guessed in a glimpse, and drafts of strokes at the side of a glimpse and at another one."""
    rec, config = model.recognition, model.config
    target, canvas = scribbles(2), 0.6 * scribbles(2, seed=4)
    layout, state = waves(2, 4, rate=0.2), waves(2, config.hidden, rate=0.6)
    look = rec.look(target, canvas, layout, state)
    stroke = model.appearance.start_mean + 0.5 * waves(2, model.appearance.width, rate=0.5)
    sides = config.glimpse_size, config.glimpse_size // 2
    drafts = {f"draft.{side}": model.appearance.draft(stroke, torch.tensor([0.3, 0.8]), side) for side in sides}
    return {"glimpse": look.glimpse, "guesses": torch.stack(look.guesses), **drafts}


def rendered(model: DooD) -> Tensors:
    """Strokes in a grid of drawings, on a canvas that is no square."""
    flat = torch.cat(
        [waves(2, 3, 4, rate=0.3), model.appearance.start_mean + waves(2, 3, model.widths[1], rate=0.8)], -1
    )
    latents = Latents.from_flat(flat)
    found = {"ink": model.render(latents, 9, 13), "canvases": model.canvases(latents, 9, 13)}
    frame = model.layout_range.frame(latents.layout)
    found["frame"] = torch.cat([frame.scale.unsqueeze(-1), frame.shift, frame.angle.unsqueeze(-1)], -1)
    if isinstance(model.appearance, Spline):
        found["points"] = model.appearance.points(latents.stroke)
        found["pen"] = torch.cat([part.flatten() for part in model.appearance.pen(latents.stroke)])
    return found


def sampled(model: DooD) -> Tensors:
    """Samples of the prior: from nothing, from given strokes and from a part of a drawing."""
    side, t = model.config.resolution, model.config.strokes
    given = LatentStrokes(Latents.from_flat(waves(5, 3, sum(model.widths), rate=0.4)), torch.tensor([3, 0, 1, 2, 3]))
    ways: dict[str, Callable[[], LatentStrokes]] = {
        "sample": lambda: model.prior.sample(5, t + 2, temperature=0.7, generator=seeded()),
        "follow": lambda: model.prior.follow(given, 2, temperature=0.7, generator=seeded(1)),
        "propose": lambda: model.prior.propose(scribbles(1, side)[0], 5, t, temperature=0.7, generator=seeded(2)),
    }
    drawings = {name: way() for name, way in ways.items()}
    after = model.sample(5, strokes=2, given=given, resolution=7, generator=seeded(3))
    return {
        **{name: each.latents.flat() for name, each in drawings.items()},
        **{f"{name}.strokes": each.strokes for name, each in drawings.items()},
        "after": after.canvas,
    }


def weighed(model: DooD) -> Tensors:
    """Densities of given strokes under the prior."""
    prior, images = model.prior, scribbles(4, model.config.resolution)
    latents = Latents.from_flat(waves(4, 3, sum(model.widths), rate=0.25))
    canvases = model.canvases(latents, *images.shape[-2:])
    log_p, stop = prior.log_prob(images, latents, canvases)
    found = {"log_p": log_p, "stop": stop.logits, "fit": prior.fit_log_prob(images, latents, canvases)}
    if isinstance(prior, ExPostPrior):
        entries = prior.codebook.nearest(images)
        found["drawing"] = prior.drawing_log_prob(LatentStrokes(latents, torch.tensor([0, 1, 2, 3])), entries)
        found["entries"] = entries
        numbers = found["numbers"] = prior.coordinates.numbers(latents)
        found["made"] = prior.made.terms(numbers[..., ENDS:], waves(4, 3, 256, rate=0.1))
        found["places"] = places_along(before(prior.coordinates.points(latents)).flatten(0, 1)).features
    return found


VIEWS = (begun, inferred, looked, rendered, sampled, weighed)


def prints_of(name: str) -> dict[str, list[float]]:
    with in_doubles(), torch.no_grad():
        model = lively_model(VARIANTS[name])
        found = {f"{view.__name__}.{what}": each for view in VIEWS for what, each in view(model).items()}
    return {what: print_of(each.numpy()) for what, each in found.items()}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_model_makes_what_it_made(name: str) -> None:
    assert changed(prints_of(name), read(GOLDENS)[name], ROUNDING) == []


if __name__ == "__main__":
    write(GOLDENS, {name: prints_of(name) for name in VARIANTS})
