"""Which of a picture is ink: what is dark on light or light on dark, and what shows through."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dood.errors import DoodError
from dood.pictures import Picture, load_picture
from tests.pictures.drawn import ROUNDING, drawing, mean_error, saved, with_alpha


class TestTransparency:
    @pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (127, 127, 127), (255, 200, 0)])
    @pytest.mark.parametrize("mode", ["RGBA", "LA"])
    def test_alpha_alone_carries_the_ink(self, tmp_path, colour, mode):
        path = saved(tmp_path, with_alpha(drawing(), colour).convert(mode))
        assert np.abs(load_picture(path).ink - drawing() / 255).max() < ROUNDING

    @pytest.mark.parametrize("scale", [0, 1])
    def test_palette_entry_that_is_transparent(self, tmp_path, scale):
        indices = (drawing() > 127).astype(np.uint8)
        image = Image.fromarray(indices).convert("P")
        image.putpalette([0, 0, 0, 255 * scale, 255 * scale, 255 * scale])
        path = saved(tmp_path, image, transparency=0)
        assert np.array_equal(load_picture(path).ink > 0.5, indices > 0)

    def test_strokes_of_many_colours_on_nothing(self, tmp_path):
        ink = drawing()
        image = with_alpha(ink, (250, 230, 0))
        image.paste((0, 0, 90), (0, 0, 25, 40), Image.fromarray(np.full((40, 25), 255, np.uint8)))
        image.putalpha(Image.fromarray(ink))
        assert np.abs(load_picture(saved(tmp_path, image)).ink - ink / 255).max() < ROUNDING

    def test_opaque_paper_with_transparent_margin(self, tmp_path):
        ink = np.pad(drawing((100, 100)), 5)
        image = Image.fromarray(255 - ink).convert("RGBA")
        alpha = np.zeros(ink.shape, np.uint8)
        alpha[5:-5, 5:-5] = 255
        image.putalpha(Image.fromarray(alpha))
        assert mean_error(load_picture(saved(tmp_path, image)).ink, ink) < 0.002

    def test_opaque_alpha_changes_nothing(self, tmp_path):
        path = saved(tmp_path, Image.fromarray(255 - drawing()).convert("RGBA"))
        assert np.abs(load_picture(path).ink - drawing() / 255).max() < ROUNDING

    def test_nothing_visible(self, tmp_path):
        with pytest.raises(DoodError, match="no ink"):
            load_picture(saved(tmp_path, with_alpha(np.zeros((9, 9), np.uint8), (0, 0, 0))))


class TestPolarity:
    @pytest.mark.parametrize("said", ["dark", "light"])
    @pytest.mark.parametrize("is_dark", [True, False])
    def test_what_is_said_is_done(self, said, is_dark):
        ink = drawing()
        grey = 255 - ink if is_dark else ink
        picture = Picture.from_array(grey, polarity=said)
        assert picture.polarity == said
        assert np.abs(picture.ink - (255 - grey if said == "dark" else grey) / 255).max() < ROUNDING

    @pytest.mark.parametrize("dark", [True, False])
    @pytest.mark.parametrize("light", ["even", "gradient", "vignette", "shadow"])
    def test_photos(self, dark, light):
        ink = drawing((300, 240)) / 255
        y, x = np.mgrid[:240, :300] / 300
        lamp = {
            "even": 0.7 + 0 * x,
            "gradient": 0.9 - 0.4 * x,
            "vignette": 0.9 - 0.8 * ((x - 0.5) ** 2 + (y - 0.4) ** 2),
            "shadow": 0.9 - 0.35 / (1 + np.exp(-25 * (x + 0.7 * y - 0.7))),
        }[light]
        seen = lamp * (1 - 0.75 * ink) if dark else lamp * (0.35 + 0.5 * ink)
        noisy = np.clip(seen + np.random.default_rng(0).normal(0, 0.012, ink.shape), 0, 1)
        picture = Picture.from_array(np.rint(noisy * 255).astype(np.uint8))
        assert picture.polarity == ("dark" if dark else "light")
        assert np.mean(picture.ink[ink == 0] == 0) > 0.97
        assert np.median(picture.ink[ink == 1]) > 0.9
        assert np.abs(picture.ink - ink).mean() < 0.03

    def test_faint_pencil_is_stretched(self):
        picture = Picture.from_array((255 - drawing() * 0.2).astype(np.uint8))
        assert np.abs(picture.ink - drawing() / 255).max() < 0.03

    def test_small_grey_paper(self):
        picture = Picture.from_array((180 - drawing((28, 28)) * 0.5).astype(np.uint8))
        assert picture.polarity == "dark"
        assert np.abs(picture.ink - drawing((28, 28)) / 255).max() < 0.08

    @given(st.integers(2, 12), st.integers(2, 12), st.booleans())
    def test_one_pixel_is_enough(self, width, height, dark):
        ink = np.zeros((height, width), np.uint8)
        ink[height // 2, width // 2] = 255
        if width * height > 4:
            assert np.array_equal(Picture.from_array(255 - ink if dark else ink).ink, ink / np.float32(255))

    @pytest.mark.parametrize("name", ["mnist", "emnist", "kmnist", "quickdraw", "omniglot"])
    def test_data_sets_pass_unchanged_both_ways(self, data_dir, name):
        self.check_unchanged(test_images(data_dir, name))

    def test_omniglot_originals_pass_unchanged_both_ways(self, data_dir):
        if not (data_dir / "omniglot_105.npz").exists():
            pytest.skip(f"needs omniglot_105.npz in {data_dir}")
        with np.load(data_dir / "omniglot_105.npz") as arrays:
            bits = arrays["test_bits"][:: len(arrays["test_bits"]) // 200][:200]
        self.check_unchanged(np.unpackbits(bits, axis=1)[:, :11025].reshape(-1, 105, 105) * np.uint8(255))

    def check_unchanged(self, images: np.ndarray) -> None:
        assert len(images) == 200
        for image in images:
            for dark in (False, True):
                picture = Picture.from_array(255 - image if dark else image)
                assert picture.polarity == ("dark" if dark else "light")
                assert np.abs(picture.ink - image / 255).max() < 1e-6

    def test_a_digit_comes_back_from_its_file(self, data_dir, tmp_path):
        digit = test_images(data_dir, "mnist")[0]
        assert np.array_equal(
            load_picture(saved(tmp_path, Image.fromarray(digit))).ink, digit.astype(np.float32) * np.float32(1 / 255)
        )


def test_images(folder: Path, name: str) -> np.ndarray:
    """200 images uint8 from all over the test set."""
    if not (folder / f"{name}.npz").exists():
        pytest.skip(f"needs {name}.npz in {folder}")
    with np.load(folder / f"{name}.npz") as arrays:
        images = arrays["test_images"]
    return images[:: len(images) // 200][:200]


test_images.__test__ = False
