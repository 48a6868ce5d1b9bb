"""The renderer against a dense float64 sum, central differences, and what a pen does on paper."""

import math
from collections.abc import Iterator

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from torch import Tensor

from dood.core.geometry import bernstein, pixel_centres
from dood.core.renderer import HALF, Pen, composite, render, render_drawings
from tests.tiny import seeded

seeds = st.integers(0, 2**32 - 1)


def stroke(seed: int, batch: int = 3, control: int = 4, radii: int = 2) -> tuple[Tensor, Pen]:
    """Random strokes, some of which leave the canvas, with pens of a plausible width."""
    generator = seeded(seed)
    points = torch.rand(batch, control, 2, generator=generator) * 2.4 - 1.2
    radius = 0.03 + 0.15 * torch.rand(batch, radii, generator=generator)
    return points, Pen(radius, 0.5 + 2.5 * torch.rand(batch, generator=generator))


def dense(points: Tensor, pen: Pen, height: int, width: int, samples: int) -> Tensor:
    """One stroke in float64, pixel by pixel: every sample's Gaussian weighted by the length of curve around it."""
    points, radius, hardness = points.double(), pen.radius.double(), pen.hardness.double()
    curve = bernstein(len(points), samples).double() @ points
    std = bernstein(len(radius), samples).double() @ radius / hardness
    ink = torch.zeros(height, width, dtype=torch.float64)
    for s in range(samples):
        before = (curve[s] - curve[s - 1]).norm() if s else 0.0
        after = (curve[s + 1] - curve[s]).norm() if s + 1 < samples else 0.0
        weight = (before + after) / 2 / (math.sqrt(2 * math.pi) * std[s]) + 1 / samples
        for i in range(height):
            for j in range(width):
                x, y = (2 * j + 1) / width - 1, (2 * i + 1) / height - 1
                distance = (curve[s, 0] - x) ** 2 + (curve[s, 1] - y) ** 2
                ink[i, j] += weight * torch.exp(-distance / (2 * std[s] ** 2))
    return math.atanh(0.5) * torch.exp(hardness**2 / 2) * ink


