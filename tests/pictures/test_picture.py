"""Pictures from files and arrays, small and large; what is refused, and how it is said."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from dood.errors import DoodError
from dood.pictures import Picture, find_images, load_picture
from dood.pictures import planes as planes_module
from tests.pictures.drawn import ROUNDING, SIZE, drawing, mean_error, png_header, saved


class TestFormats:
    @pytest.mark.parametrize("name", ["a.png", "a.gif", "a.bmp", "a.tif", "a.webp", "a.jpg"])
    @pytest.mark.parametrize("mode", ["L", "RGB", "P", "1", "RGBA"])
    @pytest.mark.parametrize("dark", [True, False])
    def test_each_format_and_mode(self, tmp_path, name, mode, dark):
        ink = drawing()
        image = Image.fromarray(255 - ink if dark else ink)
        image = image.convert(mode, dither=Image.Dither.NONE)
        if name == "a.jpg" and mode in ("P", "RGBA"):
            image = image.convert("RGB")
        options = {"lossless": True} if name == "a.webp" else {}
        picture = load_picture(saved(tmp_path, image, name, **options))
        expected = np.where(ink > 127, 255, 0) if mode == "1" else ink
        assert (picture.width, picture.height, picture.block) == (*SIZE, 1)
        assert picture.polarity == ("dark" if dark else "light")
        assert picture.ink.dtype == np.float32
        assert picture.note == ""
        if name == "a.jpg":
            assert mean_error(picture.ink, expected) < 0.02
        elif mode == "1":
            assert mean_error(picture.ink, expected) < 0.002, "pixels at half ink may fall either way"
        else:
            quantised = name == "a.gif" and mode == "RGBA"
            assert np.abs(picture.ink - expected / 255).max() < (0.06 if quantised else ROUNDING)

    @pytest.mark.parametrize("name", ["a.png", "a.tif"])
    @pytest.mark.parametrize("top", [65535, 4095])
    def test_deep_grey(self, tmp_path, name, top):
        ink = drawing()
        deep = np.rint((1 - ink / 255) * top).astype(np.uint16)
        picture = load_picture(saved(tmp_path, Image.fromarray(deep), name))
        assert np.abs(picture.ink - ink / 255).max() < 0.51 / top + 1e-6

    @pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 255), (-3, 1000)])
    def test_float_tiff(self, tmp_path, low, high):
        ink = drawing()
        values = (low + (high - low) * (ink / 255)).astype(np.float32)
        picture = load_picture(saved(tmp_path, Image.fromarray(values), "a.tif"))
        assert np.abs(picture.ink - ink / 255).max() < 1e-4

    @pytest.mark.parametrize(
        ("value", "message"), [(np.inf, "not finite"), (-np.inf, "not finite"), (1e20, "nearly all")]
    )
    @pytest.mark.parametrize("size", [(30, 30), (200, 150)])
    def test_one_wild_value_in_a_float_tiff(self, tmp_path, size, value, message):
        values = np.ones(size, np.float32)
        values[10:13, 4:20] = 0
        values[0, 0] = value
        with pytest.raises(DoodError, match=message):
            load_picture(saved(tmp_path, Image.fromarray(values), "a.tif"))

    def test_cmyk(self, tmp_path):
        image = Image.fromarray(255 - drawing()).convert("CMYK")
        assert mean_error(load_picture(saved(tmp_path, image, "a.jpg")).ink, drawing()) < 0.02

    def test_first_frame_of_an_animation(self, tmp_path):
        frames = [Image.fromarray(255 - drawing()), Image.fromarray(drawing())]
        path = saved(tmp_path, frames[0], "a.gif", save_all=True, append_images=frames[1:])
        picture = load_picture(path)
        assert "first" in picture.note
        assert np.abs(picture.ink - drawing() / 255).max() < ROUNDING

    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
    @pytest.mark.parametrize("kept", [2048, 17])
    def test_exif_rotation(self, tmp_path, monkeypatch, orientation, name, kept):
        monkeypatch.setattr(planes_module, "KEPT_SIDE", kept)
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = saved(tmp_path, Image.fromarray(255 - drawing()), name, exif=exif)
        picture = load_picture(path)
        # By its path, Pillow maps an uncompressed TIFF into memory and turns it twice.
        with Image.open(io.BytesIO(path.read_bytes())) as image:
            image.load()
            upright = ImageOps.exif_transpose(image)
        assert (picture.width, picture.height) == upright.size
        expected = 1 - np.asarray(upright.convert("L")) / 255
        tall, wide = (-(-side // picture.block) * picture.block for side in expected.shape)
        covering = np.pad(expected, ((0, tall - expected.shape[0]), (0, wide - expected.shape[1])), mode="edge")
        cells = covering.reshape(tall // picture.block, picture.block, -1, picture.block).mean((1, 3))
        assert picture.ink.shape == cells.shape
        assert np.abs(picture.ink - cells).max() < 0.06

    def test_open_file_and_text_path(self, tmp_path):
        path = saved(tmp_path, Image.fromarray(drawing()))
        from_file = load_picture(io.BytesIO(path.read_bytes()))
        assert np.array_equal(from_file.ink, load_picture(str(path)).ink)


class TestArrays:
    @pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32, np.float64, bool])
    def test_types(self, kind):
        ink = drawing() > 127
        full = {np.uint8: 255, np.uint16: 65535}.get(kind, 1)
        assert np.array_equal(Picture.from_array((ink * full).astype(kind)).ink, ink.astype(np.float32))

    @pytest.mark.parametrize(
        ("array", "message"),
        [
            (np.zeros((2, 2, 2, 2)), "shape"),
            (np.zeros((0, 3)), "shape"),
            (np.zeros((4, 4), np.int64), "int64"),
            (np.full((4, 4), 7.0), r"lie in \[0, 1\]"),
            (np.full((4, 4), np.nan), r"lie in \[0, 1\]"),
            (np.zeros((4, 4), np.uint8), "no ink"),
            ([[0, 1], [0]], "cannot be read as an array"),
            (torch.zeros(4, 4, requires_grad=True), "cannot be read as an array .*detach"),
            (torch.zeros(4, 4, dtype=torch.bfloat16), "cannot be read as an array .*float"),
        ],
    )
    def test_refused(self, array, message):
        with pytest.raises(DoodError, match=message):
            Picture.from_array(array)


class TestLarge:
    def test_blocks_cover_whole_pixels(self, monkeypatch):
        monkeypatch.setattr(planes_module, "KEPT_SIDE", 100)
        ink = np.zeros((211, 333), np.uint8)
        ink[:, 120:200] = 255
        picture = Picture.from_array(255 - ink)
        assert (picture.width, picture.height, picture.block) == (333, 211, 4)
        assert picture.ink.shape == (53, 84)
        assert np.array_equal(picture.ink[0], np.repeat([0.0, 1.0, 0.0], [30, 20, 34]).astype(np.float32))

    def test_strips_join(self, monkeypatch):
        grey = 255 - drawing((300, 200))
        whole = Picture.from_array(grey)
        monkeypatch.setattr(planes_module, "STRIP_PIXELS", 1000)
        assert np.array_equal(Picture.from_array(grey).ink, whole.ink)

    @pytest.mark.parametrize("side", [4095, 6000, 8192])
    def test_jpeg_draft_keeps_the_size(self, tmp_path, side):
        image = Image.fromarray(255 - drawing((side, 64)))
        picture = load_picture(saved(tmp_path, image, "a.jpg"))
        assert (picture.width, picture.height) == (side, 64)
        assert max(picture.ink.shape) == -(-side // picture.block) <= planes_module.KEPT_SIDE

    def test_too_many_pixels(self, tmp_path):
        with pytest.raises(DoodError, match=r"huge.png is too large: 40000 x 40000"):
            load_picture(png_header(tmp_path / "huge.png", 40_000, 40_000))

    def test_too_long(self, tmp_path):
        with pytest.raises(DoodError, match="too large: 200000 x 1 "):
            load_picture(png_header(tmp_path / "long.png", 200_000, 1))

    def test_pillows_own_guard_is_put_back(self, tmp_path):
        before = Image.MAX_IMAGE_PIXELS
        load_picture(saved(tmp_path, Image.fromarray(drawing())))
        assert before == Image.MAX_IMAGE_PIXELS

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads peak memory the way Linux counts it")
    def test_memory_is_bounded(self, tmp_path):
        image = Image.new("1", (12_000, 12_000), 1)
        ImageDraw.Draw(image).line((1000, 2000, 11_000, 9000), fill=0, width=20)
        path = saved(tmp_path, image, compress_level=1)
        code = (
            "import re, sys\nfrom pathlib import Path\nfrom dood.pictures import load_picture\n"
            "picture = load_picture(sys.argv[1])\n"
            # Not getrusage, whose peak a process inherits from the one that started it.
            "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]\n"
            "print(picture.block, *picture.ink.shape, int(peak) // 1024)"
        )
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
        block, height, width, peak = map(int, done.stdout.split())
        assert (block, height, width) == (4, 3000, 3000)
        assert peak < 144 + 250, "one byte a pixel, and what Python and one strip take"


class TestErrors:
    def refused(self, path: Path | str, words: str) -> None:
        with pytest.raises(DoodError) as caught:
            load_picture(path)
        message = str(caught.value)
        assert "\n" not in message
        assert str(path) in message
        assert words in message

    def test_missing(self, tmp_path):
        self.refused(tmp_path / "none.png", "does not exist")

    def test_folder(self, tmp_path):
        self.refused(tmp_path, "is a folder")

    def test_text_file(self, tmp_path):
        (tmp_path / "a.png").write_text("not an image")
        self.refused(tmp_path / "a.png", "no image that can be read")

    def test_empty_file(self, tmp_path):
        (tmp_path / "a.png").touch()
        self.refused(tmp_path / "a.png", "no image that can be read")

    @pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.bmp", "a.tif", "a.webp"])
    def test_truncated(self, tmp_path, name):
        noise = np.random.default_rng(0).integers(0, 255, (90, 90), dtype=np.uint8)
        path = saved(tmp_path, Image.fromarray(noise), name)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(DoodError, match=r"damaged or cut short|no image that can be read") as caught:
            load_picture(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("value", [0, 255, 90])
    @pytest.mark.parametrize("size", [(1, 1), (30, 20), (300, 200)])
    def test_one_colour(self, tmp_path, value, size):
        self.refused(saved(tmp_path, Image.new("L", size, value)), "no ink")

    def test_empty_grey_paper(self, tmp_path):
        y, x = np.mgrid[:200, :300] / 300
        seen = 0.9 - 0.3 * x - 0.1 * y + np.random.default_rng(0).normal(0, 0.012, x.shape)
        self.refused(saved(tmp_path, Image.fromarray(np.rint(seen * 255).astype(np.uint8))), "no ink")

    def test_permission(self, tmp_path, monkeypatch):
        path = saved(tmp_path, Image.fromarray(drawing()))

        def refuse(*_, **__):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        self.refused(path, "cannot read")

    def test_polarity(self, tmp_path):
        with pytest.raises(DoodError, match="'grey' is unknown: use auto, dark, light"):
            load_picture(tmp_path / "none.png", polarity="grey")

    @settings(max_examples=50)
    @given(st.binary(max_size=200), st.integers(0, 400))
    def test_damage_is_always_named(self, noise, start):
        clean = io.BytesIO()
        Image.fromarray(drawing()).save(clean, "PNG")
        damaged = bytearray(clean.getvalue())
        damaged[start : start + len(noise)] = noise
        try:
            load_picture(io.BytesIO(bytes(damaged)))
        except DoodError as error:
            message = str(error)
        else:
            message = ""
        assert "\n" not in message

    def test_warnings_do_not_leak(self, tmp_path, recwarn):
        image = Image.fromarray(255 - drawing()).convert("P")
        path = saved(tmp_path, image, transparency=bytes(range(256)))
        load_picture(path)
        assert not recwarn.list


class TestFindImages:
    def test_folders_and_files(self, tmp_path):
        for name in ("b.PNG", "a.jpeg", "notes.txt", ".hidden.png", "inner/c.png"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
        found = find_images([tmp_path / "notes.txt", str(tmp_path)])
        assert [path.name for path in found] == ["notes.txt", "a.jpeg", "b.PNG"]

    def test_missing(self, tmp_path):
        with pytest.raises(DoodError, match=r"gone does not exist"):
            find_images([tmp_path / "gone"])

    def test_no_images(self, tmp_path):
        with pytest.raises(DoodError, match="holds no images"):
            find_images([tmp_path])
