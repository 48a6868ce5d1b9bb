"""Ink of pages and photographs made here, whose strokes are known."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from dood.errors import DoodError
from dood.pictures import Picture, load_picture
from dood.pictures.picture import count_pages

SIZE = (420, 300)
BLACK, BLUE, RED, PAPER = (25, 25, 30), (30, 50, 170), (190, 30, 40), (248, 246, 240)


def page(lines: list[tuple[list[tuple[int, int]], tuple[int, int, int]]], paper: tuple = PAPER) -> Image.Image:
    """A page with pen lines, antialiased."""
    large = Image.new("RGB", (SIZE[0] * 3, SIZE[1] * 3), paper)
    pen = ImageDraw.Draw(large)
    for points, colour in lines:
        pen.line([(3 * x, 3 * y) for x, y in points], fill=colour, width=9, joint="curve")
    return large.resize(SIZE, Image.Resampling.BOX)


WRITING = [
    ([(60, 80), (90, 40), (120, 80)], BLACK),
    ([(150, 40), (150, 90), (200, 90)], BLACK),
    ([(240, 50), (330, 70)], BLACK),
    ([(80, 170), (180, 200), (300, 160)], BLACK),
]


def truth(lines: list = WRITING) -> NDArray[np.bool_]:
    return np.asarray(page([(points, (0, 0, 0)) for points, _ in lines], (255, 255, 255)).convert("L")) < 128


def agreement(picture: Picture, true: NDArray[np.bool_]) -> float:
    """F1 of the ink."""
    found = picture.ink > 0.5
    return float(2 * (found & true).sum() / (found.sum() + true.sum()))


def read(image: Image.Image, **options: object) -> Picture:
    return Picture.from_array(np.asarray(image), **options)  # pyright: ignore[reportArgumentType]


def test_a_clean_page_is_its_ink() -> None:
    assert agreement(read(page(WRITING)), truth()) > 0.95


def test_a_shadow_is_no_ink() -> None:
    light = np.clip(np.linspace(1.1, 0.35, SIZE[0]), 0, 1)[None, :, None]
    shaded = np.asarray(page(WRITING)) * light * np.linspace(1.0, 0.8, SIZE[1])[:, None, None]
    picture = Picture.from_array(shaded.astype(np.uint8))
    assert agreement(picture, truth()) > 0.9


@pytest.mark.parametrize("squared", [False, True])
def test_rules_of_paper_go_and_the_writing_on_them_stays(squared: bool) -> None:
    image = page(WRITING)
    pen = ImageDraw.Draw(image)
    for y in range(20, SIZE[1], 20):
        pen.line([(0, y), (SIZE[0], y)], fill=(190, 205, 230))
    for x in range(20, SIZE[0], 20) if squared else ():
        pen.line([(x, 0), (x, SIZE[1])], fill=(190, 205, 230))
    for points, colour in WRITING:
        pen.line(points, fill=colour, width=3, joint="curve")
    assert agreement(read(image), truth()) > 0.85


def test_a_table_drawn_with_the_same_pen_stays() -> None:
    table = [([(60, y), (360, y)], BLACK) for y in (60, 120, 180)] + [
        ([(x, 60), (x, 180)], BLACK) for x in (60, 200, 360)
    ]
    assert agreement(read(page(table)), truth(table)) > 0.95


def test_noise_of_a_camera_is_no_ink() -> None:
    noisy = np.asarray(page(WRITING), float) + np.random.default_rng(0).normal(0, 8, (SIZE[1], SIZE[0], 3))
    picture = Picture.from_array(np.clip(noisy, 0, 255).astype(np.uint8))
    assert agreement(picture, truth()) > 0.9


def test_a_sheet_on_a_dark_desk_is_paper() -> None:
    desk = Image.new("RGB", (SIZE[0] + 160, SIZE[1] + 120), (70, 50, 40))
    desk.paste(page(WRITING), (90, 50))
    picture = read(desk.filter(ImageFilter.GaussianBlur(0.7)))
    true = np.pad(truth(), ((50, 70), (90, 70)))
    assert agreement(picture, true) > 0.85


def test_pens_are_told_apart_by_colour() -> None:
    colours = [BLACK, BLUE, RED, BLUE]
    image = page([(points, colour) for (points, _), colour in zip(WRITING, colours, strict=True)])
    picture = read(image)
    assert picture.palette is not None
    assert len(picture.palette) == 3
    for (points, _), colour in zip(WRITING, colours, strict=True):
        found = picture.colour_at(np.array(points[:2], float).mean(0)[None])
        assert found is not None
        apart = np.subtract([int(found[i : i + 2], 16) for i in (1, 3, 5)], colour)
        assert np.abs(apart).max() < 60
    one = read(image, pens=1)
    assert one.palette is not None
    assert len(one.palette) == 1


def test_white_chalk_has_no_colour_for_it_would_not_be_seen_on_paper() -> None:
    board = [(points, (235, 235, 230) if i else (200, 60, 60)) for i, (points, _) in enumerate(WRITING)]
    picture = read(page(board, (30, 60, 50)))
    assert picture.polarity == "light"
    assert picture.colour_at([[175.0, 90.0]]) is None
    red = picture.colour_at([[75.0, 60.0]])
    assert red is not None
    assert int(red[1:3], 16) > 2 * int(red[3:5], 16)


def test_a_photograph_with_a_soft_rim_is_no_drawing_on_nothing() -> None:
    alpha = Image.new("L", SIZE, 255)
    ImageDraw.Draw(alpha).rectangle([0, 0, SIZE[0] - 1, SIZE[1] - 1], outline=140)
    image = page(WRITING)
    image.putalpha(alpha)
    assert agreement(read(image), truth()) > 0.9


def test_what_is_no_drawing_is_refused() -> None:
    rng = np.random.default_rng(0)
    for array in (rng.integers(0, 256, (300, 300), np.uint8), np.zeros((80, 80), np.uint8)):
        with pytest.raises(DoodError):
            Picture.from_array(array)


def test_pages_are_counted_noted_and_read(tmp_path: Path) -> None:
    first, second = page(WRITING[:1]), page(WRITING[1:])
    first.save(tmp_path / "two.tiff", save_all=True, append_images=[second])
    assert count_pages(tmp_path / "two.tiff") == 2
    assert "several frames or pages" in load_picture(tmp_path / "two.tiff").note
    picture = load_picture(tmp_path / "two.tiff", page=2)
    assert agreement(picture, truth(WRITING[1:])) > 0.95
    assert picture.note == ""
    with pytest.raises(DoodError, match="page 3"):
        load_picture(tmp_path / "two.tiff", page=3)
