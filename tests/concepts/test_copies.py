"""Tokens in numpy against those in torch."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from dood.concepts.copies import copies
from dood.concepts.spreads import Spreads
from dood.concepts.tokens import random_tokens, token_strokes
from dood.core.renderer import Pen
from dood.engines.engine import Curves
from dood.inference.strokes import Strokes
from tests.tiny import seeded

COUNT = 5


def a_drawing() -> Strokes:
    """Three strokes, of which two count."""
    points = torch.rand(1, 3, 4, 2, generator=seeded()) * 1.6 - 0.8
    radius = torch.rand(1, 3, 2, generator=seeded(1)) * 0.1 + 0.05
    return Strokes(points, Pen(radius, torch.ones(1, 3)), torch.tensor([[True, True, False]]))


def as_curves(strokes: Strokes) -> Curves:
    return Curves(strokes.points.numpy(), strokes.radius.numpy(), strokes.mask.numpy())


@pytest.mark.parametrize("temperature", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("spreads", [Spreads(), Spreads(bend=0.2, shift=0.3, shear=0.4, angle=0.8, pen=0.5)])
def test_copies_are_the_tokens_of_the_same_seed(temperature: float, spreads: Spreads) -> None:
    drawing = a_drawing()
    types = drawing.rows(torch.zeros(COUNT, dtype=torch.long))
    tokens = token_strokes(types, random_tokens(types, temperature=temperature, generator=seeded(4)), spreads)
    made = copies(as_curves(drawing), spreads, COUNT, temperature=temperature, seed=4)
    assert_allclose(made.points, tokens.points.numpy(), atol=1e-4)
    assert_allclose(made.radius, tokens.radius.numpy(), rtol=1e-5)
    assert_array_equal(made.mask, tokens.mask.numpy())


def test_a_drawing_without_strokes_is_copied_too() -> None:
    nothing = as_curves(a_drawing())._replace(mask=np.zeros((1, 3), bool))
    assert not copies(nothing, Spreads(), 2).mask.any()
