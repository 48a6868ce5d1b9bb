"""The same picture, the same strokes: whatever lies beside it, in whatever order and in batches of whatever size.

Rounding is all that a batch changes; with refinement, which lets it grow, each picture is read alone.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dood
from dood.collection.collection import parse_collection
from dood.collection.records import read_records
from dood.data import write_npz
from dood.drawing import Drawing
from dood.drawing.formats.json_format import load_json
from dood.evaluation.evaluate import evaluate
from dood.models.dood import DooD
from dood.tasks.draw import draw_files
from tests.tiny import scribbles_uint8

IMAGES = scribbles_uint8(12, 28).numpy()
ROUNDING = 0.01
"""Pixels of 28. Strokes that other noise draws are whole pixels apart."""


@pytest.fixture(scope="module")
def model() -> DooD:
    return dood.load("all")


def assert_same(found: Sequence[Drawing], wanted: Sequence[Drawing]) -> None:
    assert [len(each.strokes) for each in found] == [len(each.strokes) for each in wanted]
    for one, other in zip(found, wanted, strict=True):
        for stroke, same in zip(one.strokes, other.strokes, strict=True):
            np.testing.assert_allclose(stroke.points, same.points, atol=ROUNDING)


def drawings(model: DooD, order: Sequence[int], batch: int, samples: int) -> list[Drawing]:
    """The drawings of all images in their own order, read in another one."""
    texts = []
    for start in range(0, len(order), batch):
        images = [255 - IMAGES[i] for i in order[start : start + batch]]
        texts += dood.parse_batch({"image": images}, model=model, strokes=6, samples=samples, frame="image")["drawing"]
    found = dict(zip(order, texts, strict=True))
    return [Drawing.from_json(found[i]) for i in range(len(IMAGES))]


@pytest.mark.parametrize("samples", [1, 4])
def test_batches_and_their_order_change_rounding_alone(model: DooD, samples: int) -> None:
    wanted = drawings(model, range(len(IMAGES)), 64, samples)
    assert_same(drawings(model, range(len(IMAGES)), 1, samples), wanted)
    assert_same(drawings(model, range(len(IMAGES))[::-1], 5, samples), wanted)


def test_the_seed_still_counts(model: DooD) -> None:
    pictures = {"image": list(255 - IMAGES)}
    one, two = (dood.parse_batch(pictures, model=model, strokes=6, samples=4, seed=seed) for seed in (0, 1))
    assert one["drawing"] != two["drawing"]


def test_parse_and_draw_do_not_depend_on_the_batch(tmp_path: Path) -> None:
    write_npz(tmp_path / "set.npz", {"images": IMAGES})
    parsed, drawn = [], []
    pictures = [tmp_path / f"{i:02}.png" for i in range(len(IMAGES))]
    for path, image in zip(pictures, IMAGES, strict=True):
        Image.fromarray(255 - image).save(path)
    for batch in (5, 64):
        out = tmp_path / f"parsed-{batch}"
        parse_collection([tmp_path / "set.npz"], out, batch=batch, samples=3, strokes=6)
        parsed.append([record.drawing for record in read_records(out / "part-000000.jsonl")])
        out = tmp_path / f"drawn-{batch}"
        draw_files(pictures, out, formats=["json"], model="all", batch=batch, samples=3, strokes=6, refine=0)
        drawn.append([load_json(out / f"{path.stem}.json") for path in pictures])
    assert_same(*parsed)
    assert_same(*drawn)


def test_with_refinement_a_batch_changes_nothing(model: DooD) -> None:
    """Not even a bit."""
    pictures = {"image": list(255 - IMAGES[:4])}
    one, two = (
        [
            text
            for start in range(0, 4, size)
            for text in dood.parse_batch(
                {"image": pictures["image"][start : start + size]}, model=model, strokes=8, refine=3, samples=2
            )["drawing"]
        ]
        for size in (1, 4)
    )
    assert one == two


@pytest.mark.parametrize("fit_steps", [0, 2])
def test_bounds_do_not_depend_on_the_batch(model: DooD, fit_steps: int) -> None:
    images = scribbles_uint8(4, 28).numpy()
    one, all_at_once = (
        evaluate(model, images, samples=3, strokes=3, fit_steps=fit_steps, batch=batch) for batch in (1, 4)
    )
    assert one.bound == pytest.approx(all_at_once.bound, abs=0.05)
    assert one.mse == pytest.approx(all_at_once.mse, rel=1e-3)
