"""Drawings out of nothing."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image

from dood.checkpoints import checkpoint
from dood.core.renderer import composite
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.tasks.generate import generate, generate_files
from dood.training.presets import MODELS
from tests.tiny import TINY, seeded, tiny_model


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def test_a_drawing_is_what_the_model_sampled_in_pixels() -> None:
    model = tiny_model()
    drawings = generate(model, 20, size=80, seed=3)
    sample = model.sample(20, generator=seeded(3))
    assert [len(drawing.strokes) for drawing in drawings] == sample.strokes.tolist()
    assert {(drawing.width, drawing.height) for drawing in drawings} == {(80, 80)}
    i = int(sample.strokes.argmax())
    canvas = composite(model.render(sample.latents, 80, 80)[i, : sample.strokes[i]].sum(0)).detach()
    drawn = 1 - np.asarray(drawings[i].to_png().convert("L")) / 255
    ours, theirs = (
        np.array([x.sum(0) @ np.arange(80), x.sum(1) @ np.arange(80)]) / x.sum() for x in (drawn, canvas.numpy())
    )
    assert_allclose(ours, theirs, atol=3)


def test_the_same_seed_gives_the_same_drawings_and_another_others() -> None:
    one, same, other = (generate(tiny_model(), 5, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_more_drawings_than_fit_in_a_batch() -> None:
    drawings = generate(tiny_model(), 300)
    assert len(drawings) == 300
    assert drawings[0] != drawings[256]


def test_at_a_lower_temperature_drawings_vary_less() -> None:
    model = tiny_model()
    spread = []
    for temperature in (0.1, 1.0):
        latents = model.sample(500, temperature=temperature, generator=seeded()).latents
        spread.append(latents.stroke[:, 0].std(0).mean().item())
    assert spread[0] < 0.8 * spread[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"count": 0}, r"count \(=0\)"),
        ({"strokes": 0}, r"strokes \(=0\)"),
        ({"size": 0}, r"size \(=0\)"),
        ({"temperature": -0.5}, r"temperature \(=-0.5\)"),
        ({"temperature": float("nan")}, r"temperature \(=nan\)"),
    ],
)
def test_numbers_out_of_range_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(DoodError, match=message):
        generate(tiny_model(), **options)  # pyright: ignore[reportArgumentType]


def test_a_model_without_strokes_says_so() -> None:
    with pytest.raises(DoodError, match="no strokes to give"):
        generate(tiny_model(dataclasses.replace(TINY, **MODELS["air"])), 2)


def test_files_are_numbered_and_shown_together(model_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = generate_files(out, model_file, 12, formats=["svg", "json"], size=60)
    assert [path.name for path in written[:3]] == ["0001.svg", "0001.json", "0002.svg"]
    assert sorted(written) == sorted(out.iterdir())
    drawings = generate(model_file, 12, size=60)
    assert Drawing.from_json((out / "0012.json").read_text()) == drawings[11]
    with Image.open(out / "samples.png") as grid:
        assert grid.width > 10 * 60


def test_an_unknown_format_is_refused_before_anything_is_written(model_file: Path, tmp_path: Path) -> None:
    with pytest.raises(DoodError, match="unknown format 'pdf'"):
        generate_files(tmp_path / "out", model_file, 2, formats=["svg", "pdf"])
    assert not (tmp_path / "out").exists()


def test_a_picture_of_somebody_else_s_is_not_written_over(model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "samples.png").write_bytes(b"mine")
    with pytest.raises(DoodError, match=r"samples\.png is there, and dood did not write it"):
        generate_files(tmp_path, model_file, 2, formats=["svg"])
    assert [path.name for path in tmp_path.glob("*.svg")] == []
    generate_files(tmp_path, model_file, 2, formats=["svg"], force=True)
    generate_files(tmp_path, model_file, 2, formats=["svg"])
