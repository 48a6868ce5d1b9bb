"""Sheets show what they are said to, where they are said to."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dood.drawing import Drawing, Stroke
from dood.errors import DoodError
from dood.figures.sheets import (
    FIRST,
    GIVEN,
    GROUND,
    LAST,
    PALETTE,
    TILE,
    UNUSED,
    WHITE,
    Entry,
    completion_sheet,
    contact_sheet,
    drawing_grid,
    image_grids,
    invention_sheet,
    reconstruction_sheet,
    save_image,
)

RED = (250, 10, 20)


def entry(strokes: int, width: int = 100, height: int = 60) -> Entry:
    rows = np.linspace(8, height - 8, max(strokes, 1))
    drawn = tuple(Stroke(np.array([[20.0, y], [width - 10.0, y]]), np.array([4.0])) for y in rows[:strokes])
    return Entry(
        "some",
        Image.new("RGB", (width, height), RED),
        np.zeros((height, width), np.float32),
        Drawing(width, height, drawn),
    )


def holds(image: Image.Image, colour: tuple[int, int, int]) -> bool:
    return bool((np.asarray(image.convert("RGB")) == colour).all(-1).any())


def test_a_contact_sheet_shows_picture_strokes_and_their_order() -> None:
    sheet = contact_sheet([entry(3)])
    pixels = np.asarray(sheet)
    third = pixels.shape[1] // 3
    assert (pixels[:, :third] == RED).all(-1).sum() == pytest.approx(TILE * TILE * 0.6, rel=0.03)
    black = (pixels[:, third : 2 * third] < 40).all(-1).sum()
    assert black == pytest.approx(3 * 70 * 4 * (TILE / 100) ** 2, rel=0.25)
    for i, colour in enumerate(PALETTE):
        assert holds(sheet.crop((2 * third, 0, *sheet.size)), colour) == (i < 3)


def test_numbers_stand_at_the_starts() -> None:
    """The stroke of the second colour runs to the right, so its number widens what is coloured at the left."""
    forth, back = entry(2), entry(2)
    turned = tuple(Stroke(stroke.points[::-1], stroke.widths) for stroke in back.drawing.strokes)
    back = back._replace(drawing=Drawing(100, 60, turned))

    def middle(one: Entry) -> float:
        pixels = np.asarray(contact_sheet([one]))
        return float(np.argwhere((pixels == PALETTE[1]).all(-1))[:, 1].mean())

    assert middle(forth) < middle(back) - 10


@pytest.mark.parametrize("strokes", [0, 1, 14])
def test_any_number_of_strokes_and_any_shape_of_picture(strokes: int) -> None:
    sheet = contact_sheet(
        [entry(strokes), entry(strokes, 300, 20), entry(strokes, 1, 90), entry(strokes, 7, 7)], columns=3
    )
    assert sheet.size[0] > 9 * TILE


def test_many_strokes_go_from_blue_to_orange_without_numbers() -> None:
    sheet = contact_sheet([entry(20)])
    tile = np.asarray(sheet.crop((2 * sheet.width // 3, 0, *sheet.size))).astype(int)
    assert not any((tile == colour).all(-1).any() for colour in PALETTE)
    rows = [np.argwhere((abs(tile - np.array(colour)) < 6).all(-1))[:, 0] for colour in (FIRST, LAST)]
    assert 0 < rows[0].max() < rows[1].min()


def test_strokes_at_one_place_have_numbers_apart() -> None:
    stroke = Stroke(np.array([[50.0, 50.0], [60.0, 50.0]]), np.array([2.0]))
    crowded = Entry(
        "x", Image.new("RGB", (100, 100)), np.zeros((100, 100), np.float32), Drawing(100, 100, (stroke,) * 4)
    )
    pixels = np.asarray(contact_sheet([crowded]))
    areas = [(pixels == colour).all(-1).sum() for colour in PALETTE[:4]]
    assert min(areas) > 90


def test_a_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(DoodError, match="0 pictures"):
        contact_sheet([])
    with pytest.raises(DoodError, match="0 columns"):
        contact_sheet([entry(1)], columns=0)


@pytest.fixture
def steps() -> np.ndarray:
    """[2, 4, 28, 28]: each of three strokes adds five columns of ink."""
    canvases = np.zeros((2, 4, 28, 28), np.float32)
    for t in range(1, 4):
        canvases[:, t:, :, 5 * t : 5 * t + 5] = 1
    return canvases


def test_a_reconstruction_sheet_colours_the_newest_stroke(steps: np.ndarray) -> None:
    pixels = np.asarray(reconstruction_sheet(steps[:, 3], steps, [3, 3]))
    areas = [int((pixels == colour).all(-1).sum()) for colour in PALETTE[:4]]
    assert areas == [2 * 5 * 28 * 4**2] * 3 + [0]


def test_canvases_after_the_last_stroke_are_left_grey(steps: np.ndarray) -> None:
    pixels = np.asarray(reconstruction_sheet(steps[:, 3], steps, [1, 0]))
    grey = int((pixels == UNUSED).all(-1).sum())
    assert grey == 5 * (4 * 28) ** 2
    assert not (pixels == PALETTE[1]).all(-1).any()
    assert UNUSED != GROUND


def test_large_images_are_not_enlarged() -> None:
    sheet = reconstruction_sheet(np.zeros((1, 150, 150)), np.zeros((1, 2, 150, 150)), [1])
    assert 300 < sheet.size[0] < 400


@pytest.mark.parametrize(
    ("targets", "canvases", "counts"),
    [
        ((2, 8, 8), (3, 2, 8, 8), 2),
        ((2, 8, 8), (2, 2, 8, 8), 1),
        ((2, 8, 8), (2, 8, 8), 2),
        ((2, 8, 9), (2, 2, 8, 8), 2),
    ],
)
def test_shapes_that_do_not_go_together(targets: tuple, canvases: tuple, counts: int) -> None:
    with pytest.raises(DoodError, match="do not go together"):
        reconstruction_sheet(np.zeros(targets), np.zeros(canvases), [0] * counts)


def test_save_image_is_whole_or_absent(tmp_path: Path) -> None:
    save_image(Image.new("RGB", (3, 2), RED), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert (image.size, image.getpixel((0, 0))) == ((3, 2), RED)
    with pytest.raises(DoodError, match=r"b\.png"):
        save_image(Image.new("RGB", (3, 2)), tmp_path / "missing" / "b.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_grid_of_drawings_has_each_in_its_place() -> None:
    blank, full = Drawing(20, 20), Drawing(20, 20, (Stroke([[-5.0, 10.0], [25.0, 10.0]], 40.0),))
    grid = np.asarray(drawing_grid([blank, full, blank, blank, full], columns=3).convert("L"))
    height, width = grid.shape[0] // 2, grid.shape[1] // 3
    dark = [
        [bool((grid[row * height : (row + 1) * height, column * width : (column + 1) * width] < 90).mean() > 0.5)]
        for row in range(2)
        for column in range(3)
    ]
    assert dark == [[False], [True], [False], [False], [True], [False]]


def test_a_grid_of_nothing_is_refused() -> None:
    with pytest.raises(DoodError, match="0 drawings"):
        drawing_grid([])


def test_what_was_added_is_coloured_and_what_was_there_is_black() -> None:
    given = Drawing(20, 20, (Stroke([[2.0, 5.0], [18.0, 5.0]], 4.0),))
    more = Drawing(20, 20, (*given.strokes, Stroke([[2.0, 15.0], [18.0, 15.0]], 4.0)))
    sheet = np.asarray(completion_sheet(given, [given, more]))
    coloured = np.asarray((np.abs(sheet.astype(int) - PALETTE[0]) < 12).all(-1))
    black = np.asarray(sheet.max(-1) < 60)
    width = sheet.shape[1] // 3
    assert [bool(part.any()) for part in np.split(coloured[:, : 3 * width], 3, axis=1)] == [False, False, True]
    assert [bool(part.any()) for part in np.split(black[:, : 3 * width], 3, axis=1)] == [True, True, True]


def test_grids_stand_side_by_side_row_by_row() -> None:
    one, other = np.zeros((5, 4, 6)), np.ones((5, 4, 6))
    one[3] = 0.5
    grid = np.asarray(image_grids([one, other], columns=2))
    assert grid.shape[0] == 3 * 4
    assert (grid[4:8, 6:12] == 127).all()
    assert (grid[:4, :12] == 255).all()
    assert (grid[:8, -12:] == 0).all()
    assert (grid[8:, -6:] == 255).all()
    assert (grid[:, 12:-12] == 160).all()


def test_an_invention_sheet_has_the_given_ones_on_blue_above_the_new_ones_on_white() -> None:
    one = Drawing(10, 10, (Stroke([(5, 5)], 2.0),))
    sheet = invention_sheet([([one] * 2, [one] * 4), ([one], [one])], columns=3)
    tile, gap = 112, 8
    assert sheet.size == (3 * (tile + gap) + gap, 5 * (tile + gap) + gap)
    corner = [sheet.getpixel((gap + 2, gap + 2 + row * (tile + gap))) for row in range(5)]
    assert corner == [GIVEN, WHITE, WHITE, GIVEN, WHITE]
    assert sheet.getpixel((gap + tile // 2, gap + tile // 2)) == (0, 0, 0)
    with pytest.raises(DoodError, match="0 scripts"):
        invention_sheet([])
