"""From files to strokes: what is drawn, where it lies, what it is called, and what happens to what cannot be drawn."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from dood.checkpoints import checkpoint
from dood.drawing import Drawing
from dood.drawing.formats import FORMATS
from dood.engines.engine import Found
from dood.engines.network import Network, to_arrays
from dood.errors import DoodError
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes
from dood.pictures import Picture
from dood.tasks.canvas import check_whole
from dood.tasks.draw import DrawnFile, draw, draw_files
from dood.tracing.ordering import ordered
from dood.training.presets import MODELS
from tests.live import Live
from tests.tiny import TINY, tiny_model


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    checkpoint.save(tiny_model(), path)
    return path


@pytest.fixture
def centre_of_mass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsing that puts one dot on the centre of mass of the ink, with a pen of the middle radius."""

    def parse(engine: Network, images: np.ndarray, **options: object) -> Found:
        model, side = engine.model, images.shape[-1]
        axis = (2 * np.arange(side, dtype=np.float32) + 1) / side - 1
        mass = images.sum((1, 2))
        centre = np.stack([(images.sum(1) * axis).sum(-1) / mass, (images.sum(2) * axis).sum(-1) / mass], -1)
        empty = Latents.none(model.appearance.width, len(images), torch.device("cpu"))
        frame = model.layout_range.frame(empty.layout)
        points = frame.inverse().apply(torch.from_numpy(centre).unsqueeze(1)).expand(-1, model.config.points, -1)
        pen = empty.stroke[:, points[0].numel() :]
        stroke = torch.cat([points.flatten(1), pen], -1)
        latents = Latents(*(part.unsqueeze(1) for part in empty._replace(stroke=stroke)))
        arrays = to_arrays(LatentStrokes(latents, torch.ones(len(images), dtype=torch.long)))
        return Found(arrays, images[:, None].repeat(2, axis=1))

    monkeypatch.setattr("dood.engines.search.parse", parse)


def picture(width: int, height: int, box: tuple[int, int, int, int]) -> np.ndarray:
    """Black ink in the box (left, top, right, bottom) on white."""
    pixels = np.full((height, width), 255, np.uint8)
    left, top, right, bottom = box
    pixels[top:bottom, left:right] = 0
    return pixels


def save(path: Path, pixels: np.ndarray | None = None) -> Path:
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(picture(40, 40, (10, 5, 14, 35)) if pixels is None else pixels).save(path)
    return path


@pytest.mark.usefixtures("centre_of_mass")
@pytest.mark.parametrize("frame", ["ink", "image"])
@pytest.mark.parametrize(
    ("width", "height", "box"), [(28, 28, (4, 6, 10, 20)), (300, 200, (210, 20, 280, 60)), (90, 400, (5, 300, 80, 390))]
)
def test_strokes_lie_on_the_ink_in_user_pixels(width: int, height: int, box: tuple[int, ...], frame: str) -> None:
    left, top, right, bottom = box
    drawing = draw(
        picture(width, height, (left, top, right, bottom)), model=tiny_model(), frame=frame, refine=0, prune=False
    )
    assert (drawing.width, drawing.height, len(drawing.strokes)) == (width, height, 1)
    middle = [(left + right) / 2, (top + bottom) / 2]
    np.testing.assert_allclose(drawing.strokes[0].points, [middle] * 4, atol=max(width, height) / 200)


@pytest.mark.usefixtures("centre_of_mass")
def test_the_pen_is_as_wide_in_user_pixels_as_on_the_canvas() -> None:
    model = tiny_model()
    low, high = model.config.radius_range
    (stroke,) = draw(picture(300, 200, (210, 20, 280, 60)), model=model, frame="image", refine=0, prune=False).strokes
    np.testing.assert_allclose(stroke.widths, [(low + high) / 2 * 300] * 2, rtol=1e-5)


@pytest.mark.usefixtures("centre_of_mass")
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_gives_the_same_strokes(mode: str, tmp_path: Path) -> None:
    grey = Image.fromarray(picture(60, 50, (10, 12, 40, 18)))
    if mode == "I;16":
        Image.fromarray(np.asarray(grey).astype(np.uint16) * 257).save(tmp_path / "a.png")
    elif mode in ("LA", "RGBA"):
        image = Image.new(mode, grey.size)
        image.putalpha(grey.point(lambda value: 255 - value))
        image.save(tmp_path / "a.png")
    else:
        grey.convert(mode).save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as written:
        assert written.mode == mode
    (stroke,) = draw(tmp_path / "a.png", model=tiny_model(), refine=0, prune=False).strokes
    np.testing.assert_allclose(stroke.points[0], [25, 15], atol=0.3)


