"""`dood.train`: from images of any kind to the folder of a run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import TensorDataset

import dood
from dood.checkpoints import checkpoint
from dood.data import write_npz
from dood.errors import DoodError
from dood.training.presets import TrainConfig
from tests.tiny import TINY, scribbles_uint8

RECIPE = TrainConfig(model=TINY, steps=2, batch=2, evaluate_every=2, evaluate_images=2)
IMAGES = scribbles_uint8(20).numpy()


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return dood.load(folder).state_dict()


def test_every_kind_of_source_trains_the_same_model(tmp_path: Path) -> None:
    write_npz(tmp_path / "set.npz", {"train_images": IMAGES})
    sources = {
        "file": tmp_path / "set.npz",
        "array": IMAGES,
        "torch": TensorDataset(torch.from_numpy(IMAGES).float() / 255),
        "pictures": [Image.fromarray(image) for image in IMAGES],
    }
    for name, source in sources.items():
        dood.train(source, tmp_path / name, preset=RECIPE, seed=5)
    first, *others = (weights(tmp_path / name) for name in sources)
    for other in others:
        assert all(torch.equal(first[key], other[key]) for key in first)


def test_a_folder_of_pictures_trains(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for i in range(10):
        ink = np.full((40, 40), 255, np.uint8)
        ink[5 + i : 8 + i, 5:35] = 0
        Image.fromarray(ink).save(tmp_path / "mine" / f"{i}.png")
    model = dood.train(str(tmp_path / "mine"), tmp_path / "run", preset=RECIPE)
    assert not model.training
    assert model.config == TINY
    header = checkpoint.header_of(tmp_path / "run")
    assert (header["data"], len(header["data_sha256"])) == (str(tmp_path / "mine"), 64)


def test_settings_differ_from_the_preset_and_are_noted(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = []
    model = replace(TINY, strokes=1)
    options: Any = {"evaluate_every": 1, "evaluate_images": 2, "batch": 4, "steps": 1, "seed": 7}
    dood.train(IMAGES, tmp_path / "run", preset="quick", model=model, callback=records.append, **options)
    assert (records[0]["step"], records[0]["images"]) == (1, 4)
    header = checkpoint.header_of(tmp_path / "run")
    assert (header["preset"], header["seed"], header["data"]) == ("quick", "7", "ndarray")
    assert dood.load(tmp_path / "run").config.strokes == 1


def test_a_named_model_keeps_the_preset(tmp_path: Path) -> None:
    found = dood.train(IMAGES, tmp_path / "run", preset=RECIPE, model="dood-fixed-prior")
    assert (found.config.prior, found.config.resolution) == ("fixed", TINY.resolution)
    assert checkpoint.header_of(tmp_path / "run")["model"] == "dood-fixed-prior"


def test_a_run_goes_on(tmp_path: Path) -> None:
    dood.train(IMAGES, tmp_path / "run", preset=RECIPE)
    dood.train(IMAGES, tmp_path / "run", preset=RECIPE, steps=3, resume=True)
    assert checkpoint.header_of(tmp_path / "run")["steps"] == "3"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"preset": "fast"}, "there is no preset 'fast'; there are: quick"),
        ({"model": "gan"}, "there is no model 'gan' to train"),
        ({"step": 3}, "there is no setting 'step'; there are: .*steps"),
        ({"batch": 0}, r"batch \(=0\) must be at least 1"),
    ],
)
def test_what_is_unknown_is_refused(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(DoodError, match=message):
        dood.train(IMAGES, tmp_path / "run", **options)
    with pytest.raises(DoodError, match="ndarray has 9 training images: at least 10 are needed"):
        dood.train(IMAGES[:9], tmp_path / "run", preset=RECIPE)
