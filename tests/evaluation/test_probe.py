"""The linear probe: what it is fitted to, and that it measures what it says."""

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from dood.checkpoints import checkpoint
from dood.data import write_npz
from dood.errors import DoodError
from dood.evaluation.probe import features, linear_accuracy, probe
from tests.tiny import TINY, scribbles_uint8, tiny_model

pytest.importorskip("sklearn", reason="the probe needs scikit-learn, the extra `eval`")


def test_features_are_the_mean_latents_of_the_strokes_that_are_used() -> None:
    model, images = tiny_model(), scribbles_uint8(6)
    rows = features(model, images).reshape(6, TINY.strokes, -1)
    inference = model.infer(images.float() / 255)
    used = torch.arange(TINY.strokes) < inference.stop_q.probs.argmax(-1)[:, None]
    assert_allclose(rows[..., -1], used)
    assert_allclose(rows[..., :-1][used], inference.latents.flat().detach()[used], atol=1e-6)
    assert (rows[..., :-1][~used] == 0).all()


def test_a_class_that_can_be_read_off_is_found_and_one_that_cannot_is_not() -> None:
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((900, 5))
    labels = (rows[:, 0] + 2 * rows[:, 1] > 0).astype(int)
    assert linear_accuracy(rows[:600], labels[:600], rows[600:], labels[600:]) > 0.97
    chance = linear_accuracy(rows[:600], rng.integers(0, 2, 600), rows[600:], rng.integers(0, 2, 300))
    assert 0.35 < chance < 0.65


def test_test_images_choose_nothing() -> None:
    """Turning every test label round turns the accuracy round, and changes nothing else."""
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((400, 5))
    labels = (rows[:, 0] + rng.standard_normal(400) > 0).astype(int)
    straight = linear_accuracy(rows[:200], labels[:200], rows[200:], labels[200:])
    turned = linear_accuracy(rows[:200], labels[:200], rows[200:], 1 - labels[200:])
    assert straight + turned == pytest.approx(1)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors", {"model": "dood", "data": "scribbles", "seed": "4"})
    return tmp_path / "model.safetensors"


def test_the_table_has_a_row_for_each_model_and_set(model: Path, tmp_path: Path) -> None:
    train, test = scribbles_uint8(40).numpy(), scribbles_uint8(8, seed=1).numpy()
    arrays = {"train_images": train, "train_labels": np.arange(40) % 2, "test_images": test}
    write_npz(tmp_path / "set.npz", arrays | {"test_labels": np.arange(8) % 2})
    rows = probe([model], [str(tmp_path / "set.npz")], tmp_path / "probe.csv", limit=30)
    with (tmp_path / "probe.csv").open() as file:
        (written,) = csv.DictReader(file)
    assert rows[0][:6] == ("dood", "scribbles", str(tmp_path / "set.npz"), 4, 30, 8)
    assert written["source"] == "scribbles"
    assert float(written["accuracy"]) == pytest.approx(rows[0].accuracy, abs=1e-4)


def test_a_set_of_too_few_images_is_refused(model: Path, tmp_path: Path) -> None:
    write_npz(tmp_path / "set.npz", {"test_images": scribbles_uint8(3).numpy(), "test_labels": np.zeros(3, np.int64)})
    with pytest.raises(DoodError, match="0 training and 3 test images"):
        probe([model], [str(tmp_path / "set.npz")], tmp_path / "probe.csv")


def test_a_set_without_a_split_is_refused(model: Path, tmp_path: Path) -> None:
    write_npz(tmp_path / "set.npz", {"images": scribbles_uint8(20).numpy(), "labels": np.arange(20) % 2})
    with pytest.raises(DoodError, match=r"set\.npz has no split: the classifier would be tested on the images that"):
        probe([model], [str(tmp_path / "set.npz")], tmp_path / "probe.csv")
