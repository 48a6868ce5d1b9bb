"""Where drawings are written."""

from pathlib import Path

import numpy as np
import pytest

from dood.drawing import Drawing, Stroke
from dood.drawing.formats import FORMATS, is_ours, save_drawing
from dood.errors import DoodError
from dood.tasks.draw import DrawnFile, draw_files
from dood.tasks.outputs import check_target, output_names
from tests.tasks.test_draw import picture, save

DRAWING = Drawing(20, 20, (Stroke([[2, 2], [18, 18]], 2.0),))


@pytest.mark.parametrize("name", FORMATS)
def test_files_of_every_format_are_known_again(name: str, tmp_path: Path) -> None:
    ours = save_drawing(DRAWING, tmp_path / "ours", name)
    assert is_ours(ours)
    theirs = ours.with_name(f"theirs{FORMATS[name].suffix}")
    theirs.write_bytes(b"somebody else's")
    assert not is_ours(theirs)
    check_target(ours, [])
    with pytest.raises(DoodError, match="dood did not write it"):
        check_target(theirs, [])
    check_target(theirs, [], force=True)


def test_no_two_pictures_write_the_same_file_whatever_the_formats() -> None:
    sources = [Path("a.png"), Path("a.animated.png"), Path("b/a.jpg"), Path("a-jpg.png")]
    formats = ["svg", "animated-svg"]
    names = output_names(sources, formats)
    files = [names[source] + FORMATS[name].suffix for source in sources for name in formats]
    assert len(set(files)) == len(files)


def test_a_picture_is_not_written_over_even_by_force(tmp_path: Path) -> None:
    source = save(tmp_path / "scan.png", picture(40, 40, (18, 5, 22, 35)))
    before = source.read_bytes()
    report = draw_files([source], tmp_path, formats=["png"], force=True)
    assert report.drawn == []
    assert "would be written over" in report.failed[0][1]
    assert source.read_bytes() == before


def test_one_name_that_is_too_long_costs_one_picture(tmp_path: Path) -> None:
    long = save(tmp_path / ("x" * 250 + ".png"), picture(40, 40, (18, 5, 22, 35)))
    short = save(tmp_path / "y.png", picture(40, 40, (18, 5, 22, 35)))
    report = draw_files([long, short], tmp_path / "out", formats=["animated-svg"])
    assert [drawn.source for drawn in report.drawn] == [short]
    assert "File name too long" in report.failed[0][1]


def test_the_same_picture_has_the_same_strokes_in_any_company(tmp_path: Path) -> None:
    sources = [save(tmp_path / f"{i}.png", picture(60, 60, (10 + i, 5, 16 + i, 50))) for i in range(3)]
    together: list[DrawnFile] = []
    alone: list[DrawnFile] = []
    draw_files(sources, tmp_path / "a", formats=["json"], callback=together.append)
    for source in reversed(sources):
        draw_files([source], tmp_path / "b", formats=["json"], callback=alone.append)
    assert [each.drawing for each in together] == [each.drawing for each in reversed(alone)]
    assert np.all([each.drawing.missed == 0 for each in together])
