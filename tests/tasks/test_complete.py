"""Partial drawings, and what becomes of them."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dood.checkpoints import checkpoint
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.tasks.complete import complete, complete_files
from dood.training.presets import MODELS
from tests.tiny import TINY, tiny_model


def bar(width: int = 40, height: int = 30) -> np.ndarray:
    """Black on white."""
    picture = np.full((height, width), 255, np.uint8)
    picture[10:14, 5:30] = 0
    return picture


@pytest.mark.parametrize("expost", [False, True])
def test_every_completion_begins_with_the_strokes_of_what_was_given(expost: bool) -> None:
    completions = complete(bar(), model=tiny_model(dataclasses.replace(TINY, expost=expost)), count=6, seed=1)
    given = completions.given
    assert (given.width, given.height) == (40, 30)
    assert given.strokes
    assert len(completions.drawings) == 6
    for drawing in completions.drawings:
        assert drawing.strokes[: len(given.strokes)] == given.strokes
        assert len(drawing.strokes) <= len(given.strokes) + TINY.strokes
    assert len({len(drawing.strokes) for drawing in completions.drawings} - {len(given.strokes)}) > 0


@pytest.mark.parametrize("expost", [False, True])
def test_no_more_strokes_are_added_than_allowed(expost: bool) -> None:
    model = tiny_model(dataclasses.replace(TINY, expost=expost))
    completions = complete(bar(), model=model, count=6, seed=1, strokes=1)
    added = [len(drawing.strokes) - len(completions.given.strokes) for drawing in completions.drawings]
    assert max(added) == 1


def test_completions_differ_from_one_another_and_are_the_same_for_a_seed() -> None:
    one, same, other = (complete(bar(), model=tiny_model(), count=5, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one.drawings != other.drawings
    assert one.drawings[0] != one.drawings[1]


@pytest.mark.parametrize(
    ("picture", "options", "message"),
    [
        (bar(), {"count": 0}, r"count \(=0\)"),
        (bar(), {"strokes": 0}, r"strokes \(=0\)"),
        (bar(), {"temperature": -1.0}, r"temperature \(=-1.0\)"),
        (np.full((20, 20), 255, np.uint8), {}, "no ink"),
        (np.zeros((20, 20), np.uint8), {}, "no ink"),
        (bar(), {"frame": "gilded"}, "gilded"),
    ],
)
def test_what_cannot_be_completed_is_refused(picture: np.ndarray, options: dict[str, object], message: str) -> None:
    with pytest.raises(DoodError, match=message):
        complete(picture, model=tiny_model(), **options)  # pyright: ignore[reportArgumentType]


def test_a_model_without_strokes_says_so() -> None:
    with pytest.raises(DoodError, match="no strokes to give"):
        complete(bar(), model=tiny_model(dataclasses.replace(TINY, **MODELS["air"])))


def test_files_are_numbered_and_shown_together(tmp_path: Path) -> None:
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors")
    Image.fromarray(bar()).save(tmp_path / "half.png")
    options = {"model": tmp_path / "model.safetensors", "count": 3}
    written = complete_files(tmp_path / "half.png", tmp_path / "out", formats=["json"], **options)
    assert [path.name for path in written] == ["half-1.json", "half-2.json", "half-3.json", "half-completed.png"]
    drawings = complete(tmp_path / "half.png", **options).drawings
    assert [Drawing.from_json(path.read_text()) for path in written[:3]] == drawings
    with Image.open(written[3]) as sheet:
        assert sheet.width > 4 * 100


def test_the_papers_way_reads_the_part_in_one_go_and_begins_with_it() -> None:
    model = tiny_model(dataclasses.replace(TINY, expost=True))
    completions = complete(bar(), model=model, count=3, way="paper", seed=1)
    given = completions.given.strokes
    assert 1 <= len(given) <= TINY.strokes
    assert all(drawing.strokes[: len(given)] == given for drawing in completions.drawings)
