"""The demo draws every sample, and leaves a sheet and a page to look at."""

import re
from pathlib import Path

import pytest
from PIL import Image

from dood.checkpoints import checkpoint
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.samples import sample_paths
from dood.tasks.demo import DemoReport, demo
from tests.tiny import tiny_model


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> DemoReport:
    folder = tmp_path_factory.mktemp("demo")
    checkpoint.save(tiny_model(), folder / "tiny.safetensors")
    return demo(folder / "out", model=folder / "tiny.safetensors")


def test_every_sample_is_written_in_four_formats(report: DemoReport) -> None:
    folder = report.sheet.parent
    endings = (".svg", ".animated.svg", ".json", ".gif")
    wanted = {f"{source.stem}{ending}" for source in sample_paths() for ending in endings}
    assert {path.name for path in folder.iterdir()} == wanted | {"contact-sheet.png", "index.html"}
    assert set(report.outputs) == set(folder.iterdir())
    assert report.sheet.name == "contact-sheet.png"


def test_drawings_have_the_size_of_their_pictures(report: DemoReport) -> None:
    for source in sample_paths():
        with Image.open(source) as image:
            drawing = Drawing.load(report.sheet.parent / f"{source.stem}.json")
            assert (drawing.width, drawing.height) == image.size


def test_the_sheet_is_an_image_of_many_colours(report: DemoReport) -> None:
    with Image.open(report.sheet) as sheet:
        assert min(sheet.size) > 800
        assert len(sheet.convert("RGB").getcolors(2**24) or []) > 100


def test_the_page_holds_everything_that_it_shows(report: DemoReport) -> None:
    page = (report.sheet.parent / "index.html").read_text(encoding="utf-8")
    sources = re.findall(r'src="([^"]*)"', page)
    assert len(sources) == 2 * len(sample_paths())
    assert all(source.startswith("data:image/") for source in sources)
    assert not re.search(r"https?://|\{\{|\}\}", page)
    assert all(f"strokes of {source.stem}" in page for source in sample_paths())


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match="nowhere"):
        demo(tmp_path / "out", model=tmp_path / "nowhere.safetensors")
    assert not (tmp_path / "out").exists()
