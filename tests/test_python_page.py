"""The blocks of docs/python.md, one after another, as a reader would run them."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dood
from dood.checkpoints.checkpoint import shipped

PAGE = Path(__file__).parents[1] / "docs" / "python.md"
SAMPLES = Path(dood.__file__).parent / "samples"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the blocks leave."""
    folder = tmp_path_factory.mktemp("page")
    sample = next(path for path in sorted(SAMPLES.iterdir()) if path.suffix == ".png")
    (folder / "scan.png").write_bytes(sample.read_bytes())
    (folder / "examples").mkdir()
    (folder / "examples" / "one.png").write_bytes(sample.read_bytes())
    found: dict[str, Any] = {"folder": folder}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for block in re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE):
            exec(compile(block, str(PAGE), "exec"), found)
    return found


def test_a_picture_becomes_a_drawing(names: dict[str, Any]) -> None:
    assert 1 <= len(names["drawing"].strokes) <= 15
    assert "<svg" in (names["folder"] / "scan.svg").read_text()


def test_tensors_are_what_the_page_says(names: dict[str, Any]) -> None:
    parsed, side = names["parsed"], names["model"].config.resolution
    assert parsed.canvas.shape == (4, side, side)
    assert parsed.latents.layout.shape[2] == 4
    assert names["bound"].shape == (4,)


def test_the_steps_of_an_inference_are_what_the_page_says(names: dict[str, Any]) -> None:
    inside = names["inside"]
    assert inside.canvases.shape == (5, 50, 50)
    assert inside.drafts.shape == (4, 2, 24, 24)
    assert inside.samples.shape == (4, 3, 50, 50)


def test_runs_are_there(names: dict[str, Any]) -> None:
    weights, again = names["run"].state_dict(), names["again"].state_dict()
    assert all(bool((again[key] == weights[key]).all()) for key in weights)
    one, other = names["from_file"].state_dict(), names["from_torch"].state_dict()
    assert all(bool((one[key] == other[key]).all()) for key in one)


@pytest.mark.parametrize(
    "call", re.findall(r"`(dood\.(?:generate|complete|exemplars|classify|evaluate)\([^`]*\))`", PAGE.read_text())
)
def test_what_stands_in_a_sentence_works_too(names: dict[str, Any], call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(names["folder"])
    found = eval(call, {"dood": dood})
    if "evaluate" in call:
        assert np.isfinite(found.bound)
    else:
        assert len(getattr(found, "drawings", found)) == {"generate": 4, "classify": 1}.get(call[5:13].split("(")[0], 2)


def test_the_page_names_every_public_name() -> None:
    text = PAGE.read_text()
    missing = [
        name
        for name in dood.__all__
        if f"dood.{name}" not in text and name not in ("__version__", "DooD", "Drawing", "Stroke")
    ]
    assert missing == []
    assert "mnist" in shipped()