def test_bad_files_are_listed_and_the_others_drawn(model_file: Path, tmp_path: Path) -> None:
    good = [save(tmp_path / "in" / name) for name in ("a.png", "d.png")]
    blank = save(tmp_path / "in" / "b.png", np.full((20, 20), 255, np.uint8))
    broken = tmp_path / "in" / "c.png"
    broken.write_bytes(good[0].read_bytes()[:40])
    seen, drawings = [], []
    report = draw_files(
        [tmp_path / "in"],
        tmp_path / "out",
        model=model_file,
        batch=3,
        progress=lambda *done: seen.append(done),
        callback=lambda drawn: drawings.append(drawn.drawing),
    )
    assert [drawn.source for drawn in report.drawn] == good
    assert [path for path, _ in report.failed] == [blank, broken]
    assert all(path.name in reason and "\n" not in reason for path, reason in report.failed)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.json", "a.svg", "d.json", "d.svg"]
    assert Drawing.from_json((tmp_path / "out" / "a.json").read_text()) == drawings[0]
    assert seen == [(3, 4), (4, 4)]


def test_names_that_collide_are_told_apart(model_file: Path, tmp_path: Path) -> None:
    sources = [save(tmp_path / name) for name in ("x/a.png", "x/a.bmp", "y/a.png", "x/b.v2.png")]
    report = draw_files(sources, tmp_path / "out", formats=["json"], model=model_file)
    outputs = [drawn.outputs[0] for drawn in report.drawn]
    assert [drawn.source for drawn in report.drawn] == sources
    assert len(set(outputs)) == len(sources)
    assert all(path.is_file() for path in outputs)
    assert outputs[3].name == "b.v2.json"


@pytest.mark.parametrize("names", [["a.png", "a-png.bmp", "sub/a.png"], ["a.png", "a.bmp", "sub/a.png", "a-png-2.bmp"]])
def test_made_up_names_collide_with_no_other(names: list[str], model_file: Path, tmp_path: Path) -> None:
    sources = [save(tmp_path / name) for name in names]
    report = draw_files(sources, tmp_path / "out", formats=["json"], model=model_file)
    assert len({drawn.outputs[0] for drawn in report.drawn}) == len(sources)


def test_every_format_is_written(model_file: Path, tmp_path: Path) -> None:
    (drawn,) = draw_files([save(tmp_path / "a.png")], tmp_path / "out", formats=list(FORMATS), model=model_file).drawn
    assert [path.name for path in drawn.outputs] == [f"a{FORMATS[name].suffix}" for name in FORMATS]
    assert all(path.stat().st_size > 0 for path in drawn.outputs)


def test_what_is_unknown_is_named_before_anything_is_written(model_file: Path, tmp_path: Path) -> None:
    source, out = save(tmp_path / "a.png"), tmp_path / "out"
    with pytest.raises(DoodError, match=r"'pdf'.*svg"):
        draw_files([source], out, formats=["svg", "pdf"], model=model_file)
    with pytest.raises(DoodError, match="'mnits'"):
        draw_files([source], out, model="mnits")
    with pytest.raises(DoodError, match=r"missing\.png"):
        draw_files([tmp_path / "missing.png"], out, model=model_file)
    with pytest.raises(DoodError, match="'sideways'"):
        draw_files([source], out, model=model_file, frame="sideways")
    with pytest.raises(DoodError, match="'grey'"):
        draw_files([source], out, model=model_file, polarity="grey")
    assert not out.exists() or not list(out.iterdir())


@pytest.mark.parametrize("model", [None, tiny_model()])
def test_an_order_that_there_is_not_is_refused(model: DooD | None) -> None:
    with pytest.raises(DoodError, match="order \\(='random'\\) must be one of person, nearest, given"):
        draw(picture(28, 28, (8, 4, 12, 24)), model=model, order="random")


def test_a_model_draws_in_the_order_of_hands_unless_told_otherwise() -> None:
    pixels = picture(28, 28, (8, 4, 12, 24))
    given, person = (draw(pixels, model="mnist", order=order, refine=0, prune=False) for order in ("given", "person"))
    assert person == draw(pixels, model="mnist", refine=0, prune=False) == ordered(given, "person")
    assert person != given


@pytest.mark.parametrize(
    ("name", "value"),
    [("strokes", 0), ("strokes", -1), ("strokes", True), ("samples", 0), ("seed", -1), ("seed", 2**70), ("refine", -1)],
)
def test_numbers_that_cannot_be_are_refused(name: str, value: int) -> None:
    with pytest.raises(DoodError, match=rf"{name} \(=.*\) must be a whole number"):
        draw(picture(28, 28, (8, 4, 12, 24)), model=tiny_model(), **dict[str, Any]({name: value}))


