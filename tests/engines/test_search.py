"""From images to strokes: the best guess, the best of several, refinement, pruning, and further strokes."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from dood.core.streams import Stream, picture_seed
from dood.engines.engine import Array, Found, Latents, joined
from dood.engines.network import Network
from dood.engines.search import error, extend, parse, prune, refine, search
from dood.engines.views import infer_views
from dood.inference.views import infer_viewed
from dood.training.presets import MODELS
from tests.engines.deciding import vary
from tests.tiny import TINY, scribbles, tiny_model


@pytest.fixture
def images() -> Array:
    return scribbles(8).numpy()


@pytest.fixture
def engine(images: Array) -> Network:
    model = tiny_model(seed=1)
    vary(model, torch.from_numpy(images))
    return Network(model.requires_grad_(False))


def drawn(engine: Network, latents: Latents) -> Array:
    """The canvas of the strokes that count, drawn anew one image at a time."""
    canvases = []
    for b, count in enumerate(latents.strokes.tolist()):
        alone = Latents(latents.layout[b : b + 1, :count], latents.stroke[b : b + 1, :count], np.array([count]))
        canvases.append(engine.composite(engine.ink(alone).sum(1))[0])
    return np.stack(canvases)


def streams(images: Array) -> list[Stream]:
    return [Stream(picture_seed(image, 2)) for image in images]


def with_count(found: Found, *strokes: int) -> Found:
    """With other numbers of strokes that count."""
    return Found(found.latents._replace(strokes=np.array(strokes)), found.canvases)


@pytest.mark.parametrize("samples", [1, 4])
def test_the_canvas_shows_the_strokes_that_count(engine: Network, images: Array, samples: int) -> None:
    found = parse(engine, images, samples=samples, streams=streams(images))
    assert len(set(found.latents.strokes.tolist())) > 1
    assert_allclose(found.canvas, drawn(engine, found.latents), atol=1e-5)
    assert_allclose(error(images, found), np.square(found.canvas - images).mean((1, 2)), rtol=1e-6)


def test_more_samples_are_never_worse_and_sometimes_better(engine: Network, images: Array) -> None:
    one, two, many = (error(images, parse(engine, images, samples=k, streams=streams(images))) for k in (1, 2, 12))
    assert (two <= one).all()
    assert (many <= two).all()
    assert (many < one).any()


def test_the_best_is_chosen_for_each_image_alone(
    engine: Network, images: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each image keeps its own best sample whole: latents, number of strokes and canvases."""
    infer, tries = engine.infer, []

    def undecided(*arguments: Any, **settings: Any) -> Found:
        """The model's inference, with any number of strokes."""
        numbers = np.random.default_rng(len(tries)).integers(0, TINY.strokes + 1, len(images))
        tries.append(with_count(infer(*arguments, **settings), *numbers.tolist()))
        return tries[-1]

    monkeypatch.setattr(engine, "infer", undecided)
    best = parse(engine, images, samples=5, streams=streams(images))
    errors = np.stack([error(images, each) for each in tries])
    chosen = errors.argmin(0).tolist()
    assert len(set(chosen)) > 2
    assert_allclose(error(images, best), errors.min(0), rtol=1e-6)
    for b, k in enumerate(chosen):
        assert_array_equal(best.canvases[b], tries[k].canvases[b])
        for ours, its in zip(best.latents, tries[k].latents, strict=True):
            assert_array_equal(ours[b], its[b])


def test_refinement_comes_closer_and_keeps_the_count(engine: Network, images: Array) -> None:
    found = parse(engine, images)
    before = [part.copy() for part in found.latents]
    refined = refine(engine, images, found, 5)
    drawing = found.latents.strokes > 0
    assert drawing.any()
    assert (error(images, refined) <= error(images, found)).all()
    assert (error(images, refined) < error(images, found))[drawing].mean() > 0.8
    assert_array_equal(refined.latents.strokes, found.latents.strokes)
    assert_array_equal(refined.latents.layout, found.latents.layout)
    assert_allclose(refined.canvas, drawn(engine, refined.latents), atol=1e-5)
    for part, old in zip(found.latents, before, strict=True):
        assert_array_equal(part, old)


def test_a_drawing_that_cannot_gain_keeps_what_it_had(engine: Network, images: Array) -> None:
    found = parse(engine, images)
    refined = refine(engine, found.canvas, found, 4)
    for new, old in zip(refined.latents, found.latents, strict=True):
        assert_array_equal(new, old)
    assert refine(engine, images, found, 0) is found


