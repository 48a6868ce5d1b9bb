"""Laying pictures on the canvas, and coming back to the user's pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from dood.errors import DoodError
from dood.pictures import FILL, MINIMAL_PEN, Picture, Placement, load_picture, normalise
from dood.samples import sample_paths

numbers = st.floats(-1e5, 1e5)


def lines(side: int, pen: int | float, points=((0.1, 0.2), (0.8, 0.3), (0.3, 0.9))) -> np.ndarray:
    """Grey values uint8 [side, side] of dark ink."""
    fine = max(2, 3000 // side)
    image = Image.new("L", (side * fine, side * fine), 255)
    scaled = [(x * side * fine, y * side * fine) for x, y in points]
    ImageDraw.Draw(image).line(scaled, fill=0, width=round(pen * fine), joint="curve")
    return np.asarray(image.reduce(fine))


def canvas_grid(resolution: int) -> np.ndarray:
    return (2 * np.arange(resolution) + 1) / resolution - 1


def box_of(canvas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners of what is at least half inked, in canvas units."""
    rows, columns = np.nonzero(canvas >= 0.5)
    side = 2 / len(canvas)
    return (np.array([columns.min(), rows.min()]) * side - 1, np.array([columns.max() + 1, rows.max() + 1]) * side - 1)


def pen_width(ink: np.ndarray, points, samples: int = 400) -> float:
    """Full width at half ink, in values, where a line through the first two points is cut in its middle."""
    (ax, ay), (bx, by) = points[:2]
    along = np.array([bx - ax, by - ay]) / np.hypot(bx - ax, by - ay)
    across = np.array([-along[1], along[0]])
    reach = np.linspace(-len(ink) / 8, len(ink) / 8, samples)
    at = np.array([(ax + bx) / 2, (ay + by) / 2]) + reach[:, None] * across
    cut = [bilinear(ink, x, y) for x, y in at - 0.5]
    return float(np.count_nonzero(np.array(cut) > max(cut) / 2) * (reach[1] - reach[0]))


def bilinear(ink: np.ndarray, x: float, y: float) -> float:
    j, i = int(np.floor(x)), int(np.floor(y))
    patch = ink[i : i + 2, j : j + 2]
    return float(np.array([1 - (y - i), y - i]) @ patch @ np.array([1 - (x - j), x - j]))


