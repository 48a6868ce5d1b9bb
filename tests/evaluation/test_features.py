"""Feature extractors: what they learn, and the distances between their features."""

from pathlib import Path

import numpy as np
import pytest
import torch

from dood.errors import DoodError
from dood.evaluation.features import (
    FeatureExtractor,
    extractors,
    frechet_distance,
    load_extractor,
    precision_recall,
    save_extractor,
    train_extractor,
)


def bars(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Level and upright bars, class 3 and class 8, somewhere on the canvas."""
    rng = np.random.default_rng(seed)
    images, labels = np.zeros((count, 28, 28), np.uint8), np.where(rng.random(count) < 0.5, 3, 8)
    for image, label in zip(images, labels, strict=True):
        place = rng.integers(5, 22)
        if label == 3:
            image[place : place + 3, 4:24] = 255
        else:
            image[4:24, place : place + 3] = 255
    return images, labels


def test_a_feature_extractor_learns_to_tell_classes_apart() -> None:
    extractor = train_extractor(*bars(512), steps=60)
    images, labels = bars(200, seed=1)
    said = extractor(torch.from_numpy(images).float() / 255).argmax(-1).numpy()
    assert np.mean(np.array([3, 8])[said] == labels) > 0.95


def test_training_is_the_same_for_a_seed_and_leaves_the_global_one_alone() -> None:
    torch.manual_seed(5)
    before = torch.rand(1)
    torch.manual_seed(5)
    one, same, other = (train_extractor(*bars(128), steps=3, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(torch.rand(1), before)
    assert torch.equal(one.out.weight, same.out.weight)
    assert not torch.equal(one.out.weight, other.out.weight)


def test_images_of_any_side_have_features() -> None:
    extractor = FeatureExtractor(2)
    for side in (28, 50):
        assert extractor.features(torch.rand(3, side, side)).shape == (3, 64)


def test_a_feature_extractor_comes_back_from_its_file(tmp_path: Path) -> None:
    extractor = FeatureExtractor(5).eval()
    save_extractor(extractor, tmp_path / "features.safetensors")
    images = torch.rand(4, 28, 28)
    assert torch.allclose(load_extractor(tmp_path / "features.safetensors")(images), extractor(images), atol=1e-2)
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    with pytest.raises(DoodError, match="no feature extractor"):
        load_extractor(tmp_path / "bad.safetensors")


@pytest.mark.parametrize("name", ["mnist", "emnist", "kmnist", "quickdraw", "omniglot"])
def test_every_data_set_of_the_paper_has_a_feature_extractor(name: str) -> None:
    extractor = load_extractor(extractors()[name])
    assert torch.isfinite(extractor(torch.rand(2, 28, 28))).all()


def test_the_distance_is_that_of_gaussians() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(200_000, 2))
    moved = points * [2.0, 1.0] + [3.0, 4.0]
    # |mean|^2 + (2 - 1)^2 along the first axis
    assert frechet_distance(points, moved) == pytest.approx(26, rel=0.01)
    assert frechet_distance(moved, points) == pytest.approx(26, rel=0.01)
    assert frechet_distance(points, points) == pytest.approx(0, abs=1e-6)


def test_the_distance_knows_correlations() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(100_000, 2))
    line = np.stack([points[:, 0], points[:, 0]], 1)
    # Of covariances I and [[1, 1], [1, 1]]: 2 + 2 - 2 * sqrt(2)
    assert frechet_distance(points, line) == pytest.approx(4 - 2 * np.sqrt(2), rel=0.02)


def test_a_neighbourhood_reaches_to_the_third_nearest() -> None:
    """Of points at 0, 1, 3, 7 and 20 the first one's has radius 7, and the last one's 19."""
    real = torch.tensor([[0.0], [1.0], [3.0], [7.0], [20.0]])
    made = torch.tensor([[-6.9], [-7.1], [38.9], [39.1], [10.0]])
    precision, _ = precision_recall(real, made)
    assert precision == pytest.approx(3 / 5)


def test_one_drawing_has_no_spread() -> None:
    with pytest.raises(DoodError, match="sets of 1 and 5"):
        frechet_distance(np.zeros((1, 2)), np.zeros((5, 2)))


def test_precision_is_of_what_is_made_and_recall_of_what_is_real() -> None:
    generator = torch.Generator().manual_seed(0)
    left, right = (torch.randn(200, 4, generator=generator) + shift for shift in (-20.0, 20.0))
    both = torch.cat([left, right])
    again = left + 0.01 * torch.randn(200, 4, generator=generator)
    precision, recall = precision_recall(both, again)
    assert precision > 0.95
    assert 0.45 < recall < 0.55
    assert precision_recall(left, right) == (0.0, 0.0)
