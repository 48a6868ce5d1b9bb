"""Tokens of a type: what changes, what stays, and by how much."""

import math

import torch

from dood.concepts.tokens import Spreads, Token, deformation, log_density, random_tokens, token_strokes
from dood.core.renderer import Pen
from dood.inference.strokes import Strokes

SIDE = 24


def two_lines() -> Strokes:
    """A cross of two strokes, and a third that does not count."""
    along = torch.linspace(-0.5, 0.5, 5)
    lines = [torch.stack([along, 0 * along], -1), torch.stack([0 * along, along], -1), torch.ones(5, 2)]
    pen = Pen(torch.full((1, 3, 2), 0.05), torch.full((1, 3), 2.0))
    return Strokes(torch.stack(lines).unsqueeze(0), pen, torch.tensor([[True, True, False]]))


def still(types: Strokes) -> Token:
    return random_tokens(types, temperature=0.0)


def many(count: int) -> Strokes:
    return two_lines().rows(torch.zeros(count, dtype=torch.long))


def test_at_temperature_zero_a_token_is_its_type() -> None:
    types = two_lines()
    again = token_strokes(types, still(types), Spreads())
    assert torch.allclose(again.points, types.points, atol=1e-6)
    assert torch.allclose(again.canvas(SIDE), types.canvas(SIDE), atol=1e-5)
    assert log_density(still(types)).item() == 0


def with_whole(types: Strokes, number: int, spreads: Spreads) -> Strokes:
    """The token that is one deviation off in one of the numbers of the whole."""
    token = still(types)
    token.whole[:, number] = 1
    return token_strokes(types, token, spreads)


def test_the_whole_is_shifted_sized_turned_and_thickened_about_its_centre() -> None:
    types, spreads = two_lines(), Spreads(shift=0.1, size=0.2, angle=0.3, pen=0.5)
    points = types.points[:, :2]
    shifted, sized, turned, thicker = (with_whole(types, number, spreads) for number in (0, 2, 5, 6))
    assert torch.allclose(shifted.points[:, :2], points + torch.tensor([0.1, 0.0]), atol=1e-5)
    assert torch.allclose(sized.points[:, :2], points * math.exp(0.2), atol=1e-5)
    end = torch.tensor([0.5 * math.cos(0.3), 0.5 * math.sin(0.3)])
    assert torch.allclose(turned.points[0, 0, -1], end, atol=1e-5)
    assert torch.allclose(thicker.pen.radius, types.pen.radius * math.exp(0.5))


def test_aspect_and_shear_keep_the_area() -> None:
    types = two_lines()
    for number, matrix in (
        (3, [[math.exp(0.1), 0.0], [0.0, math.exp(-0.1)]]),
        (4, [[1.0, 0.3], [0.0, 1.0]]),
    ):
        again = with_whole(types, number, Spreads(aspect=0.2, shear=0.3))
        assert torch.allclose(again.points[:, :2], types.points[:, :2] @ torch.tensor(matrix).mT, atol=1e-5)


def test_points_depart_by_the_stated_spreads_and_neighbours_together() -> None:
    spreads = Spreads(bend=0.05, stroke=0, point=0.02, shift=0, size=0, aspect=0, shear=0, angle=0, pen=0)
    types = many(4000)
    again = token_strokes(types, random_tokens(types, generator=torch.Generator().manual_seed(1)), spreads)
    moved = (again.points - types.points)[:, :2]
    expected = (0.05**2 + 0.02**2) ** 0.5
    assert torch.allclose(moved.std(0), torch.tensor(expected), rtol=0.06)
    crossing = moved[:, 0, 2], moved[:, 1, 2]
    covariance = (crossing[0] * crossing[1]).mean()
    assert abs(covariance.item() - 0.05**2) < 3e-4


def test_a_deformation_is_a_square_root_of_its_covariance() -> None:
    types, spreads = two_lines(), Spreads()
    matrix = deformation(types, spreads)
    variance = (matrix @ matrix.mT).diagonal(dim1=-2, dim2=-1)
    assert torch.allclose(variance, torch.tensor(spreads.bend**2 + spreads.stroke**2 + spreads.point**2), rtol=1e-3)


def test_a_token_can_be_fitted() -> None:
    types = two_lines()
    token = Token(*(part.requires_grad_() for part in still(types)))
    token_strokes(types, token, Spreads()).canvas(SIDE).square().sum().backward()
    for part in token:
        assert part.grad is not None
        assert torch.isfinite(part.grad).all()
        assert part.grad.abs().sum() > 0


def test_strokes_shift_each_on_their_own() -> None:
    spreads = Spreads(bend=0, stroke=0.04, point=0, shift=0, size=0, aspect=0, shear=0, angle=0, pen=0)
    types = many(4000)
    again = token_strokes(types, random_tokens(types, generator=torch.Generator().manual_seed(1)), spreads)
    moved = (again.points - types.points)[:, :2]
    assert torch.allclose(moved.std(0), torch.tensor(0.04), rtol=0.06)
    assert (moved[:, :, 0] - moved[:, :, -1]).std() < 1e-3
    assert abs((moved[:, 0, 2] * moved[:, 1, 2]).mean().item()) < 1e-4
