"""What holds of every format."""

from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from dood.drawing import MAX_COORDINATE, Drawing, Stroke
from dood.drawing.formats import FORMATS, save_drawing
from dood.drawing.formats.gif import frames
from dood.drawing.formats.ink import ALL_CHORDS, chords_each, trace
from dood.drawing.formats.png import to_png
from dood.drawing.formats.stroke3 import ALL_POINTS, to_stroke3
from dood.drawing.formats.svg import to_svg
from dood.errors import DoodError
from tests.drawing.made import EMPTY, SVG, drawings, ink, stroke


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_saved_by_name_and_by_ending(drawing: Drawing, tmp_path: Path, name: str) -> None:
    path = save_drawing(drawing, tmp_path / "scan.v2", name)
    assert path == tmp_path / f"scan.v2{FORMATS[name].suffix}"
    again = drawing.save(str(tmp_path / f"B{FORMATS[name].suffix.upper()}"))
    assert again.read_bytes() == path.read_bytes()
    assert sorted(tmp_path.iterdir()) == sorted([path, again])


def _read(name: str, path: Path) -> Any:
    if name.endswith("svg"):
        return ElementTree.parse(path).findall(f"{SVG}path")
    if name == "json":
        return list(Drawing.load(path).strokes)
    if name == "npz":
        with np.load(path) as arrays:
            assert set(arrays) == {"stroke3", "offset", "width", "height"}
            assert (int(arrays["width"]), int(arrays["height"])) == (30, 20)
            return list(arrays["stroke3"])
    with Image.open(path) as image:
        return list(np.flatnonzero(ink(image)))


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_drawing_is_an_empty_file_of_its_format(tmp_path: Path, name: str) -> None:
    assert _read(name, save_drawing(EMPTY, tmp_path / "a", name)) == []
    full = Drawing(30, 20, (stroke([[15, 10]], 4),))
    assert _read(name, save_drawing(full, tmp_path / "a", name)) != []


@given(drawings(reach=100))
@settings(max_examples=10)
def test_every_format_takes_every_drawing(parts: tuple) -> None:
    drawing = Drawing(*parts)
    small = Drawing(min(drawing.width, 300), min(drawing.height, 300), drawing.strokes)
    for one in FORMATS.values():
        with TemporaryFile() as file:
            one.write(small, file)
            assert file.tell() > 0


def test_formats_are_described() -> None:
    assert set(FORMATS) == {"svg", "json", "gif", "png", "npz", "animated-svg"}
    assert all(name == one.name and one.description for name, one in FORMATS.items())
    assert len({one.suffix for one in FORMATS.values()}) == len(FORMATS)


def test_what_cannot_be_saved_is_named(drawing: Drawing, tmp_path: Path) -> None:
    with pytest.raises(DoodError, match="unknown format 'jpg': choose from svg, json, gif, png, npz, animated-svg"):
        save_drawing(drawing, tmp_path / "a", "jpg")
    with pytest.raises(DoodError, match=r"a\.bmp has no ending of a known format: use \.svg, \.json,"):
        drawing.save(tmp_path / "a.bmp")
    with pytest.raises(DoodError, match="cannot write"):
        drawing.save(tmp_path / "missing" / "a.svg")
    assert list(tmp_path.iterdir()) == []


def test_pens_have_their_colours_in_png_and_gif() -> None:
    red, blue = ([[2, y], [28, y]] for y in (5, 15))
    drawing = Drawing(30, 20, (Stroke(red, 4, colour="#ff0000"), Stroke(blue, 4, colour="#0000ff")))
    assert [to_png(drawing).getpixel((15, y)) for y in (5, 10, 15)] == [(255, 0, 0), (255, 255, 255), (0, 0, 255)]
    last = frames(drawing)[0][-1]
    zoom = last.width / 30
    assert [last.getpixel((round(15 * zoom), round(y * zoom))) for y in (5, 15)] == [(255, 0, 0), (0, 0, 255)]


def test_many_wild_strokes_take_bounded_memory() -> None:
    wild = np.random.default_rng(0).uniform(-MAX_COORDINATE, MAX_COORDINATE, (600, 9, 2))
    drawing = Drawing(30, 30, tuple(Stroke(points, 1) for points in wild))
    assert len(to_stroke3(drawing).rows) < 1.1 * ALL_POINTS
    assert sum(len(trace(one, 1.0, most=chords_each(drawing)).points) - 1 for one in drawing.strokes) <= ALL_CHORDS


def test_a_drawing_of_thousands_of_pieces_is_whole_again() -> None:
    points = np.random.default_rng(0).uniform(0, 500, (3000, 31, 2))
    drawing = Drawing(500, 500, tuple(Stroke(each, 2, pieces=10) for each in points))
    assert Drawing.from_json(drawing.to_json()) == drawing
    assert to_svg(drawing).count("<path") == 3000
