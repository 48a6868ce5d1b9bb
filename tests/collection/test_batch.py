"""A batch of columns: what goes in, what comes out, and that a bad picture costs its own row."""

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dood.checkpoints import checkpoint
from dood.collection import batch
from dood.collection.batch import parse_batch
from dood.drawing import Drawing, Stroke
from dood.errors import DoodError
from dood.models.dood import DooD
from dood.tasks.draw import draw
from tests.tiny import tiny_model


def picture(left: int = 10) -> Image.Image:
    image = Image.new("L", (60, 40), 255)
    image.paste(0, (left, 5, left + 4, 35))
    return image


def as_png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def turned(image: Image.Image) -> Image.Image:
    """On its side, with the tag that says so."""
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    image.transpose(Image.Transpose.ROTATE_90).save(file, "PNG", exif=exif)
    return Image.open(io.BytesIO(file.getvalue()))


@pytest.fixture(scope="module")
def model() -> DooD:
    return tiny_model()


def test_each_picture_is_drawn_as_draw_does_and_other_columns_pass(model: DooD) -> None:
    columns = {"id": ["a", "b"], "image": [as_png(picture()), as_png(picture(30))], "label": np.array([3, 5])}
    found = parse_batch(columns, model=model, strokes=2, prune=False)
    assert list(found) == ["id", "label", "drawing", "error"]
    assert (found["id"], found["label"] is columns["label"], found["error"]) == (["a", "b"], True, ["", ""])
    for text, left in zip(found["drawing"], (10, 30), strict=True):
        assert "\n" not in text
        drawing = Drawing.from_json(text)
        wanted = draw(np.asarray(picture(left)), model=model, strokes=2, refine=0, prune=False)
        assert (drawing.width, drawing.height) == (60, 40)
        assert len(drawing.strokes) == len(wanted.strokes)
        for one, other in zip(drawing.strokes, wanted.strokes, strict=True):
            np.testing.assert_allclose(one.points, other.points, atol=1e-3)


@pytest.mark.parametrize(
    "kind", ["bytes", "dict", "path", "text", "path in a dict", "array", "lists", "colours", "pillow"]
)
def test_a_picture_may_come_in_many_ways(model: DooD, tmp_path: Path, kind: str) -> None:
    image, path = picture(), tmp_path / "a.png"
    image.save(path)
    value: Any = {
        "bytes": as_png(image),
        "dict": {"bytes": as_png(image), "path": None},
        "path": path,
        "text": str(path),
        "path in a dict": {"bytes": None, "path": str(path)},
        "array": np.asarray(image),
        "lists": np.asarray(image).tolist(),
        "colours": np.asarray(image.convert("RGB")),
        "pillow": image,
        "cmyk": image.convert("CMYK"),
        "turned": turned(image),
    }[kind]
    found = parse_batch({"image": [value]}, model=model, strokes=2)
    assert found == parse_batch({"image": [as_png(image)]}, model=model, strokes=2)
    assert found["error"] == [""]


def test_a_batch_of_arrays_in_another_column(model: DooD) -> None:
    arrays = np.stack([np.asarray(picture())] * 3)
    found = parse_batch({"pixels": arrays}, model=model, image="pixels", strokes=2)
    assert list(found) == ["drawing", "error"]
    assert len(found["drawing"]) == 3


@pytest.mark.parametrize("bad", [b"no picture", None, "absent.png", np.zeros((3, 3, 9), np.uint8), {"bytes": None}])
def test_a_bad_picture_costs_its_own_row(model: DooD, bad: Any) -> None:
    good = as_png(picture())
    found = parse_batch({"image": [good, bad, good]}, model=model, form="nested", strokes=2)
    assert [bool(error) for error in found["error"]] == [False, True, False]
    assert (found["width"], found["height"], found["strokes"][1]) == ([60, 0, 60], [40, 0, 40], [])
    first, last = (np.array([stroke["points"] for stroke in found["strokes"][i]]) for i in (0, 2))
    np.testing.assert_allclose(first, last, atol=1e-4)


def test_a_batch_of_bad_pictures_needs_no_model_to_look_at(model: DooD) -> None:
    assert parse_batch({"image": [b""]}, model=model)["drawing"] == [""]


def test_nested_rows_are_the_same_drawings(model: DooD) -> None:
    columns = {"image": [as_png(picture()), as_png(picture(30))]}
    texts = parse_batch(columns, model=model, strokes=2)["drawing"]
    nested = parse_batch(columns, model=model, strokes=2, form="nested")
    again = [
        Drawing(width, height, tuple(Stroke(stroke["points"], stroke["widths"]) for stroke in strokes))
        for width, height, strokes in zip(nested["width"], nested["height"], nested["strokes"], strict=True)
    ]
    assert again == [Drawing.from_json(text) for text in texts]
    assert all(stroke["width"] == np.mean(stroke["widths"]) for row in nested["strokes"] for stroke in row)


def test_a_model_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: DooD) -> None:
    path = tmp_path / "tiny.safetensors"
    checkpoint.save(model, path)
    loads: list[str] = []
    real = batch.engine_of
    monkeypatch.setattr(batch, "engine_of", lambda name: loads.append(name) or real(name))
    for _ in range(2):
        parse_batch({"image": [as_png(picture())]}, model=path, strokes=2)
    assert loads == [str(path)]
    os.utime(path, ns=(1, 1))
    parse_batch({"image": [as_png(picture())]}, model=path, strokes=2)
    assert len(loads) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image": "pixels"}, "there is no column 'pixels'; there are: image"),
        ({"form": "xml"}, "form 'xml' is unknown: use json or nested"),
        ({"polarity": "blue"}, "polarity 'blue' is unknown"),
        ({"frame": "round"}, "frame 'round' is unknown"),
        ({"model": "absent"}, "no model 'absent'"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(DoodError, match=message):
        parse_batch({"image": []}, **options)  # pyright: ignore[reportArgumentType]
