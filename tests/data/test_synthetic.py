"""Drawings made by code."""

import numpy as np
import pytest

from dood.data import load, make_synthetic
from dood.data.synthetic import MARGIN, rasterise, scribble
from dood.errors import DoodError


def test_strokes_stay_on_the_canvas_and_vary() -> None:
    scribbles = scribble(np.random.default_rng(0), 500)
    assert scribbles.points.shape == (500, 5, 5, 2)
    assert np.abs(scribbles.points).max() <= MARGIN + 1e-9
    sides = np.linalg.norm(np.diff(scribbles.points, axis=2), axis=-1)
    np.testing.assert_allclose(sides, sides[..., :1].repeat(4, -1))  # a smooth stroke: points do not bunch
    assert sides.sum(-1).min() > 0.4
    assert sides.sum(-1).max() > 2
    assert np.bincount(scribbles.count, minlength=6)[1:].min() > 60


def test_the_class_is_the_number_of_strokes() -> None:
    images = make_synthetic(40, 10, resolution=20, seed=3)
    assert (images.train_images.shape, images.test_images.shape) == ((40, 20, 20), (10, 20, 20))
    assert images.class_names[0] == "1 stroke"
    ink = [images.train_images[images.train_labels == label].mean() for label in (0, 4)]
    assert ink[0] < ink[1]


def test_ink_lies_where_the_strokes_are() -> None:
    scribbles = scribble(np.random.default_rng(1), 30)
    images = rasterise(scribbles, 60)
    for points, count, image in zip(scribbles.points, scribbles.count, images, strict=True):
        column, row = np.floor((points[:count, [0, -1]].reshape(-1, 2) + 1) * 30).astype(int).T
        assert (image[row, column] > 60).all()
        assert image.max() > 128
    alone = rasterise(scribbles._replace(count=np.ones(30, np.int64)), 60)
    assert (alone <= images).all()


def test_the_seed_decides() -> None:
    first, again, other = (make_synthetic(20, 5, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.test_images, again.test_images)
    assert first.sha256 == again.sha256 != other.sha256


def test_it_loads_by_name() -> None:
    images = load("synthetic", resolution=16)
    assert (images.name, images.train_images.shape, images.test_images.shape) == (
        "synthetic",
        (10_000, 16, 16),
        (2_000, 16, 16),
    )
    with pytest.raises(DoodError, match="of 0 pixels"):
        load("synthetic", resolution=0)
