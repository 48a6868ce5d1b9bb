"""Dots and dashes that were overlooked are put down."""

import pytest
import torch

from dood.concepts.leftovers import with_leftovers
from dood.core.renderer import Pen
from dood.inference.strokes import Strokes

SIDE = 50


def lines(*ends: tuple[float, float, float, float], radius: float = 0.06) -> Strokes:
    """One drawing of straight strokes."""
    along = torch.linspace(0, 1, 5)[:, None]
    points = torch.stack([torch.tensor(e[:2]) + along * (torch.tensor(e[2:]) - torch.tensor(e[:2])) for e in ends])
    pen = Pen(torch.full((1, len(ends), 3), radius), torch.full((1, len(ends)), 2.0))
    return Strokes(points[None], pen, torch.ones(1, len(ends), dtype=torch.bool))


LINE, DOT, DASH = (-0.6, -0.5, 0.6, -0.5), (0.3, 0.4, 0.3, 0.4), (-0.6, 0.6, -0.2, 0.3)


def test_a_dot_and_a_dash_that_are_missing_are_found() -> None:
    image = lines(LINE, DOT, DASH).canvas(SIDE)
    found = with_leftovers(lines(LINE), image)
    assert found.mask.sum() == 3
    assert (found.canvas(SIDE) - image).abs().max() < 0.75
    before = (lines(LINE).canvas(SIDE) - image).square().sum()
    assert (found.canvas(SIDE) - image).square().sum() < 0.15 * before
    dash, dot = found.points[0, 1], found.points[0, 2]
    assert torch.allclose(dot.mean(0), torch.tensor([0.3, 0.4]), atol=0.02)
    assert (dot[0] - dot[-1]).norm() < 0.06
    assert (dash[0] - dash[-1]).norm().item() == pytest.approx(0.5, abs=0.12)
    assert found.pen.radius[0, 2].mean().item() == pytest.approx(0.06, abs=0.02)


def test_what_nothing_is_left_of_is_as_it_was() -> None:
    types = lines(LINE, DOT)
    assert with_leftovers(types, types.canvas(SIDE)) is types
    specks = types.canvas(SIDE)
    specks[0, 45, 45] = 1.0
    assert with_leftovers(types, specks) is types


def test_drawings_of_a_batch_are_filled_up_with_strokes_that_do_not_count() -> None:
    one, other = lines(LINE), lines(DASH)
    pens = Pen(*(torch.cat(parts) for parts in zip(one.pen, other.pen, strict=True)))
    both = Strokes(torch.cat([one.points, other.points]), pens, torch.cat([one.mask, other.mask]))
    found = with_leftovers(both, torch.cat([lines(LINE, DOT).canvas(SIDE), other.canvas(SIDE)]))
    assert found.mask.tolist() == [[True, True], [True, False]]
    assert torch.allclose(found.canvas(SIDE)[1], other.canvas(SIDE)[0], atol=1e-5)