def test_pruning_leaves_out_strokes_that_do_not_pay(engine: Network) -> None:
    """A stroke beside the drawing goes, one that draws it stays, and what is left draws what it drew."""
    found = parse(engine, np.zeros((3, 12, 12), np.float32), strokes=4)
    found.latents.layout[..., 1] = [-3.0, 3.0, -1.0, 1.0]
    second_alone = engine.composite(engine.ink(found.latents)[:, 1])
    found = with_count(found, 4, 4, 4)
    pruned = prune(engine, second_alone, found)
    assert pruned.latents.strokes.tolist() == [1, 1, 1]
    assert_array_equal(pruned.latents.stroke[:, 0], found.latents.stroke[:, 1])
    assert_allclose(pruned.canvas, second_alone, atol=1e-6)


def test_extending_adds_strokes_after_those_that_count(engine: Network, images: Array) -> None:
    few = images[:3]
    before = with_count(parse(engine, few, strokes=3), 0, 1, 3)
    after = extend(engine, few, before, 2)
    assert after.latents.strokes.tolist() == [2, 3, 5]
    assert_allclose(after.latents.stroke[1, 0], before.latents.stroke[1, 0])
    assert_allclose(after.latents.stroke[2, :3], before.latents.stroke[2])
    assert_allclose(after.canvas, drawn(engine, after.latents), atol=1e-5)


def test_a_search_that_may_go_on_comes_closer(images: Array) -> None:
    engine = Network(tiny_model(seed=1))
    errors = [error(images, search(engine, images, strokes=n, refining=8)).mean() for n in (TINY.strokes, 8)]
    assert errors[0] > errors[1]


def test_the_best_of_eight_views_is_never_worse_and_sometimes_better(engine: Network, images: Array) -> None:
    plain, found = parse(engine, images), parse(engine, images, views=True)
    assert (error(images, found) <= error(images, plain)).all()
    assert (error(images, found) < error(images, plain)).any()
    assert_allclose(found.canvas, drawn(engine, found.latents), atol=1e-5)


def test_a_view_is_that_of_the_network(engine: Network, images: Array) -> None:
    """Engines in numpy and inference in torch turn pictures and strokes alike."""
    for k, seen in enumerate(infer_views(engine, images, 2)):
        expected = infer_viewed(engine.model, torch.from_numpy(images), torch.full((len(images),), k), strokes=2)
        assert_allclose(seen.canvases, expected.canvases, atol=1e-6)
        for part, wanted in zip(seen.latents[:2], expected.latents, strict=True):
            assert_allclose(part, wanted, atol=1e-6)


def test_parts_that_are_no_strokes_are_seen_as_they_are(images: Array) -> None:
    engine = Network(tiny_model(dataclasses.replace(TINY, **MODELS["difference-air"])).requires_grad_(False))
    (seen,) = infer_views(engine, images, 2)
    assert_array_equal(seen.canvases, engine.infer(images, 2).canvases)


def test_a_search_uses_no_more_strokes_than_allowed(engine: Network, images: Array) -> None:
    for strokes in (1, 2, 3, 7):
        found = search(engine, images, strokes=strokes, refining=2)
        assert (found.latents.strokes <= strokes).all()
        assert_allclose(found.canvas, drawn(engine, found.latents), atol=1e-5)


def test_a_search_without_refinement_still_prunes(engine: Network, images: Array) -> None:
    found = search(engine, images, strokes=2, refining=0)
    first = parse(engine, images, views=True)
    assert_allclose(error(images, found), error(images, prune(engine, images, first)), rtol=1e-4)


def test_joined_drawings_are_drawn_as_they_were(engine: Network, images: Array) -> None:
    parts = [engine.infer(images[:3], 2), with_count(engine.infer(images[3:5], 4), 4, 3)]
    together = joined([part.latents for part in parts])
    assert together.layout.shape == (5, 4, 4)
    assert_allclose(drawn(engine, together), np.concatenate([part.canvas for part in parts]), atol=1e-5)


def test_a_blank_image_needs_no_stroke() -> None:
    found = search(Network(tiny_model(seed=1)), np.zeros((2, 12, 12), np.float32), strokes=4, refining=2)
    assert found.latents.strokes.tolist() == [0, 0]
    assert found.canvas.max() == 0