class TestPlacement:
    @given(st.floats(0.1, 1e5), numbers, numbers, st.lists(st.tuples(numbers, numbers), min_size=1))
    def test_round_trip(self, scale, x, y, points):
        placement = Placement(scale, (x, y))
        there = placement.to_canvas(points)
        assert np.allclose(placement.to_pixels(there), points, rtol=1e-9, atol=1e-6)
        lengths = np.hypot(*(np.array(points) - points[0]).T)
        assert np.allclose(placement.length_to_pixels(placement.length_to_canvas(lengths)), lengths, rtol=1e-12)
        assert np.allclose(np.hypot(*(there - there[0]).T) * scale, lengths, rtol=1e-6, atol=1e-4)

    @given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 5), st.sampled_from(["ink", "image"]))
    def test_lies_inside_the_canvas(self, width, height, block, frame):
        ink = np.zeros((height, width), np.float32)
        ink[height // 3 :, width // 2] = 1
        canvas, placement = normalise(Picture(ink, width * block, height * block, block), 28, frame=frame)
        assert canvas.shape == (28, 28)
        assert canvas.dtype == np.float32
        assert 0 <= canvas.min() <= canvas.max() <= 1
        corners = np.array([[width // 2, height // 3], [width // 2 + 1, height]]) * block
        assert np.abs(placement.to_canvas(corners)).max() <= 1 + 1e-9


class TestWholeImage:
    @pytest.mark.parametrize("side", [28, 50])
    def test_same_size_is_identical(self, side):
        picture = Picture.from_array(lines(side, 3))
        canvas, placement = normalise(picture, side)
        assert np.array_equal(canvas, picture.ink)
        assert placement == Placement(side / 2, (side / 2, side / 2))

    def test_pixel_centres_agree(self):
        _, placement = normalise(Picture.from_array(lines(28, 3)), 28)
        diagonal = np.stack([canvas_grid(28)] * 2, -1)
        assert np.allclose(placement.to_pixels(diagonal), np.stack([np.arange(28) + 0.5] * 2, -1))

    def test_as_the_data_are_resized(self):
        grey = lines(105, 2)
        canvas, _ = normalise(Picture.from_array(grey), 50)
        image = Image.fromarray(255 - grey).resize((50, 50), Image.Resampling.BILINEAR)
        assert np.abs(canvas - np.asarray(image) / 255).max() < 1.01 / 255

    def test_oblong_picture_is_centred(self):
        ink = np.zeros((20, 60), np.float32)
        ink[:, 29:31] = 1
        canvas, placement = normalise(Picture(ink, 60, 20), 30, frame="image")
        assert placement == Placement(30.0, (30.0, 10.0))
        assert np.array_equal(canvas.sum(1)[[9, 10, 14, 19, 20]] > 0.5, [False, True, True, True, False])


class TestAroundInk:
    @pytest.mark.parametrize("resolution", [28, 50, 64])
    @pytest.mark.parametrize("side", [40, 200, 900])
    def test_longest_side_and_centre_of_mass(self, side, resolution):
        picture = Picture.from_array(lines(side, side / 16))
        canvas, _ = normalise(picture, resolution, frame="ink")
        low, high = box_of(canvas)
        assert abs((high - low).max() / 2 - FILL) < 2.1 / resolution + 1 / side
        mass = canvas / canvas.sum()
        centre = [mass.sum(0) @ canvas_grid(resolution), mass.sum(1) @ canvas_grid(resolution)]
        assert np.abs(centre).max() < 1 / resolution

    def test_points_land_where_the_ink_is(self):
        point = np.array([0.72, 0.21]) * 800
        grey = np.full((800, 800), 255, np.uint8)
        y, x = np.mgrid[:800, :800] + 0.5
        grey[np.hypot(x - point[0], y - point[1]) < 12] = 0
        grey[700:712, 100:500] = 0
        canvas, placement = normalise(Picture.from_array(grey), 50)
        upper = canvas[:25] / canvas[:25].sum()
        seen = np.array([upper.sum(0) @ canvas_grid(50), upper.sum(1) @ canvas_grid(50)[:25]])
        assert np.abs(placement.to_pixels(seen) - point).max() < 0.25 * placement.length_to_pixels(2 / 50)

    def test_lopsided_ink_stays_inside(self):
        grey = np.full((400, 400), 255, np.uint8)
        grey[100:200, 20:80] = 0
        grey[148:152, 20:390] = 0
        canvas, placement = normalise(Picture.from_array(grey), 50, fill=0.9)
        edges = placement.to_canvas([[20, 100], [390, 200]])
        assert np.abs(edges).max() <= 1
        assert max(canvas[:, 0].max(), canvas[:, -1].max()) < 0.05

    @pytest.mark.parametrize("side", [600, 2000])
    @pytest.mark.parametrize("pen", [1, 2, 5])
    def test_thin_lines_stay_visible_and_thin(self, side, pen):
        points = ((0.1, 0.2), (0.8, 0.3), (0.3, 0.9))
        canvas, placement = normalise(Picture.from_array(lines(side, pen, points)), 50)
        at = (placement.to_canvas(np.array(points) * side) + 1) * 25
        middles = (at[:-1] + at[1:]) / 2
        for x, y in middles:
            assert canvas[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2].max() > 0.65
        width = pen_width(canvas, at)
        assert 0.8 * MINIMAL_PEN < width < 1.5 * MINIMAL_PEN
        assert placement.pen < 0.5
        assert 0.6 * pen < placement.width_to_pixels(width * 2 / 50) < 1.6 * pen

    def test_broad_lines_keep_their_width(self):
        points = ((0.1, 0.2), (0.8, 0.3), (0.3, 0.9))
        canvas, placement = normalise(Picture.from_array(lines(600, 50, points)), 50)
        assert placement.pen == 1
        at = (placement.to_canvas(np.array(points) * 600) + 1) * 25
        assert abs(placement.width_to_pixels(pen_width(canvas, at) * 2 / 50) - 50) < 4

    def test_enlarging_keeps_the_pen(self):
        ink = np.zeros((9, 20), np.float32)
        ink[4, 3:15] = 1
        canvas, placement = normalise(Picture(ink, 20, 9), 50)
        assert placement.pen == 1
        assert np.count_nonzero(canvas[:, 25] > 0.5) == pytest.approx(50 * FILL / 12, abs=1.5)

    def test_specks_of_dust_do_not_frame(self):
        clean = lines(1000, 12)
        dusty = clean.copy()
        dusty[995, 995] = dusty[3, 2] = 0
        (_, one), (_, other) = (normalise(Picture.from_array(grey)) for grey in (clean, dusty))
        assert other.scale == pytest.approx(one.scale, rel=0.02)

    def test_faint_ink_is_darkened(self):
        ink = ((255 - lines(300, 20)) / 255).astype(np.float32)
        canvas, _ = normalise(Picture(np.float32(0.55) * ink, 300, 300))
        full, _ = normalise(Picture(ink, 300, 300))
        assert np.abs(canvas - full).max() < 0.02

    def test_ink_up_to_the_edge(self):
        canvas, placement = normalise(Picture(np.ones((300, 300), np.float32), 300, 300))
        assert placement == Placement(150 / FILL, (150.0, 150.0))
        assert canvas.mean() == pytest.approx(FILL**2, rel=0.05)


class TestArguments:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"frame": "tight"}, "frame 'tight' is unknown: use auto, ink, image, room"),
            ({"resolution": 1}, "resolution 1 is out of range"),
            ({"fill": 0.0}, r"fill 0\.0 is out of range"),
            ({"fill": 1.5}, r"fill 1\.5 is out of range"),
        ],
    )
    def test_refused(self, options, message):
        with pytest.raises(DoodError, match=message):
            normalise(Picture.from_array(lines(28, 3)), **options)

    @pytest.mark.parametrize(("width", "height", "whole"), [(128, 128, True), (129, 129, False), (100, 99, False)])
    def test_auto_frame(self, width, height, whole):
        ink = np.zeros((height, width), np.float32)
        ink[10:20, 10:40] = 1
        picture = Picture(ink, width, height)
        found, expected = (normalise(picture, frame=frame)[1] for frame in ("auto", "image" if whole else "ink"))
        assert found == expected


