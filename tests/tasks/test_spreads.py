"""Spreads: learned from pairs, kept in a file."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dood.concepts.tokens import Spreads, random_tokens, token_strokes
from dood.core.renderer import Pen
from dood.errors import DoodError
from dood.inference.strokes import Strokes
from dood.tasks import spreads as module
from dood.tasks.spreads import learn_spreads, load_spreads, save_spreads
from tests.tiny import tiny_model

SIDE = 32
RIGID = Spreads(bend=0.0, stroke=0.0, point=0.0, shift=0.1, size=0.1, aspect=0.1, shear=0.1, angle=0.1, pen=0.1)


def characters(count: int) -> Strokes:
    """Crosses."""
    along = torch.linspace(-0.5, 0.5, 5)
    cross = torch.stack([torch.stack([along, 0 * along], -1), torch.stack([0.2 * along, 0.8 * along], -1)])
    pen = Pen(torch.full((count, 2, 2), 0.08), torch.full((count, 2), 2.0))
    return Strokes(cross.expand(count, 2, 5, 2), pen, torch.ones(count, 2, dtype=torch.bool))


def pairs(path: Path, spreads: Spreads, count: int = 40) -> Path:
    """One run of crosses and of what they look like when drawn again."""
    types = characters(count)
    tokens = random_tokens(types, generator=torch.Generator().manual_seed(0))
    again = token_strokes(types, tokens, spreads).canvas(SIDE)
    shown, asked = ((255 * images.clamp(0, 1)).byte().numpy()[None] for images in (types.canvas(SIDE), again))
    np.savez(path, train_images=shown, test_images=asked, answers=np.arange(count)[None])
    return path


@pytest.fixture
def sees_crosses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recognition is stood in for: every example is read as the cross that it is, in the frame of the picture."""
    monkeypatch.setattr(module, "types_of", lambda model, rasters: characters(len(rasters)))
    monkeypatch.setattr(
        module,
        "rasters_of",
        lambda model, pictures: torch.stack([torch.from_numpy(each.ink).float() for each in pictures]),
    )


@pytest.mark.usefixtures("sees_crosses")
def test_what_differs_more_is_learned_to_spread_more(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    still = learn_spreads(
        pairs(tmp_path / "a.npz", RIGID._replace(angle=0.02)),
        model=tiny_model(),
        progress=lambda *done: seen.append(done),
    )
    turned = learn_spreads(pairs(tmp_path / "b.npz", RIGID._replace(angle=0.3, shift=0.2)), model=tiny_model())
    assert seen == [(1, 1)]
    assert turned.angle > 2 * still.angle
    assert turned.shift == pytest.approx(0.2, rel=0.35)
    assert still.shift == pytest.approx(0.1, rel=0.35)
    assert (still.bend, still.stroke, still.point) == (Spreads().bend, Spreads().stroke, Spreads().point)


def test_spreads_go_to_a_file_and_back(tmp_path: Path) -> None:
    spreads = Spreads(angle=0.3, pen=0.0)
    save_spreads(spreads, tmp_path / "s.json")
    assert load_spreads(tmp_path / "s.json") == spreads
    (tmp_path / "some.json").write_text('{"angle": 1}')
    assert load_spreads(tmp_path / "some.json") == Spreads(angle=1.0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not a readable JSON"),
        (json.dumps([1]), "must be a JSON object"),
        (json.dumps({"angel": 1}), "keys are among bend"),
        (json.dumps({"angle": -1}), r"angle \(=-1\)"),
        (json.dumps({"angle": "wide"}), r"angle \(=wide\)"),
        (json.dumps({"angle": True}), r"angle \(=True\)"),
        ('{"angle": NaN}', r"angle \(=nan\)"),
    ],
)
def test_a_file_of_something_else_is_refused(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(content)
    with pytest.raises(DoodError, match=message):
        load_spreads(tmp_path / "s.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"none\.json"):
        load_spreads(tmp_path / "none.json")


def test_learning_needs_runs(tmp_path: Path) -> None:
    arrays: Any = {"train_images": np.zeros((1, 2, 5, 5), np.uint8)}
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(DoodError, match="test_images"):
        learn_spreads(tmp_path / "a.npz", model=tiny_model())
