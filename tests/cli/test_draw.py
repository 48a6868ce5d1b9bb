"""`dood draw`: what it hands to the library, what it prints and writes, and its exit code."""

import inspect
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dood.cli import main
from dood.cli.draw import doubts
from dood.drawing import Drawing, Stroke
from tests.stand_ins import Call


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            "--model omniglot --strokes 9 --samples 3 --seed 4 --refine 5 --keep-all --frame ink --order given",
            {"model": "omniglot", "strokes": 9, "samples": 3, "seed": 4, "refine": 5, "prune": False, "frame": "ink"}
            | {"batch": 64, "order": "given"},
        ),
        (
            "--simplify 0.2 --min-length 3 --no-join --order nearest --no-outline-fills --merge 2 --batch 6",
            {"model": None, "simplify": 0.2, "min_length": 3.0, "join": False, "order": "nearest"}
            | {"outline_fills": False, "merge": 2.0, "batch": 6},
        ),
    ],
)
def test_draw_passes_every_option_that_is_given(
    given: str, expected: dict[str, Any], stand_in: Callable[..., Call], tmp_path: Path
) -> None:
    call = stand_in("dood.tasks.draw", "draw_files", SimpleNamespace(drawn=[], failed=[]))
    line = f"draw a.png b.png --out {tmp_path} --format svg,gif --polarity light --force {given}"
    assert main(line.split()) == 0
    assert call.args == ([Path("a.png"), Path("b.png")], tmp_path)
    kwargs = dict(call.kwargs or {})
    assert callable(kwargs.pop("callback"))
    shared = {
        "formats": ("svg", "gif"),
        "polarity": "light",
        "pens": None,
        "page": None,
        "force": True,
        "progress": None,
    }
    assert kwargs == shared | expected


def test_what_is_not_given_is_left_to_the_library(stand_in: Callable[..., Call]) -> None:
    from dood.tasks.draw import draw_files
    from dood.tracing.trace import Options

    call = stand_in("dood.tasks.draw", "draw_files", SimpleNamespace(drawn=[], failed=[]))
    main(["draw", "a.png"])
    kwargs = dict(call.kwargs or {})
    kwargs.pop("callback")
    defaults = {**inspect.signature(draw_files).parameters, **inspect.signature(Options).parameters}
    assert kwargs == {name: defaults[name].default for name in kwargs}


@pytest.fixture
def line_png(tmp_path: Path) -> Path:
    pixels = np.full((40, 60), 255, np.uint8)
    pixels[18:22, 10:50] = 0
    Image.fromarray(pixels).save(tmp_path / "line.png")
    return tmp_path / "line.png"


def test_draw_prints_files_and_what_came_out(line_png: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = line_png.parent / "out"
    assert main(["draw", str(line_png), "--out", str(out), "--format", "svg"]) == 0
    streams = capsys.readouterr()
    assert streams.out == f"{out / 'line.svg'}\n"
    assert streams.err == "drew 1 of 1 pictures: 1 strokes, 0.0% of the ink missed, 0.0% of the line without ink\n"


def test_a_picture_of_one_dark_pixel_is_a_dot_and_one_without_strokes_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pixels = np.full((100, 100), 255, np.uint8)
    pixels[50, 50] = 0
    Image.fromarray(pixels).save(tmp_path / "speck.png")
    arguments = ["draw", str(tmp_path / "speck.png"), "--out", str(tmp_path / "out")]
    main(arguments)
    streams = capsys.readouterr()
    assert "1 strokes" in streams.err
    assert "no strokes" not in streams.err
    main([*arguments, "--min-length", "5"])
    assert "speck.png: no strokes were found" in capsys.readouterr().err


def test_other_pages_are_told_of_and_a_white_corner_is_a_dot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [Image.new("L", (60, 40), "white") for _ in range(3)]
    for page in pages:
        page.paste(0, (10, 18, 50, 22))
    pages[0].save(tmp_path / "three.tiff", save_all=True, append_images=pages[1:])
    assert main(["draw", str(tmp_path / "three.tiff"), "--out", str(tmp_path / "out")]) == 0
    assert "three.tiff: holds several frames or pages: the first is drawn" in capsys.readouterr().err
    corner = Image.new("L", (100, 100), "black")
    corner.putpixel((0, 0), 255)
    corner.save(tmp_path / "corner.png")
    assert main(["draw", str(tmp_path / "corner.png"), "--out", str(tmp_path / "out")]) == 0
    assert "drew 1 of 1 pictures: 1 strokes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("missed", "spurious", "said"),
    [
        (0.05, 0.05, []),
        (0.06, 0.0, ["6% of the ink is missed"]),
        (0.0, 0.2, ["20% of the line lies where there is no ink"]),
    ],
)
def test_a_drawing_that_is_traced_badly_is_doubted(missed: float, spurious: float, said: list[str]) -> None:
    strokes = (Stroke([[1.0, 1.0], [8.0, 8.0]], 1.0),)
    found = doubts(Drawing(10, 10, strokes, missed=missed, spurious=spurious))
    assert [line.split(":")[0] for line in found] == said


def test_draw_never_writes_over_the_picture_or_what_is_not_ours(
    line_png: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = line_png.read_bytes()
    folder = str(line_png.parent)
    assert main(["draw", str(line_png), "--out", folder, "--format", "png"]) == 1
    assert "it would be written over" in capsys.readouterr().err
    svg = line_png.with_suffix(".svg")
    svg.write_text("<svg>mine</svg>")
    assert main(["draw", str(line_png), "--out", folder, "--format", "svg"]) == 1
    assert f"{svg} is there, and dood did not write it" in capsys.readouterr().err
    assert svg.read_text() == "<svg>mine</svg>"
    assert main(["draw", str(line_png), "--out", folder, "--format", "svg", "--force"]) == 0
    assert main(["draw", str(line_png), "--out", folder, "--format", "svg"]) == 0, "now it is ours"
    assert line_png.read_bytes() == before


def test_options_of_the_canvas_need_a_model(line_png: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", str(line_png), "--strokes", "3"]) == 2
    assert "--strokes is for drawing with --model" in capsys.readouterr().err


def test_a_picture_that_failed_is_listed_and_the_exit_code_is_1(
    stand_in: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    failed = [(Path("b.png"), "not an image"), (Path("c.png"), "c.png is empty: nothing to draw")]
    stand_in("dood.tasks.draw", "draw_files", SimpleNamespace(drawn=[], failed=failed))
    assert main(["draw", "a.png", "b.png", "c.png", "--quiet"]) == 1
    streams = capsys.readouterr()
    assert streams.err == "dood: b.png: not an image\ndood: c.png is empty: nothing to draw\n"
