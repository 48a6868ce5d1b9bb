"""Kinds of strokes: what is collected, how it is described, and what becomes of it."""

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from PIL import Image

from dood.checkpoints import checkpoint
from dood.data import write_npz
from dood.errors import DoodError
from dood.evaluation.clusters import KS, clusters, collect, describe, silhouettes
from dood.models.dood import DooD
from dood.models.latents import Latents
from dood.training.presets import MODELS
from tests.tiny import TINY, scribbles_uint8, seeded, tiny_model

pytest.importorskip("sklearn", reason="clustering needs scikit-learn, the extra `eval`")
pytest.importorskip("matplotlib", reason="maps need matplotlib, the extra `eval`")


def latents_of(model: DooD, count: int) -> Latents:
    return Latents(*(torch.randn(count, width, generator=seeded()) for width in model.widths))


def test_as_many_strokes_as_wanted_are_collected_and_the_same_ones_for_a_seed() -> None:
    model, images = tiny_model(), scribbles_uint8(40)
    one, same, other = (collect(model, images, 30, seed) for seed in (0, 0, 1))
    assert [part.shape for part in one] == [(30, width) for width in model.widths]
    assert torch.equal(one.stroke, same.stroke)
    assert not torch.equal(one.stroke, other.stroke)


def test_strokes_that_the_model_does_not_use_are_left_out() -> None:
    model = tiny_model().requires_grad_(False)
    model.recognition.on_head[-1].bias.fill_(-50)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(DoodError, match="fewer than 10"):
        collect(model, scribbles_uint8(40), 10)


def test_more_strokes_than_there_are_is_refused() -> None:
    with pytest.raises(DoodError, match="4 images have fewer than 100 strokes"):
        collect(tiny_model(), scribbles_uint8(4), 100)


def test_the_latent_is_the_points_without_the_pen_and_for_air_the_code() -> None:
    model, air = tiny_model(), tiny_model(dataclasses.replace(TINY, **MODELS["air"], code=3))
    latents = latents_of(model, 5)
    described = describe(model, latents)
    assert_allclose(described["latent"].vectors, latents.stroke[:, : 2 * TINY.points])
    codes = latents_of(air, 5)
    assert list(describe(air, codes)) == ["latent"]
    assert_allclose(describe(air, codes)["latent"].vectors, codes.stroke)
    for seen in (*described.values(), *describe(air, codes).values()):
        assert len(seen.pictures) == 5
        assert (seen.pictures >= 0).all()
        assert (seen.pictures <= 1).all()


def test_a_shape_has_neither_place_nor_size_nor_direction_but_is_turned_as_on_the_canvas() -> None:
    model = tiny_model()
    latents = latents_of(model, 8)
    points = latents.stroke[:, : 2 * TINY.points].unflatten(1, (-1, 2))
    rest = latents.stroke[:, 2 * TINY.points :]

    def shape(points: torch.Tensor, layout: torch.Tensor = latents.layout) -> np.ndarray:
        stroke = torch.cat([points.flatten(1), rest], 1)
        return describe(model, Latents(layout, stroke))["shape"].vectors

    plain = shape(points)
    moved = latents.layout + torch.tensor([0.5, 1.0, -1.0, 0.0])
    assert_allclose(shape(points.flip(1)), plain, atol=1e-4)
    assert_allclose(shape(0.4 * points + 0.1), plain, atol=1e-4)
    assert_allclose(shape(points, moved), plain, atol=1e-4)
    turned = latents.layout + torch.tensor([0.0, 0.0, 0.0, 1.0])
    assert np.abs(shape(points, turned) - plain).max() > 0.05


def test_clear_groups_have_a_high_silhouette_and_noise_a_low_one() -> None:
    rng = np.random.default_rng(0)
    centres = 20 * rng.standard_normal((8, 3))
    groups = np.concatenate([centre + rng.standard_normal((30, 3)) for centre in centres])
    rows = silhouettes(groups, 2)
    assert [(seed, k) for seed, k, _ in rows] == [(seed, k) for k in KS for seed in (0, 1)]
    clear = [value for _, k, value in rows if k == 8]
    assert min(clear) > 0.8
    assert max(value for _, _, value in silhouettes(rng.random((240, 3)), 1)) < 0.5


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A model and the images that it was trained on, as it says."""
    images, labels = scribbles_uint8(60).numpy(), np.zeros(60, np.int64)
    write_npz(tmp_path / "set.npz", {"train_images": images, "train_labels": labels})
    notes = {"model": "dood", "data": str(tmp_path / "set.npz")}
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors", notes)
    return tmp_path / "model.safetensors"


def test_a_table_and_maps_are_written(trained: Path, tmp_path: Path) -> None:
    scores = clusters([trained], tmp_path / "out", strokes=80, seeds=2)
    assert len(scores) == 2 * len(KS) * 2
    with (tmp_path / "out" / "clusters.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["vectors"], int(row["seed"]), int(row["k"])) for row in rows] == [s[2:5] for s in scores]
    assert_allclose([float(row["silhouette"]) for row in rows], [s.silhouette for s in scores], atol=1e-4)
    maps = sorted((tmp_path / "out").glob("*.png"))
    assert [path.stem.rsplit("-", 1)[1] for path in maps] == ["latent", "shape"]
    for path in maps:
        with Image.open(path) as image:
            assert image.width > 1000
