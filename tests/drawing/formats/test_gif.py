"""The drawing being drawn."""

import io
from itertools import pairwise
from tempfile import TemporaryFile

import numpy as np
import pytest
from PIL import Image, ImageSequence

from dood.drawing import MAX_SIZE, Drawing
from dood.drawing.formats import FORMATS
from dood.drawing.formats.gif import frames
from dood.drawing.formats.png import to_png
from tests.drawing.made import ink, stroke


def _gif(drawing: Drawing) -> Image.Image:
    with TemporaryFile() as file:
        FORMATS["gif"].write(drawing, file)
        file.seek(0)
        return Image.open(io.BytesIO(file.read()))


def test_gif_grows_frame_by_frame_and_holds_the_whole(drawing: Drawing) -> None:
    image = _gif(drawing)
    assert image.format == "GIF"
    assert image.info["loop"] == 0
    assert 24 <= getattr(image, "n_frames", 1) <= 60
    shown = [(ink(frame), frame.info["duration"]) for frame in ImageSequence.Iterator(image)]
    for (before, _), (after, _) in pairwise(shown):
        assert (after >= before).all()
        assert after.sum() > before.sum()
    assert 0 < shown[0][0].sum() < 0.2 * shown[-1][0].sum()
    assert shown[-1][1] >= 1500
    assert all(20 <= duration < 300 for _, duration in shown[:-1])
    assert np.abs(shown[-1][0] - ink(to_png(drawing))).max() < 0.05


def test_gif_draws_in_order() -> None:
    across = [stroke([[20, y], [280, y]], 6) for y in (30, 100, 170)]
    images, _ = frames(Drawing(300, 200, (across[2], across[0], across[1])))
    first = [next(i for i, image in enumerate(images) if ink(image)[y].max() > 0.9) for y in (170, 30, 100)]
    assert first == sorted(set(first))
    left = [next(i for i, image in enumerate(images) if ink(image)[170, x] > 0.9) for x in (30, 150, 270)]
    assert left == sorted(set(left))
    assert left[-1] < first[1]


@pytest.mark.parametrize(
    ("size", "expected"),
    [((28, 28), (256, 256)), ((300, 200), (300, 200)), ((3000, 1500), (512, 256)), ((MAX_SIZE, 1), (512, 1))],
)
def test_gif_sizes(size: tuple[int, int], expected: tuple[int, int]) -> None:
    image = _gif(Drawing(*size, (stroke([[0, 0], list(size)], 1),)))
    assert image.size == expected
    assert max(ink(frame).max() for frame in ImageSequence.Iterator(image)) > 0.55


def test_gif_of_many_strokes_has_few_frames() -> None:
    many = Drawing(100, 100, tuple(stroke([[x, 5], [x, 95]], 0.3) for x in np.linspace(2, 98, 150)))
    images, durations = frames(many)
    assert len(images) == len(durations) == 60
    assert sum(durations) == pytest.approx(11_500, abs=400)
