"""Looking inside, for the page: the same arrays in bytes, and a snippet that computes them again."""

import base64
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image, ImageDraw

pytest.importorskip("torch")

from dood.errors import DoodError
from dood.samples import sample_paths
from dood.studio import modelling, work
from dood.tasks.inside import look_inside

SEVEN = next(path for path in sample_paths() if path.stem == "seven")
ASKED = {"models": "mnist,omniglot", "strokes": "3", "samples": "2", "seed": "5"}


def unpacked(packed: dict[str, Any]) -> np.ndarray:
    values = np.frombuffer(base64.b64decode(packed["data"]), np.uint8)
    return values.reshape(packed["shape"]) / 255


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    return work.inside(SEVEN.read_bytes(), SEVEN.name, ASKED)


def test_the_page_gets_what_the_function_gives(answer: dict[str, Any]) -> None:
    assert [each["name"] for each in answer["models"]] == ["mnist", "omniglot"]
    inside, found = look_inside(SEVEN, "omniglot", strokes=3, samples=2, seed=5), answer["models"][1]
    for name in ("image", "canvases", "ink", "drafts", "samples"):
        assert_allclose(unpacked(found[name]), getattr(inside, name), atol=0.501 / 255, err_msg=name)
    assert_allclose(2 * unpacked(found["glimpses"]) - 1, inside.glimpses, atol=1.01 / 255)
    for name in ("frames", "go_on", "log_q", "log_p", "log_likelihood", "log_stop_q", "log_stop_p"):
        assert_allclose(found[name], getattr(inside, name), rtol=1e-6, err_msg=name)
    assert found["strokes"] == inside.strokes


def shown_by(snippet: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(compile(snippet, "snippet", "exec"), names)
    return names["looks"]


def drawn(noisy: bool) -> bytes:
    image = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(image).line((40, 60, 260, 80, 120, 260), 0, 14)
    if noisy:
        grain = np.random.default_rng(0).integers(-8, 1, (300, 300))
        image = Image.fromarray(np.clip(np.asarray(image, int) + grain, 0, 255).astype(np.uint8))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (SEVEN.read_bytes(), SEVEN.name, "sample_paths"),
        (drawn(noisy=False), "drawing.png", "b64decode"),
        (drawn(noisy=True), 'it\'s "mine".png', "# a path"),
    ],
)
def test_the_snippet_gives_the_same(
    data: bytes, name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    answer = work.inside(data, name, ASKED)
    assert says in answer["python"]
    (tmp_path / name).write_bytes(data)
    looks = shown_by(answer["python"], tmp_path, monkeypatch)
    for each in answer["models"]:
        assert_allclose(looks[each["name"]].log_q, each["log_q"], rtol=1e-5)
        assert_allclose(looks[each["name"]].samples, unpacked(each["samples"]), atol=0.01)
    assert capsys.readouterr().out.count("log q") == 6


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"models": "../all"}, "no model"),
        ({"models": "all,mnist,all"}, "too many"),
        ({"strokes": "16"}, "strokes"),
        ({"samples": "x"}, "samples"),
        ({"seed": "-1"}, "seed"),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, str], words: str) -> None:
    with pytest.raises(DoodError, match=words):
        work.inside(SEVEN.read_bytes(), SEVEN.name, ASKED | changed)


def test_what_is_no_picture_is_said() -> None:
    with pytest.raises(DoodError, match=r"x\.png is no image"):
        work.inside(b"no picture", "x.png", ASKED)


def test_without_torch_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dood.tasks.inside", None)
    monkeypatch.setattr(modelling, "lacks_torch", lambda error: True)
    with pytest.raises(DoodError, match=r"need torch: pip install 'dood\[torch\]'"):
        work.inside(SEVEN.read_bytes(), SEVEN.name, ASKED)
