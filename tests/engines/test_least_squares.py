"""Strokes find back to where they were, and as the posteriors that are fitted in torch do."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from dood.engines.engine import Array, Latents
from dood.engines.least_squares import HOLD, least_squares
from dood.engines.network import Network, to_arrays
from dood.inference.least_squares import levenberg_marquardt
from dood.inference.variational import Posterior
from dood.models.dood import DooD
from dood.models.latents import LAYOUT, LatentStrokes
from tests.tiny import TINY, scribbles, tiny_model


@pytest.fixture
def model() -> DooD:
    return tiny_model(seed=1).requires_grad_(False)


def start_of(model: DooD, images: Array) -> Latents:
    """All strokes that a model infers."""
    inferred = model.infer(torch.from_numpy(images))
    return to_arrays(LatentStrokes(inferred.latents, torch.full((len(images),), TINY.strokes)))


def only(latents: Latents, b: int) -> Latents:
    return Latents(latents.layout[b : b + 1], latents.stroke[b : b + 1], latents.strokes[b : b + 1])


def squares(model: DooD, images: Array, latents: Latents) -> Array:
    engine = Network(model)
    ink = engine.ink(latents) * latents.mask[..., None, None]
    return np.square(engine.composite(ink.sum(1)) - images).sum((1, 2))


def test_moved_strokes_are_found_back(model: DooD) -> None:
    true = start_of(model, scribbles(3).numpy())
    engine = Network(model)
    images = engine.composite(engine.ink(true).sum(1))
    moved = true._replace(stroke=true.stroke + np.float32(0.1))
    found = least_squares(engine, images, moved, 8)
    assert (squares(model, images, found) < 0.15 * squares(model, images, moved)).all()


def test_no_step_is_for_the_worse_and_more_steps_are_never_worse(model: DooD) -> None:
    images = scribbles(6).numpy()
    costs = [
        squares(model, images, least_squares(Network(model), images, start_of(model, images), n)) for n in range(6)
    ]
    assert (np.diff(costs, axis=0) <= 1e-6).all()
    assert (costs[-1] < 0.5 * costs[0]).any()


def test_layouts_and_strokes_that_do_not_count_stay(model: DooD) -> None:
    images = scribbles(3).numpy()
    given = start_of(model, images)._replace(strokes=np.array([0, 1, 2]))
    found = least_squares(Network(model), images, given, 3)
    assert_array_equal(found.layout, given.layout)
    assert_array_equal(found.stroke[~given.mask], given.stroke[~given.mask])
    assert (found.stroke[given.mask] != given.stroke[given.mask]).any()


def test_an_image_moves_alike_alone_and_among_others(model: DooD) -> None:
    images = scribbles(4).numpy()
    given = start_of(model, images)
    together = least_squares(Network(model), images, given, 3)
    alone = least_squares(Network(model), images[2:3], only(given, 2), 3)
    assert_allclose(together.stroke[2:3], alone.stroke, atol=1e-3)


def test_they_are_the_means_of_posteriors_that_are_fitted_where_errors_count_as_their_squares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a normal likelihood of variance HOLD its prior of precision 1 holds a number as HOLD does."""
    model = tiny_model(dataclasses.replace(TINY, likelihood="normal"), seed=1).requires_grad_(False)
    model.likelihood.raw.fill_(model.likelihood.range.unsquash(math.sqrt(HOLD)))
    images = scribbles(4)
    given = start_of(model, images.numpy())
    mean = torch.cat([torch.from_numpy(part) for part in given[:2]], -1)
    stops = torch.distributions.Categorical(logits=torch.eye(TINY.strokes + 1)[-1].expand(4, -1) * 50)
    posterior = Posterior(mean, torch.zeros_like(mean), stops)
    fitted = levenberg_marquardt(model, images, posterior, 1)
    monkeypatch.setattr("dood.engines.least_squares.OFFSET", 0.003)
    found = least_squares(Network(model), images.numpy(), given, 1)
    assert_allclose(found.stroke, fitted.mean[..., LAYOUT:].numpy(), atol=0.02)
    assert np.abs(found.stroke - given.stroke).max() > 0.1