@pytest.fixture
def float64() -> Iterator[None]:
    """Double precision by default, for numerical gradients."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(usual)


@pytest.mark.parametrize(("control", "radii"), [(1, 1), (2, 1), (3, 3), (5, 2)])
def test_render_is_the_dense_sum_of_gaussians(control: int, radii: int) -> None:
    points, pen = stroke(control, 2, control, radii)
    fast = render(points, pen, 6, 9, 10)
    slow = [dense(points[b], Pen(pen.radius[b], pen.hardness[b]), 6, 9, 10) for b in range(2)]
    assert_allclose(fast, torch.stack(slow), rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("radii", [1, 3])
def test_render_has_the_gradient_of_central_differences(radii: int) -> None:
    points, pen = stroke(1, 2, 4, radii)
    inputs = tuple(part.double().requires_grad_() for part in (points, *pen))
    assert torch.autograd.gradcheck(lambda p, r, h: render(p, Pen(r, h), 5, 7, 6), inputs)


@pytest.mark.usefixtures("float64")
def test_the_gradient_in_float32_is_that_in_float64() -> None:
    points, pen = stroke(2, 4)

    def gradients(dtype: torch.dtype) -> list[Tensor]:
        inputs = [part.to(dtype).requires_grad_() for part in (points, *pen)]
        composite(render(inputs[0], Pen(*inputs[1:]), 20, 20)).square().sum().backward()
        return [part.grad for part in inputs if part.grad is not None]

    for single, double in zip(gradients(torch.float32), gradients(torch.float64), strict=True):
        assert_allclose(single, double, rtol=1e-3, atol=1e-3 * double.abs().max().item())


def test_a_drawing_has_the_ink_of_its_strokes_that_count() -> None:
    points, pen = stroke(3, 6)
    mask = torch.tensor([[True, False, True], [False, False, False]])
    drawings = points.view(2, 3, 4, 2), Pen(pen.radius.view(2, 3, 2), pen.hardness.view(2, 3))
    each = render(points, pen, 7, 9, 12).view(2, 3, 7, 9)
    expected = (each * mask[..., None, None]).sum(1)
    assert_allclose(render_drawings(*drawings, mask, 7, 9, 12), expected, rtol=1e-4, atol=1e-5)
    assert expected[0].max() > 0.1


@given(seed=seeds)
def test_batch_axes_and_strokes_do_not_mix(seed: int) -> None:
    points, pen = stroke(seed, 6)
    together = render(points.view(2, 3, 4, 2), Pen(pen.radius.view(2, 3, 2), pen.hardness.view(2, 3)), 8, 8, 12)
    alone = torch.stack([render(points[b], Pen(pen.radius[b], pen.hardness[b]), 8, 8, 12) for b in range(6)])
    assert_allclose(together.view(6, 8, 8), alone, rtol=1e-4, atol=1e-5)


@given(seed=seeds)
def test_rotating_the_points_by_90_degrees_rotates_the_raster(seed: int) -> None:
    points, pen = stroke(seed)
    turned = torch.stack([-points[..., 1], points[..., 0]], -1)
    expected = render(points, pen, 13, 13).rot90(-1, (-2, -1))
    assert_allclose(render(turned, pen, 13, 13), expected, rtol=1e-4, atol=1e-5)


@given(seed=seeds)
def test_swapping_the_axes_transposes_the_raster(seed: int) -> None:
    points, pen = stroke(seed)
    assert_allclose(render(points.flip(-1), pen, 9, 14), render(points, pen, 14, 9).mT, rtol=1e-4, atol=1e-5)


@given(seed=seeds)
def test_a_stroke_drawn_backwards_looks_the_same(seed: int) -> None:
    points, pen = stroke(seed)
    backwards = Pen(pen.radius.flip(-1), pen.hardness)
    assert_allclose(render(points.flip(-2), backwards, 9, 9), render(points, pen, 9, 9), rtol=1e-4, atol=1e-5)


@given(seed=seeds)
def test_the_first_and_last_samples_lie_on_the_end_points(seed: int) -> None:
    points, _ = stroke(seed)
    curve = bernstein(4, 16) @ points
    assert_allclose(curve[:, [0, -1]], points[:, [0, -1]], atol=1e-6)


@pytest.mark.parametrize("bunching", [1 / 3, 0.1, 0.01, 0.9])
@pytest.mark.parametrize("hardness", [0.5, 1.8, 3.0])
def test_ink_is_even_along_a_stroke_however_its_points_bunch(bunching: float, hardness: float) -> None:
    """Along the middle line, three standard deviations of the pen or more from the ends."""
    x = torch.tensor([-0.8, 1.6 * bunching - 0.8, 1.6 * bunching - 0.7, 0.8])
    std = 0.06
    pen = Pen(torch.tensor([std * hardness]), torch.tensor(hardness))
    middle = render(torch.stack([x, torch.zeros(4)], -1), pen, 51, 51)[25, pixel_centres(51).abs() < 0.8 - 3 * std]
    assert middle.max() / middle.min() < 1.25
    assert_allclose(middle.mean(), HALF * math.exp(hardness**2 / 2), rtol=0.15)


@pytest.mark.parametrize("hardness", [0.5, 1.0, 3.0])
def test_the_canvas_is_half_dark_at_the_radius(hardness: float) -> None:
    side, radius = 401, 0.1
    points = torch.tensor([[-20.0, 0.0], [20.0, 0.0]])
    pen = Pen(torch.tensor([radius]), torch.tensor(hardness))
    column = composite(render(points, pen, side, side, 2000))[:, side // 2]
    assert_allclose(column[side // 2 + round(radius * side / 2)], 0.5, atol=0.02)
    assert (column[pixel_centres(side).abs() < 0.9 * radius] > 0.5).all()
    assert (column[pixel_centres(side).abs() > 1.1 * radius] < 0.5).all()


def test_the_width_follows_the_pens_control_values() -> None:
    points = torch.tensor([[-0.8, 0.0], [0.8, 0.0]])
    ink = render(points, Pen(torch.tensor([0.03, 0.03, 0.3]), torch.tensor(2.0)), 60, 60)
    dark = (composite(ink) > 0.5).sum(0)
    assert dark[15] < dark[30] < dark[45]


@pytest.mark.parametrize("hardness", [0.5, 1.0, 3.0])
def test_a_stroke_of_no_length_is_a_visible_dot(hardness: float) -> None:
    side = 51
    points = torch.zeros(5, 2, requires_grad=True)
    canvas = composite(render(points, Pen(torch.tensor([0.1]), torch.tensor(hardness)), side, side))
    assert canvas[side // 2, side // 2] > 0.5
    assert canvas[0].max() < 0.01
    assert_allclose(canvas.detach(), canvas.detach().rot90(1), atol=1e-5)
    (canvas * pixel_centres(side)).sum().backward()
    assert points.grad is not None
    assert points.grad.isfinite().all()
    assert (points.grad[:, 0] > 0).all(), "the dot can be pulled to the right"


def test_a_stroke_far_off_the_canvas_inks_nothing_and_has_a_finite_gradient() -> None:
    points = torch.full((4, 2), 50.0, requires_grad=True)
    ink = render(points, Pen(torch.tensor([0.05]), torch.tensor(3.0)), 16, 16)
    ink.sum().backward()
    assert ink.max() < 1e-8
    assert points.grad is not None
    assert points.grad.isfinite().all()


@given(seed=seeds)
def test_the_canvas_lies_between_0_and_1_and_more_ink_is_darker(seed: int) -> None:
    ink = render(*stroke(seed), 10, 10)
    canvas = composite(ink)
    assert ((canvas >= 0) & (canvas <= 1)).all()
    assert (composite(ink + 0.1) >= canvas).all()


def test_composite_is_the_hyperbolic_tangent() -> None:
    ink = torch.linspace(0, 30, 200).view(10, 20)
    assert_allclose(composite(ink), ink.tanh(), atol=1e-6)
    assert composite(torch.zeros(1, 1)).item() == 0
    assert_allclose(composite(torch.full((1, 1), HALF)), 0.5, atol=1e-6)


def test_a_drawing_is_the_same_at_every_size() -> None:
    """Values at the pixel centres that 15 and 45 pixels have in common."""
    points, pen = stroke(4)
    fine, coarse = render(points, pen, 45, 45), render(points, pen, 15, 15)
    assert_allclose(fine[..., 1::3, 1::3], coarse, rtol=1e-4, atol=1e-5)
