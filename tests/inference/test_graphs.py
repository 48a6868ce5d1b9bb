"""The functions that are exported: step by step they make what the model makes at once."""

import dataclasses

import pytest
import torch
from torch.testing import assert_close

from dood.errors import DoodError
from dood.inference.graphs import Draw, PriorStep, Step
from dood.inference.strokes import strokes_of
from dood.models.latents import Latents
from dood.models.priors.expost import HIDDEN, LAYERS, ExPostPrior
from tests.lively import lively_model, waves
from tests.tiny import TINY, scribbles, tiny_model

EXPOST = dataclasses.replace(TINY, expost=True)


def test_steps_one_after_another_are_an_inference() -> None:
    model, images = lively_model(TINY), scribbles(3)
    noise = waves(3, 4, sum(model.widths), rate=0.9)
    whole, step = model.infer(images, noise), Step(model)
    state, last = model.memory.start(3), Latents.none(model.appearance.width, 3, images.device)
    ink, odds = torch.zeros_like(images), []
    for t in range(4):
        on, layout, stroke, *state, drawn = step(images, ink, *state, *last, noise[:, t])
        last, ink = Latents(layout, stroke), ink + drawn
        odds.append(on)
        assert_close(last.flat(), whole.latents.flat()[:, t])
        assert_close(model.composite(ink), whole.canvases[:, t + 1])
    assert_close(model.recognition.continue_logit(whole.stop_features), torch.stack(odds, 1))


def test_steps_of_the_prior_go_on_with_the_odds_of_its_density() -> None:
    prior = lively_model(EXPOST).prior
    assert isinstance(prior, ExPostPrior)
    step, entries = PriorStep(lively_model(EXPOST)), torch.tensor([2, 0])
    width = len(prior.mean)
    last, state, made, odds = prior.beginning(2), torch.zeros(LAYERS, 2, HIDDEN), [], []
    for t in range(3):
        pick, noise = waves(2, width, rate=0.3 + t).abs() * 0.99, 0.5 * waves(2, width, rate=0.7 + t)
        on, layout, stroke, last, state = step(entries, last, state, pick, noise)
        made.append(Latents(layout, stroke))
        odds.append(on)
    stop = prior.entry_log_prob(Latents.stack(made), entries)[1]
    for t in (1, 2):
        assert_close(odds[t].sigmoid(), 1 - stop.probs[:, t] / stop.probs[:, t:].sum(-1), atol=1e-5, rtol=1e-4)


def test_a_model_without_an_ex_post_prior_has_no_steps_of_one() -> None:
    with pytest.raises(DoodError, match="CanvasPrior is no ex-post prior"):
        PriorStep(tiny_model())


def test_what_is_drawn_is_what_the_strokes_draw() -> None:
    model = lively_model(TINY)
    latents = Latents.from_flat(waves(2, 3, sum(model.widths), rate=0.4))
    points, radius, ink = Draw(model)(*latents)
    strokes = strokes_of(model, latents, torch.tensor([3, 3]))
    assert_close(points, strokes.points)
    assert_close(radius, strokes.radius)
    assert_close(ink, model.render(latents, TINY.resolution, TINY.resolution))