@pytest.mark.parametrize("value", [1.0, 1.5, "a", None, 0, 10])
def test_what_is_no_whole_number_of_the_range_is_refused(value: object) -> None:
    for right in (1, np.int64(9)):
        check_whole("strokes", right, 1, 9)
    with pytest.raises(DoodError, match="must be a whole number from 1 to 9"):
        check_whole("strokes", value, 1, 9)


def test_a_path_that_is_not_there_or_holds_none_costs_itself(tmp_path: Path) -> None:
    good, gone, empty = save(tmp_path / "in" / "a.png"), tmp_path / "gone.png", tmp_path / "empty"
    empty.mkdir()
    seen: list[tuple[int, int]] = []
    report = draw_files([gone, good, empty], tmp_path / "out", progress=lambda *done: seen.append(done))
    assert [drawn.source for drawn in report.drawn] == [good]
    assert [path for path, _ in report.failed] == [gone, empty]
    assert seen == [(3, 3)]
    with pytest.raises(DoodError, match=r"gone\.png does not exist.*; .*empty holds no images"):
        draw_files([gone, empty], tmp_path / "out")


def test_a_model_without_strokes_says_so() -> None:
    model = tiny_model(dataclasses.replace(TINY, **MODELS["air"]))
    with pytest.raises(DoodError, match=r"'neural'.*no strokes"):
        draw(np.eye(20), model=model)


def test_a_file_in_the_way_of_the_folder(model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(DoodError, match="out"):
        draw_files([save(tmp_path / "a.png")], tmp_path / "out", model=model_file)
    assert (tmp_path / "out").read_text() == "mine"


def test_the_same_seed_draws_the_same() -> None:
    image, model = picture(28, 28, (8, 4, 12, 24)), tiny_model()
    layout_log_std = model.recognition.layout_head[-1].bias[4:]  # pyright: ignore[reportIndexIssue]
    torch.nn.init.zeros_(layout_log_std)
    first, again, *others = (draw(image, model=model, samples=20, seed=seed) for seed in (1, 1, 2, 3, 4))
    assert first == again
    assert any(other != first for other in others)


def test_a_picture_is_drawn_the_same_alone_and_in_company(model_file: Path, tmp_path: Path) -> None:
    sources = [save(tmp_path / f"{i}.png", picture(28, 28, (4 + 4 * i, 5, 8 + 4 * i, 23))) for i in range(3)]
    together: list[DrawnFile] = []
    draw_files(sources, tmp_path / "out", formats=["json"], model=model_file, callback=together.append)
    assert [drawn.source for drawn in together] == sources
    for drawn in together:
        assert draw(drawn.source, model=model_file) == drawn.drawing


def test_refinement_brings_the_drawing_closer_to_the_picture() -> None:
    pixels = picture(28, 28, (11, 4, 17, 24))

    def error(refine: int) -> float:
        redrawn = np.asarray(
            draw(pixels, model=tiny_model(), strokes=2, refine=refine, prune=False).to_png().convert("L")
        )
        return float(np.square(redrawn / 255 - pixels / 255).mean())

    start, short, long = (error(steps) for steps in (0, 10, 80))
    assert short < start
    assert long < 0.7 * start


def test_what_a_killed_process_left_in_the_folder_is_cleared(tmp_path: Path) -> None:
    save(tmp_path / "scan.png", picture(40, 40, (10, 18, 30, 22)))
    out = tmp_path / "out"
    out.mkdir()
    (out / ".dood-killed.part").write_bytes(b"half a drawing")
    (out / "mine.part").write_bytes(b"a person's")
    draw_files([tmp_path / "scan.png"], out, formats=["svg"])
    assert {path.name for path in out.iterdir()} == {"scan.svg", "mine.part"}


@pytest.mark.parametrize("batch", [1, 3])
def test_no_more_drawings_are_held_than_one_batch_makes(
    batch: int, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [save(tmp_path / "in" / f"{i}.png", picture(20, 20, (4, 5, 8, 9 + i))) for i in range(9)]
    live = Live(monkeypatch, "dood.tasks.draw.load_picture")
    most: list[tuple[int, int]] = []

    def look(drawn: DrawnFile) -> None:
        live.see(drawn.drawing)
        most.append((live.count(Drawing), live.count(Picture)))

    model = None if batch == 1 else model_file
    report = draw_files(sources, tmp_path / "out", formats=["json"], model=model, batch=batch, callback=look)
    assert len(report.drawn) == len(most) == 9
    assert max(drawings for drawings, _ in most) <= batch + 1
    assert max(pictures for _, pictures in most) <= batch
