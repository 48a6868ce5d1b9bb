"""Geometry against slow, obvious references."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from PIL import Image
from torch import Tensor

from dood.core.geometry import Similarity, bernstein, glimpse, pixel_centres, resize_matrix, shrink
from dood.core.renderer import HALF, Pen, render
from tests.tiny import seeded

seeds = st.integers(0, 2**32 - 1)


def similarities(batch: int, seed: int) -> Similarity:
    """Float64 layouts of any angle, scales 0.1 to 2, shifts within the canvas."""
    draw = torch.rand(batch, 4, generator=seeded(seed), dtype=torch.float64)
    return Similarity(0.1 + 1.9 * draw[:, 0], 2 * draw[:, 1:3] - 1, 2 * math.pi * draw[:, 3])


def de_casteljau(points: Tensor, u: float) -> Tensor:
    while len(points) > 1:
        points = (1 - u) * points[:-1] + u * points[1:]
    return points[0]


def slow_glimpse(image: Tensor, layout: Similarity, size: int) -> Tensor:
    """One channel, one image: pixel by pixel, bilinear between the four neighbours, 0 outside."""
    height, width = image.shape
    result = torch.zeros(size, size)
    cos, sin = layout.scale * layout.angle.cos(), layout.scale * layout.angle.sin()
    for i in range(size):
        for j in range(size):
            u, v = (2 * j + 1) / size - 1, (2 * i + 1) / size - 1
            x = (cos * u - sin * v + layout.shift[0] + 1) * width / 2 - 0.5
            y = (sin * u + cos * v + layout.shift[1] + 1) * height / 2 - 0.5
            for row in (math.floor(y), math.floor(y) + 1):
                for column in (math.floor(x), math.floor(x) + 1):
                    if 0 <= row < height and 0 <= column < width:
                        result[i, j] += image[row, column] * (1 - abs(x - column)) * (1 - abs(y - row))
    return result


@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_pixel_centres_are_evenly_spread_over_the_canvas(n: int) -> None:
    centres = pixel_centres(n).numpy()
    assert_allclose(centres, (np.arange(n) + 0.5) * 2 / n - 1, atol=1e-7)
    assert_allclose(centres, -centres[::-1], atol=1e-7)


@given(control=st.integers(1, 8), samples=st.integers(2, 30))
def test_bernstein_is_a_partition_of_unity_that_is_symmetric(control: int, samples: int) -> None:
    basis = bernstein(control, samples)
    assert basis.shape == (samples, control)
    assert (basis >= 0).all()
    assert_allclose(basis.sum(1), 1, atol=1e-6)
    assert_allclose(basis, basis.flip(0, 1), atol=1e-6)


@given(control=st.integers(1, 8), samples=st.integers(2, 30), seed=seeds)
def test_bernstein_draws_the_curve_of_de_casteljau(control: int, samples: int, seed: int) -> None:
    points = torch.randn(control, 2, generator=seeded(seed))
    slow = torch.stack([de_casteljau(points, i / (samples - 1)) for i in range(samples)])
    assert_allclose(bernstein(control, samples) @ points, slow, atol=2e-5)


@pytest.mark.parametrize(
    ("source", "target"), [(28, 16), (50, 24), (12, 8), (8, 8), (8, 12), (28, 50), (7, 3), (105, 50)]
)
def test_resize_matrix_is_pillows_bilinear(source: int, target: int) -> None:
    image = torch.rand(source, source, generator=seeded())
    matrix = resize_matrix(source, target)
    pillow = Image.fromarray(image.numpy()).resize((target, target), Image.Resampling.BILINEAR)
    assert_allclose((matrix @ image @ matrix.T).numpy(), np.asarray(pillow), atol=1e-6)


@given(source=st.integers(1, 60), target=st.integers(1, 60))
def test_resize_matrix_keeps_the_range_and_a_constant(source: int, target: int) -> None:
    matrix = resize_matrix(source, target)
    assert (matrix >= 0).all()
    assert_allclose(matrix.sum(1), 1, atol=1e-6)
    if source == target:
        assert torch.equal(matrix, torch.eye(source))


@given(seed=seeds)
def test_similarity_goes_there_and_back(seed: int) -> None:
    layout = similarities(3, seed)
    points = torch.randn(3, 5, 2, generator=seeded(seed + 1), dtype=torch.float64)
    assert_allclose(layout.inverse().apply(layout.apply(points)), points, atol=1e-9)
    assert_allclose(layout.apply(layout.inverse().apply(points)), points, atol=1e-9)


@given(seed=seeds)
def test_similarities_one_after_another_are_one(seed: int) -> None:
    first, second = similarities(3, seed), similarities(3, seed + 1)
    points = torch.randn(3, 5, 2, generator=seeded(seed + 2), dtype=torch.float64)
    assert_allclose(first.then(second).apply(points), second.apply(first.apply(points)), atol=1e-9)


@given(seed=seeds)
def test_similarity_scales_rotates_then_shifts(seed: int) -> None:
    layout = similarities(1, seed)
    point = torch.randn(1, 1, 2, generator=seeded(seed + 1), dtype=torch.float64)
    scale, angle = layout.scale.item(), layout.angle.item()
    moved = complex(*point.flatten().tolist()) * scale * complex(math.cos(angle), math.sin(angle))
    moved += complex(*layout.shift.flatten().tolist())
    assert_allclose(layout.apply(point).flatten(), [moved.real, moved.imag], atol=1e-12)


def test_a_quarter_turn_takes_x_to_y() -> None:
    quarter = Similarity(torch.tensor(1.0), torch.zeros(2), torch.tensor(math.pi / 2))
    assert_allclose(quarter.apply(torch.tensor([[1.0, 0.0]])), [[0, 1]], atol=1e-6)


def test_similarity_has_the_gradient_of_central_differences() -> None:
    layout = Similarity(*(part.requires_grad_() for part in similarities(2, 0)))
    points = torch.randn(2, 3, 2, generator=seeded(1), dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda s, t, a, p: Similarity(s, t, a).apply(p), (*layout, points))
    assert torch.autograd.gradcheck(lambda s, t, a: tuple(Similarity(s, t, a).inverse()), tuple(layout))


@pytest.mark.parametrize(("height", "width", "size"), [(9, 9, 9), (8, 12, 6), (5, 5, 11)])
def test_glimpse_is_the_hand_loop(height: int, width: int, size: int) -> None:
    images = torch.rand(4, 1, height, width, generator=seeded())
    layout = Similarity(*(part.float() for part in similarities(4, 3)))
    slow = [slow_glimpse(images[b, 0], Similarity(*(part[b] for part in layout)), size) for b in range(4)]
    assert_allclose(glimpse(images, layout, size)[:, 0], torch.stack(slow), atol=1e-5)


def test_glimpse_under_the_identity_gives_the_image_back() -> None:
    images = torch.rand(2, 3, 16, 16, generator=seeded())
    identity = Similarity(torch.ones(2), torch.zeros(2, 2), torch.zeros(2))
    assert_allclose(glimpse(images, identity, 16), images, atol=1e-6)


def test_glimpse_by_whole_pixels_moves_the_image() -> None:
    image = torch.rand(1, 1, 8, 8, generator=seeded())
    right = Similarity(torch.ones(1), torch.tensor([[2 / 8, -2 * 2 / 8]]), torch.zeros(1))
    moved = glimpse(image, right, 8)[0, 0]
    assert_allclose(moved[2:, :-1], image[0, 0, :-2, 1:], atol=1e-6)
    assert (moved[:2].abs() < 1e-6).all()
    assert (moved[:, -1].abs() < 1e-6).all()


def test_glimpse_has_the_gradient_of_central_differences() -> None:
    layout = similarities(2, 5)
    inputs = (torch.rand(2, 1, 6, 6, generator=seeded(), dtype=torch.float64), *layout)
    assert torch.autograd.gradcheck(
        lambda image, s, t, a: glimpse(image, Similarity(s, t, a), 4), tuple(part.requires_grad_() for part in inputs)
    )


@given(
    size=st.integers(5, 21),
    where=st.tuples(st.integers(0, 20), st.integers(0, 20)),
    angle=st.floats(-math.pi, math.pi),
    scale=st.floats(0.4, 1.0),
)
def test_renderer_and_glimpse_share_one_pixel_convention(
    size: int, where: tuple[int, int], angle: float, scale: float
) -> None:
    """A dot put on a pixel of a layout's frame is seen at that very pixel, round and centred."""
    centres = pixel_centres(size)
    frame = torch.stack(torch.meshgrid(centres, centres, indexing="xy"), -1)
    dot = frame[where[1] % size, where[0] % size]
    layout = Similarity(torch.tensor([scale]), torch.tensor([[0.05, -0.1]]), torch.tensor([angle]))
    width = 1.2 / size
    pen = Pen(torch.tensor([[width * scale]]), torch.ones(1))
    ink = render(layout.apply(dot[None, None]), pen, 301, 301, 8)
    view = glimpse(ink.unsqueeze(1), layout, size)[0, 0]
    expected = HALF * math.exp(0.5) * torch.exp(-0.5 * ((frame - dot) / width).square().sum(-1))
    inside = (layout.apply(frame.view(1, -1, 2)).abs() < 0.95).all(-1).view(size, size)
    assert_allclose(view[inside], expected[inside], atol=0.03)


def test_the_whole_canvas_rendered_at_its_own_size_is_glimpsed_unchanged() -> None:
    points = torch.tensor([[[-0.6, -0.5], [0.2, 0.9], [0.7, -0.3]]])
    layout = Similarity(torch.ones(1), torch.zeros(1, 2), torch.zeros(1))
    ink = render(layout.apply(points), Pen(torch.tensor([[0.1]]), torch.tensor([2.0])), 17, 17, 20)
    assert_allclose(glimpse(ink.unsqueeze(1), layout, 17)[:, 0], ink, atol=1e-5)


def test_tables_first_made_in_inference_mode_serve_learning() -> None:
    points = torch.zeros(3, 2, requires_grad=True)
    with torch.inference_mode():
        bernstein(3, 41)
    (bernstein(3, 41) @ points).sum().backward()


def test_shrink_is_pillows_bilinear() -> None:
    image = torch.rand(20, 20, generator=seeded())
    pillow = Image.fromarray(image.numpy()).resize((8, 8), Image.Resampling.BILINEAR)
    assert_allclose(shrink(image[None], 8)[0], np.asarray(pillow), atol=1e-6)
