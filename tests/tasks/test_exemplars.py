"""A drawing, and others like it."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dood.checkpoints import checkpoint
from dood.concepts.tokens import Spreads
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.tasks.exemplars import exemplars, exemplars_files
from dood.training.presets import MODELS
from tests.tiny import TINY, tiny_model


def bar(width: int = 40, height: int = 30) -> np.ndarray:
    """Black on white."""
    picture = np.full((height, width), 255, np.uint8)
    picture[10:14, 5:30] = 0
    return picture


def test_exemplars_have_the_strokes_of_what_was_given_moved() -> None:
    made = exemplars(bar(), model=tiny_model(), count=6, seed=1)
    assert (made.given.width, made.given.height) == (40, 30)
    assert made.given.strokes
    for drawing in made.drawings:
        assert len(drawing.strokes) == len(made.given.strokes)
        assert drawing.strokes != made.given.strokes
        for old, new in zip(made.given.strokes, drawing.strokes, strict=True):
            assert np.abs(old.points - new.points).max() < 40


def test_without_a_model_a_picture_of_any_size_is_traced_and_drawn_again() -> None:
    picture = np.full((600, 900), 255, np.uint8)
    picture[100:106, 50:850] = picture[100:500, 400:406] = 0
    made = exemplars(picture, count=3, seed=1)
    assert len(made.given.strokes) == 2
    assert made.given.missed == 0
    for drawing in made.drawings:
        assert [len(stroke.points) for stroke in drawing.strokes] == [
            len(stroke.points) for stroke in made.given.strokes
        ]
        assert drawing.strokes != made.given.strokes
    with pytest.raises(DoodError, match=r"'ink'.* model"):
        exemplars(picture, frame="ink")


def test_exemplars_differ_from_one_another_and_are_the_same_for_a_seed() -> None:
    one, same, other = (exemplars(bar(), model=tiny_model(), count=5, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one.drawings != other.drawings
    assert one.drawings[0] != one.drawings[1]


def test_temperature_and_spreads_say_how_far() -> None:
    def distance(**options: object) -> float:
        made = exemplars(bar(), model=tiny_model(), count=20, **options)  # pyright: ignore[reportArgumentType]
        steps = [np.abs(drawing.strokes[0].points - made.given.strokes[0].points) for drawing in made.drawings]
        return float(np.mean(steps))

    assert distance(temperature=0.0) < 1e-3 < 0.5 * distance(temperature=0.3) < 0.25 * distance(temperature=1.2)
    only_shift = Spreads(bend=0, stroke=0, point=0, shift=0.5, size=0, aspect=0, shear=0, angle=0, pen=0)
    made = exemplars(bar(), model=tiny_model(), count=3, spreads=only_shift)
    for drawing in made.drawings:
        step = drawing.strokes[0].points - made.given.strokes[0].points
        assert np.ptp(step, axis=0).max() < 1e-3 < np.abs(step).max()


@pytest.mark.parametrize(
    ("picture", "options", "message"),
    [
        (bar(), {"count": 0}, r"count \(=0\)"),
        (bar(), {"temperature": -1.0}, r"temperature \(=-1.0\)"),
        (bar(), {"temperature": float("nan")}, r"temperature \(=nan\)"),
        (np.full((20, 20), 255, np.uint8), {}, "no ink"),
        (bar(), {"frame": "gilded"}, "gilded"),
    ],
)
def test_what_cannot_be_drawn_again_is_refused(picture: np.ndarray, options: dict[str, object], message: str) -> None:
    with pytest.raises(DoodError, match=message):
        exemplars(picture, model=tiny_model(), **options)  # pyright: ignore[reportArgumentType]


def test_a_model_without_strokes_says_so() -> None:
    with pytest.raises(DoodError, match="no strokes to give"):
        exemplars(bar(), model=tiny_model(dataclasses.replace(TINY, **MODELS["air"])))


def test_files_are_numbered_and_shown_together(tmp_path: Path) -> None:
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors")
    Image.fromarray(bar()).save(tmp_path / "bar.png")
    options = {"model": tmp_path / "model.safetensors", "count": 3}
    written = exemplars_files(tmp_path / "bar.png", tmp_path / "out", formats=["json"], **options)
    assert [path.name for path in written] == ["bar-1.json", "bar-2.json", "bar-3.json", "bar-exemplars.png"]
    drawings = exemplars(tmp_path / "bar.png", **options).drawings
    assert [Drawing.from_json(path.read_text()) for path in written[:3]] == drawings
    with Image.open(written[3]) as sheet:
        assert sheet.width > 4 * 100


def test_files_that_dood_did_not_write_are_not_written_over(tmp_path: Path) -> None:
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors")
    Image.fromarray(bar()).save(tmp_path / "bar.png")
    Image.fromarray(bar()).save(tmp_path / "bar-2.png")
    before = (tmp_path / "bar-2.png").read_bytes()
    options = {"model": tmp_path / "model.safetensors", "count": 3, "formats": ["png"]}
    with pytest.raises(DoodError, match=r"bar-2\.png is there, and dood did not write it"):
        exemplars_files(tmp_path / "bar.png", tmp_path, **options)
    assert not (tmp_path / "bar-1.png").exists(), "nothing is written if not all can be"
    assert (tmp_path / "bar-2.png").read_bytes() == before
    assert len(exemplars_files(tmp_path / "bar.png", tmp_path, force=True, **options)) == 4


def small_and_fat(corner: int) -> np.ndarray:
    """Two short thick lines that meet, black on white, on a page of 120 pixels."""
    picture = np.full((120, 120), 255, np.uint8)
    picture[corner : corner + 30, 20:30] = picture[corner + 20 : corner + 30, 20:50] = 0
    return picture


def large_and_thin() -> np.ndarray:
    picture = np.full((120, 120), 255, np.uint8)
    picture[30:33, 20:110] = picture[30:110, 60:63] = 0
    return picture


def test_in_the_style_of_a_hand_they_are_where_as_large_and_as_thick_as_it_draws() -> None:
    hand = [small_and_fat(corner) for corner in (10, 14, 12, 8, 16)]
    options = {"count": 2, "temperature": 1e-6, "seed": 1}
    plain, styled = (exemplars(large_and_thin(), style=style, **options) for style in (None, hand))  # pyright: ignore[reportArgumentType]
    assert plain.given == styled.given
    for drawing in styled.drawings:
        assert [stroke.colour for stroke in drawing.strokes] == [stroke.colour for stroke in plain.given.strokes]
        points = np.concatenate([stroke.even(1.0) for stroke in drawing.strokes])
        before = np.concatenate([stroke.even(1.0) for stroke in plain.given.strokes])
        assert np.ptp(points, axis=0).max() < 0.7 * np.ptp(before, axis=0).max()
        assert points.mean(0)[1] < before.mean(0)[1] - 10
        assert drawing.strokes[0].width > 2 * plain.given.strokes[0].width


def test_a_style_is_of_pictures_files_or_a_folder(tmp_path: Path) -> None:
    for i, corner in enumerate((10, 20)):
        Image.fromarray(small_and_fat(corner)).save(tmp_path / f"{i}.png")
    arrays = [small_and_fat(corner) for corner in (10, 20)]
    ways = (arrays, tmp_path, str(tmp_path), [tmp_path / "0.png", tmp_path / "1.png"], [tmp_path])
    made = [exemplars(large_and_thin(), style=way, count=1).drawings for way in ways]
    assert all(each == made[0] for each in made)
    assert made[0] != exemplars(large_and_thin(), style=arrays[:1], count=1).drawings


def test_a_style_must_be_of_something_and_for_tracing(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match="a style of no pictures: give at least one"):
        exemplars(bar(), style=[])
    with pytest.raises(DoodError, match="leave the model out, or the style"):
        exemplars(bar(), style=[bar()], model=tiny_model())
    with pytest.raises(DoodError, match=r"nowhere\.png does not exist"):
        exemplars(bar(), style=tmp_path / "nowhere.png")
    with pytest.raises(DoodError, match="no "):
        exemplars(bar(), style=[np.full((50, 50), 255, np.uint8)])
