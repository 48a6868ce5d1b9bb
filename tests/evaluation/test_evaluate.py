"""A model measured on test images."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from dood.checkpoints import checkpoint
from dood.core.noise import picture_sources
from dood.data import load, write_npz
from dood.errors import DoodError
from dood.evaluation.evaluate import evaluate, standard_error
from dood.inference.bounds import importance_bound
from dood.inference.parsing import parse
from tests.tiny import scribbles_uint8, tiny_model


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A tiny model, and a set of seven test images."""
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors")
    images = scribbles_uint8(7).numpy()
    write_npz(tmp_path / "set.npz", {"test_images": images, "test_labels": np.zeros(7, np.int64)})
    return tmp_path / "model.safetensors", tmp_path / "set.npz"


def test_it_is_the_mean_over_the_test_images(files: tuple[Path, Path]) -> None:
    measured = evaluate(*files, samples=3, batch=7)
    model, images = checkpoint.load(files[0]), scribbles_uint8(7).float() / 255
    bounds = importance_bound(model, images, 3, generator=picture_sources(images, 0))
    assert_allclose(measured.bound, bounds.mean(), rtol=1e-4)
    assert_allclose(measured.mse, (parse(model, images).canvas - images).square().mean(), rtol=1e-3)
    assert measured.images == 7


def test_the_errors_are_over_images(files: tuple[Path, Path]) -> None:
    measured = evaluate(*files, samples=3, batch=7)
    model, images = checkpoint.load(files[0]), scribbles_uint8(7).float() / 255
    bounds = importance_bound(model, images, 3, generator=picture_sources(images, 0)).double()
    assert measured.stderr == pytest.approx(bounds.numpy().std(ddof=1) / 7**0.5, rel=1e-3)
    squares = (parse(model, images).canvas - images).square().mean((1, 2)).double()
    assert measured.mse_stderr == pytest.approx(squares.numpy().std(ddof=1) / 7**0.5, rel=1e-3)


def test_a_standard_error_is_that_of_a_mean() -> None:
    assert standard_error(torch.tensor([1.0, 2.0, 3.0, 6.0])) == pytest.approx((14 / 3) ** 0.5 / 2)
    assert standard_error(torch.tensor([1.0])) is None


def test_a_fitted_posterior_explains_the_images_better(files: tuple[Path, Path]) -> None:
    plain, fitted = (evaluate(*files, samples=3, fit_steps=steps) for steps in (0, 60))
    assert fitted.bound > plain.bound + 1
    assert fitted.mse < plain.mse
    squares, both = (evaluate(*files, samples=3, lm_steps=4, fit_steps=steps) for steps in (0, 20))
    assert squares.mse < plain.mse
    assert both.bound > squares.bound


@pytest.mark.parametrize(("device", "said"), [("cuda", "and 0 can be used here"), ("abacus", "choose cpu or cuda")])
def test_a_device_that_is_not_there_is_refused(
    device: str, said: str, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    with pytest.raises(DoodError, match=said):
        evaluate(*files, device=device)


def test_a_limit_spaces_the_images_evenly(files: tuple[Path, Path]) -> None:
    seen = []
    measured = evaluate(*files, samples=1, limit=3, batch=2, progress=lambda done, total: seen.append((done, total)))
    assert measured.images == 3
    assert seen == [(2, 3), (3, 3)]


def test_images_may_come_as_an_array(files: tuple[Path, Path]) -> None:
    measured = evaluate(tiny_model(), scribbles_uint8(7), samples=3, batch=7)
    named = evaluate(*files, samples=3, batch=7)
    assert (measured.bound, measured.mse, measured.images) == (named.bound, named.mse, 7)


def test_images_that_may_have_been_learned_from_are_told(files: tuple[Path, Path], tmp_path: Path) -> None:
    whole = tmp_path / "whole.npz"
    write_npz(whole, {"images": scribbles_uint8(4).numpy()})
    assert evaluate(*files, samples=1).note == ""
    assert (
        "whole has no split of training and test images: a model trained on it"
        in evaluate(files[0], whole, samples=1).note
    )
    notes = {"data": "other+whole", "data_sha256": f"{'0' * 64}+{load(whole).sha256}"}
    checkpoint.save(tiny_model(), tmp_path / "taught.safetensors", notes)
    assert (
        "the model has learned from these very images"
        in evaluate(tmp_path / "taught.safetensors", whole, samples=1).note
    )


@pytest.mark.parametrize(
    ("samples", "limit", "fit_steps", "message"),
    [(0, 1, 0, r"samples \(=0\)"), (1, 0, 0, r"limit \(=0\)"), (1, 1, -1, r"fit_steps \(=-1\)")],
)
def test_numbers_out_of_range_are_refused(
    files: tuple[Path, Path], samples: int, limit: int, fit_steps: int, message: str
) -> None:
    with pytest.raises(DoodError, match=message):
        evaluate(*files, samples=samples, limit=limit, fit_steps=fit_steps)


def test_steps_of_least_squares_are_no_fewer_than_none(files: tuple[Path, Path]) -> None:
    with pytest.raises(DoodError, match=r"lm_steps \(=-2\)"):
        evaluate(*files, lm_steps=-2)
