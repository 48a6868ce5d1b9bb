"""Strokes in coordinates of the canvas."""

import dataclasses

import pytest
import torch
from numpy.testing import assert_allclose

from dood.core.distributions import Interval
from dood.inference.strokes import check_strokes
from dood.models.dood import DooD
from dood.models.latents import Latents
from dood.models.priors.coordinates import ENDS, CanvasCoordinates
from tests.tiny import TINY, scribbles, seeded, tiny_model


def some(points: int = TINY.points) -> tuple[CanvasCoordinates, Latents, DooD]:
    model = tiny_model(dataclasses.replace(TINY, points=points)).requires_grad_(False)
    latents = model.infer(scribbles(5), model.noise(5, generator=seeded())).latents
    return CanvasCoordinates(model.config, check_strokes(model)), latents, model


@pytest.mark.parametrize("points", [2, 3, 4])
def test_coordinates_are_another_way_to_write_a_stroke(points: int) -> None:
    coordinates, latents, _ = some(points)
    numbers = coordinates.numbers(latents)
    assert numbers.shape == latents.flat().shape
    again = coordinates.latents(numbers)
    assert_allclose(again.layout, latents.layout, atol=1e-5)
    assert_allclose(again.stroke, latents.stroke, atol=1e-4)


def test_start_and_end_are_where_the_curve_starts_and_ends() -> None:
    coordinates, latents, model = some()
    start, end = coordinates.numbers(latents)[..., :ENDS].split(2, -1)
    drawn = model.layout_range.frame(latents.layout).apply(check_strokes(model).points(latents.stroke))
    assert_allclose(start, drawn[..., 0, :], atol=1e-6)
    assert_allclose(end, drawn[..., -1, :], atol=1e-6)


def test_their_log_volume_is_that_of_the_map() -> None:
    coordinates, latents, _ = some()
    flat = latents.flat()[0, 0].double()
    coordinates.spline.double()
    jacobian = torch.autograd.functional.jacobian(lambda z: coordinates.numbers(Latents.from_flat(z)), flat)
    volume = coordinates.log_volume(Latents.from_flat(flat))
    assert_allclose(torch.linalg.slogdet(jacobian)[1], volume, rtol=1e-6)
    assert_allclose(volume, 2 * TINY.points * Interval(*TINY.scale_range).squash(flat[0]).log(), rtol=1e-6)
