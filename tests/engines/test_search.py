"""The search in numpy against the one in torch."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch import nn

from dood.core.noise import picture_sources
from dood.core.streams import Stream, picture_seed
from dood.engines import search
from dood.engines.engine import Found
from dood.engines.network import Network, to_arrays
from dood.inference import parsing
from dood.models.dood import DooD
from dood.models.latents import LatentStrokes
from tests.tiny import scribbles, tiny_model


@pytest.fixture
def model() -> DooD:
    """One whose number of strokes depends on the image."""
    model, images = tiny_model(seed=1), scribbles(8)
    last = model.recognition.on_head[-1]
    assert isinstance(last, nn.Linear)
    with torch.no_grad():
        last.weight.mul_(5000)
        last.bias.sub_(model.recognition.continue_logit(model.infer(images).stop_features[:, 0]).median() + 1e-3)
    return model.requires_grad_(False)


def assert_same(found: Found, parsed: parsing.Parse, tolerance: float = 1e-4) -> None:
    expected = to_arrays(LatentStrokes(parsed.latents, parsed.strokes))
    assert_array_equal(found.latents.strokes, expected.strokes)
    assert_allclose(found.latents.layout, expected.layout, atol=tolerance)
    assert_allclose(found.latents.stroke, expected.stroke, atol=tolerance)
    assert_allclose(found.canvases, parsed.canvases.numpy(), atol=tolerance)


@pytest.mark.parametrize("samples", [1, 4])
def test_parses_are_the_same(model: DooD, samples: int) -> None:
    images = scribbles(8)
    streams = [Stream(picture_seed(image, 2)) for image in images.numpy()]
    found = search.parse(Network(model), images.numpy(), strokes=3, samples=samples, streams=streams)
    assert len(set(found.latents.strokes.tolist())) > 1
    assert_same(found, parsing.parse(model, images, strokes=3, samples=samples, generator=picture_sources(images, 2)))
    assert_allclose(search.error(images.numpy(), found), np.square(found.canvas - images.numpy()).mean((1, 2)))


def test_refinement_takes_the_same_steps(model: DooD) -> None:
    images, engine = scribbles(6), Network(model)
    parsed, found = parsing.parse(model, images), search.parse(engine, images.numpy())
    refined = search.refine(engine, images.numpy(), found, 30)
    assert_same(refined, parsing.refine(model, images, parsed, 30), 1e-3)
    assert (search.error(images.numpy(), refined) <= search.error(images.numpy(), found)).all()
    assert (search.error(images.numpy(), refined) < search.error(images.numpy(), found)).any()
    assert search.refine(engine, images.numpy(), found, 0) is found


def test_pruning_and_extending_are_the_same(model: DooD) -> None:
    images, engine = scribbles(4), Network(model)
    parsed = parsing.parse(model, images, strokes=3)._replace(strokes=torch.tensor([0, 1, 2, 3]))
    found = Found(to_arrays(LatentStrokes(parsed.latents, parsed.strokes)), parsed.canvases.numpy())
    assert_same(search.extend(engine, images.numpy(), found, 2), parsing.extend(model, images, parsed, 2))
    assert_same(search.prune(engine, images.numpy(), found), parsing.prune(model, images, parsed))


@pytest.mark.parametrize("strokes", [1, 2, 7])
def test_searches_are_the_same(model: DooD, strokes: int) -> None:
    images = scribbles(4)
    found = search.search(Network(model), images.numpy(), strokes=strokes, refining=6)
    assert_same(found, parsing.search(model, images, strokes=strokes, refining=6), 5e-3)


def test_a_blank_image_needs_no_stroke(model: DooD) -> None:
    found = search.search(Network(model), np.zeros((2, 12, 12), np.float32), strokes=4, refining=2)
    assert found.latents.strokes.tolist() == [0, 0]
    assert found.canvas.max() == 0
