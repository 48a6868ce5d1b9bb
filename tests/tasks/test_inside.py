"""Looking inside: arrays of one inference of a picture."""

import io
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import dood
from dood.errors import DoodError
from dood.samples import sample_paths
from dood.tasks.inside import Inside, look_inside

EIGHT = next(path for path in sample_paths() if path.stem == "eight")


@pytest.fixture(scope="module")
def inside() -> Inside:
    return look_inside(EIGHT, "mnist", strokes=4, samples=3, seed=7)


def test_the_arrays_are_as_they_are_documented(inside: Inside) -> None:
    shapes = {name: value.shape for name, value in vars(inside).items() if isinstance(value, np.ndarray)}
    assert shapes == {
        "image": (50, 50),
        "canvases": (5, 50, 50),
        "frames": (4, 4),
        "glimpses": (4, 2, 24, 24),
        "drafts": (4, 2, 24, 24),
        "ink": (4, 50, 50),
        "samples": (4, 3, 50, 50),
        "go_on": (4,),
        "log_q": (4,),
        "log_p": (4,),
        "log_likelihood": (5,),
        "log_stop_q": (5,),
        "log_stop_p": (5,),
    }
    assert inside.size == (28, 28)
    assert repr(inside) == f"<Inside: 4 steps on 50 x 50 pixels, most probably {inside.strokes} strokes>"


def test_each_stroke_explains_some_of_the_picture(inside: Inside) -> None:
    assert inside.log_likelihood[inside.strokes] > inside.log_likelihood[0] + 1000
    left = np.abs(inside.image - inside.canvases).sum((1, 2))
    assert left[inside.strokes] < 0.4 * left[0]
    assert_allclose(np.abs(inside.residuals).sum((1, 2)), left[:-1], rtol=1e-5)
    assert_allclose(inside.residuals[0], inside.image)
    assert_allclose(np.exp(inside.log_stop_q).sum(), 1, rtol=1e-5)


def test_a_glimpse_shows_the_picture_where_its_frame_says(inside: Inside) -> None:
    """Read by hand: the middle of the glimpse is the frame's shift on the canvas."""
    scale, x, y, angle = inside.frames[0]
    at = (np.arange(24) * 2 + 1) / 24 - 1
    u, v = np.meshgrid(at, at)
    column = scale * (np.cos(angle) * u - np.sin(angle) * v) + x
    row = scale * (np.sin(angle) * u + np.cos(angle) * v) + y
    pixels = [np.clip(((axis + 1) * 25 - 0.5).round().astype(int), 0, 49) for axis in (row, column)]
    nearest = inside.image[pixels[0], pixels[1]]
    assert np.corrcoef(nearest.ravel(), inside.glimpses[0, 0].ravel())[0, 1] > 0.95


def test_the_samples_are_those_of_the_seed_and_lie_about_the_stroke(inside: Inside) -> None:
    again, other = (look_inside(EIGHT, "mnist", strokes=4, samples=3, seed=seed) for seed in (7, 8))
    assert_allclose(again.samples, inside.samples)
    assert np.abs(other.samples - inside.samples).max() > 0.05
    assert_allclose(other.canvases, inside.canvases)
    apart = np.abs(inside.samples[0] - inside.ink[0]).sum((1, 2))
    assert (apart < 0.8 * inside.ink[0].sum()).all()


def test_a_loaded_model_and_an_open_file_will_do(inside: Inside) -> None:
    model = dood.load("mnist")
    found = dood.look_inside(io.BytesIO(EIGHT.read_bytes()), model, samples=1)
    assert len(found.log_q) == model.config.strokes
    assert_allclose(found.canvases[:5], inside.canvases, atol=1e-5)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"samples": 0}, "samples"),
        ({"strokes": 101}, "strokes"),
        ({"seed": -1}, "seed"),
        ({"model": "nobody"}, "nobody"),
    ],
)
def test_what_is_wrong_is_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(DoodError, match=words):
        look_inside(EIGHT, **options)