class TestRoom:
    """What is to be drawn on."""

    @pytest.mark.parametrize("side", [50, 500, 2000])
    def test_the_whole_picture_where_the_ink_takes_much_of_it_at_any_size(self, side):
        whole, placement = normalise(Picture.from_array(lines(side, side / 20)), 50, frame="room")
        assert placement == Placement(side / 2, (side / 2, side / 2))
        assert np.abs(whole - normalise(Picture.from_array(lines(200, 10)), 50, frame="room")[0]).mean() < 0.01

    def test_thin_pens_are_widened_and_made_thin_again(self):
        canvas, placement = normalise(Picture.from_array(lines(600, 3)), 50, frame="room")
        assert canvas.max() > 0.9
        assert placement.pen < 0.5
        assert normalise(Picture.from_array(lines(600, 3)), 50, frame="image")[0].max() < 0.5

    @pytest.mark.parametrize(("left", "top"), [(0, 0), (300, 40), (340, 300), (120, 340)])
    @pytest.mark.parametrize("block", [1, 2])
    def test_the_ink_where_it_takes_little_of_the_picture(self, left, top, block):
        ink = np.zeros((400, 400), np.float32)
        ink[top : top + 60, left : left + 10] = ink[top : top + 10, left : left + 40] = 1
        picture = Picture(ink, 400 * block, 400 * block, block)
        assert normalise(picture, 50, frame="room")[1] == normalise(picture, 50, frame="ink")[1]

    def test_a_narrow_page_is_no_matter(self):
        ink = np.zeros((40, 400), np.float32)
        ink[5:35, 350:360] = 1
        canvas, placement = normalise(Picture(ink, 400, 40), 50, frame="room")
        assert canvas.max() > 0.9
        assert placement.to_pixels(sum(box_of(canvas)) / 2) == pytest.approx([355, 20], abs=2)


class TestSamples:
    def test_there_are_more_than_a_dozen_small_ones(self):
        paths = sample_paths()
        assert len(paths) >= 16
        assert sum(path.stat().st_size for path in paths) < 250_000

    @pytest.mark.parametrize("path", sample_paths(), ids=lambda path: path.name)
    def test_each_is_read_and_fills_the_canvas(self, path):
        picture = load_picture(path)
        assert picture.polarity == ("light" if path.stem in ("three", "eight", "smiley") else "dark")
        canvas, _ = normalise(picture)
        low, high = box_of(canvas)
        assert 0.55 < (high - low).max() / 2 < 0.9
        assert 0.02 < canvas.mean() < 0.2
        assert np.mean(canvas == 0) > 0.5
