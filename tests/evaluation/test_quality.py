"""Samples beside real drawings."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dood.checkpoints import checkpoint
from dood.data import load
from dood.errors import DoodError
from dood.evaluation import features
from dood.evaluation import quality as module
from dood.evaluation.quality import quality
from tests.tiny import TINY, tiny_model

pytest.importorskip("matplotlib", reason="pictures need matplotlib, the extra `plots`")


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of a data set of noise, which a feature extractor is there for."""
    rng = np.random.default_rng(0)
    side = TINY.resolution
    arrays = {}
    for split in ("train", "test"):
        arrays[f"{split}_images"] = rng.integers(0, 255, (60, side, side), np.uint8)
        arrays[f"{split}_labels"] = np.arange(60) % 3
    np.savez(tmp_path / "noise.npz", **arrays)
    source = str(tmp_path / "noise.npz")
    features.save_extractor(features.FeatureExtractor(3), tmp_path / "features.safetensors")
    monkeypatch.setattr(module, "extractors", lambda: {source: tmp_path / "features.safetensors"})
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors", {"data": source, "model": "dood"})
    return tmp_path / "model.safetensors"


def test_every_model_and_temperature_has_four_figures_and_a_picture(model: Path, tmp_path: Path) -> None:
    rows = quality([model], tmp_path / "out", temperatures=(1.0, 0.5), samples=30)
    assert [(row.temperature, row.metric.split("-")[0]) for row in rows] == [
        (temperature, metric) for temperature in (1.0, 0.5) for metric in ("frechet", "precision", "recall", "nearest")
    ]
    for row in rows:
        assert row.ratio == pytest.approx(row.value / max(row.floor, 1e-9))
        assert row.ratio_std is None
    assert [row.floor for row in rows[:4]] == [row.floor for row in rows[4:]]
    # A tiny untrained model does not draw noise.
    assert rows[0].ratio > 2
    header = (tmp_path / "out" / "generation.csv").read_text().splitlines()[0]
    assert header == "model,dataset,temperature,metric,value,floor,unseen,redrawn,ratio,ratio_std"
    pictures = sorted((tmp_path / "out").glob("*.png"))
    assert [picture.name.endswith(".grid.png") for picture in pictures] == [True, False] * 2
    with Image.open(pictures[1]) as picture:
        assert picture.width > 500


def test_repeats_are_means_over_seeds(model: Path, tmp_path: Path) -> None:
    def rows(seed: int, repeats: int = 1) -> list[module.Quality]:
        return quality([model], tmp_path / "out", samples=30, seed=seed, repeats=repeats)

    for first, second, both in zip(rows(3), rows(4), rows(3, 2), strict=True):
        assert both.value == pytest.approx((first.value + second.value) / 2)
        assert both.floor == pytest.approx((first.floor + second.floor) / 2)
        assert both.unseen == pytest.approx((first.unseen + second.unseen) / 2)
        assert both.redrawn == pytest.approx((first.redrawn + second.redrawn) / 2)
        assert both.ratio == pytest.approx(both.value / max(both.floor, 1e-9))
        assert both.ratio_std == pytest.approx(abs(first.ratio - second.ratio) / math.sqrt(2))


def test_copies_of_training_images_are_found_out(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The samples are of all training images; 30 of them are compared with, as a distribution."""
    known = load(str(tmp_path / "noise.npz")).at(TINY.resolution).train_images
    monkeypatch.setattr(module, "_samples", lambda *_: torch.from_numpy(known[:30]) / 255)
    *_, nearest = quality([model], tmp_path / "out", samples=30)
    assert nearest.metric == "nearest"
    assert nearest.value == pytest.approx(0, abs=1e-4)
    assert nearest.floor > 0.01
    assert nearest.unseen > 0.01


def test_the_floor_is_of_training_images_alone(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Test images that are all alike are far from the training images, which are near one another."""
    arrays = dict(np.load(tmp_path / "noise.npz"))
    arrays["test_images"][:] = 0
    np.savez(tmp_path / "noise.npz", **arrays)
    seen = load(str(tmp_path / "noise.npz")).at(TINY.resolution).train_images
    extractor = features.load_extractor(tmp_path / "features.safetensors")
    order = torch.from_numpy(np.random.default_rng(5).permutation(60))
    with torch.no_grad():
        looks = extractor.features(torch.from_numpy(seen).float() / 255)[order].double().numpy()
    frechet, *_, nearest = quality([model], tmp_path / "out", samples=20, seed=5)
    assert frechet.floor == pytest.approx(features.frechet_distance(looks[:20], looks[20:40]), rel=1e-4)
    assert frechet.unseen > 2 * frechet.floor
    apart = np.linalg.norm(looks[20:40, None] - looks, axis=-1)
    assert nearest.floor == pytest.approx(np.median(np.sort(apart, 1)[:, 1]), rel=0.1)


def test_a_model_that_draws_what_it_sees_is_redrawn_at_the_floor(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, *_ = quality([model], tmp_path / "out", samples=30)
    assert plain.redrawn > 2 * plain.floor
    monkeypatch.setattr(module, "_redrawn", lambda _, images: images.float() / 255)
    perfect, *_ = quality([model], tmp_path / "out", samples=30)
    assert perfect.redrawn == pytest.approx(perfect.floor, rel=1e-4)


def test_too_few_training_images_for_a_floor_are_refused(model: Path, tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"samples \(=31\) must be at most half of the 60 training images"):
        quality([model], tmp_path / "out", samples=31)


def test_what_no_feature_extractor_knows_is_refused(tmp_path: Path) -> None:
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors", {"data": "runes"})
    with pytest.raises(DoodError, match="'runes', which has no feature extractor"):
        quality([tmp_path / "model.safetensors"], tmp_path / "out")
