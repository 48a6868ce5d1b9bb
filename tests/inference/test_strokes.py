"""Strokes on the canvas are what their model draws."""

import dataclasses

import pytest
import torch

from dood.errors import DoodError
from dood.inference.strokes import strokes_of
from dood.training.presets import MODELS
from tests.tiny import TINY, tiny_model

SIDE = 20


def test_strokes_draw_what_their_model_draws() -> None:
    model = tiny_model()
    sample = model.sample(6, resolution=SIDE, generator=torch.Generator().manual_seed(2))
    strokes = strokes_of(model, sample.latents, sample.strokes)
    assert torch.equal(strokes.mask.sum(-1), sample.strokes)
    assert torch.allclose(strokes.canvas(SIDE, TINY.curve_samples), sample.canvas, atol=1e-5)


def test_rows_are_drawings() -> None:
    model = tiny_model()
    sample = model.sample(4, generator=torch.Generator().manual_seed(2))
    strokes = strokes_of(model, sample.latents, sample.strokes)
    picked = strokes.rows(torch.tensor([2, 0, 2]))
    assert torch.equal(picked.canvas(SIDE), strokes.canvas(SIDE)[[2, 0, 2]])


def test_trimmed_drawings_are_the_same_without_their_padding() -> None:
    model = tiny_model()
    sample = model.sample(4, generator=torch.Generator().manual_seed(2))
    strokes = strokes_of(model, sample.latents, torch.tensor([2, 0, 1, 1]))
    trimmed = strokes.trimmed()
    assert trimmed.points.shape[1] == trimmed.pen.radius.shape[1] == trimmed.mask.shape[1] == 2
    assert torch.allclose(trimmed.canvas(SIDE), strokes.canvas(SIDE), atol=1e-6)
    assert strokes.rows(torch.tensor([1])).trimmed().points.shape[1] == 1  # a blank drawing has one that does not count


def test_a_model_without_strokes_says_so() -> None:
    model = tiny_model(dataclasses.replace(TINY, **MODELS["air"]))
    sample = model.sample(2)
    with pytest.raises(DoodError, match="no strokes to give"):
        strokes_of(model, sample.latents, sample.strokes)
