"""Which pages of which files are drawn, and what each is called."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dood.errors import DoodError
from dood.tasks.draw import draw_files
from dood.tasks.pages import Page, pages_of


def line_at(row: int) -> Image.Image:
    pixels = np.full((40, 60), 255, np.uint8)
    pixels[row : row + 3, 8:52] = 0
    return Image.fromarray(pixels)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    line_at(8).save(tmp_path / "notes.tif", save_all=True, append_images=[line_at(18), line_at(28)])
    line_at(8).save(tmp_path / "one.png")
    (tmp_path / "broken.png").write_bytes(b"nothing")
    return tmp_path


def test_the_first_page_is_drawn_unless_another_is_asked_for(folder: Path) -> None:
    path = folder / "notes.tif"
    assert pages_of([path], None, ["svg"]) == [Page(path, None, "notes")]
    assert pages_of([path], 2, ["svg"]) == [Page(path, 2, "notes")]


def test_all_pages_have_names_of_their_own(folder: Path) -> None:
    notes, one, broken, taken = (folder / name for name in ("notes.tif", "one.png", "broken.png", "notes-2.png"))
    line_at(8).save(taken)
    found = pages_of([notes, one, broken, taken], "all", ["svg"])
    assert [(page.source, page.number) for page in found] == [
        *((notes, number) for number in (1, 2, 3)),
        *((path, None) for path in (one, broken, taken)),
    ]
    names = [page.name for page in found]
    assert names[0] == "notes-1"
    assert names[3:5] == ["one", "broken"]
    assert len(set(names)) == len(names)


def test_every_page_is_drawn_and_a_broken_file_costs_itself(folder: Path) -> None:
    report = draw_files([folder / "notes.tif", folder / "broken.png"], folder / "out", page="all", formats=["json"])
    assert [path.name for each in report.drawn for path in each.outputs] == [f"notes-{i}.json" for i in (1, 2, 3)]
    assert [source.name for source, _ in report.failed] == ["broken.png"]


def test_a_page_that_is_none_is_refused(folder: Path) -> None:
    with pytest.raises(DoodError, match=r"'every'.* all"):
        pages_of([folder / "one.png"], "every", ["svg"])
