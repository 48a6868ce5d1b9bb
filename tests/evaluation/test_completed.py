"""Halves of drawings, and what a classifier says of what they became."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from dood.evaluation.completed import (
    HALF,
    REDRAWN,
    WHOLE,
    as_grids,
    class_shares,
    completed,
    completed_at_sizes,
    first_half,
    rests,
)
from dood.evaluation.features import FeatureExtractor
from dood.tasks.complete import WAYS
from tests.tiny import TINY, tiny_model


def bar() -> np.ndarray:
    """A level bar, ink 255, as the data sets have it."""
    picture = np.zeros((28, 28), np.uint8)
    picture[12:15, 4:24] = 255
    return picture


def test_the_first_half_is_what_the_pen_drew_first() -> None:
    picture = np.full((60, 60), 255, np.uint8)
    picture[28:32, 10:50] = 0
    half = first_half(picture)
    assert (half[28:32, 12:28] == 0).all()
    assert (half[:, 33:] == 255).all()
    assert 0.4 < (half < 128).sum() / (picture < 128).sum() < 0.6


def test_every_half_is_completed_in_each_way() -> None:
    seen: list[tuple[int, int]] = []
    model = tiny_model(dataclasses.replace(TINY, expost=True))
    made = completed(model, np.stack([bar(), bar().T]), count=2, seed=1, progress=lambda *done: seen.append(done))
    assert list(made) == [WHOLE, REDRAWN, HALF, *WAYS]
    assert seen == [(1, 2), (2, 2)]
    for name, pictures in made.items():
        assert [some.shape for some in pictures] == [(2 if name in WAYS else 1, 100, 100)] * 2
    ink = {name: (np.stack(pictures) < 128).sum() for name, pictures in made.items()}
    assert 0.35 < ink[HALF] / ink[WHOLE] < 0.65
    assert as_grids(made, (WHOLE, HALF), 1)[0].shape == (1, 100, 100)


class ByInk(FeatureExtractor):
    """Class 1 where there is much ink, surely; else class 0, hardly."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        much = images.mean((1, 2)) > 0.5
        return torch.where(much[:, None], torch.tensor([0.0, 10.0]), torch.tensor([0.1, 0.0]))


def test_shares_are_of_the_right_class_and_of_the_sure() -> None:
    dark, light = np.zeros((8, 8), np.uint8), np.full((8, 8), 255, np.uint8)
    made = [np.stack(pair) for pair in ((dark, dark), (dark, light), (light, light), (light, light))]
    (row,) = class_shares({"best": made}, np.array([1, 0, 0, 0]), ByInk(2))
    assert (row.drawings, row.right, row.digit, row.count) == ("best", 0.875, 0.375, 4)
    assert row.right_stderr == pytest.approx(0.25 / 2)


def test_a_rest_is_likely_where_one_of_what_was_made_has_it() -> None:
    """Half alone, the whole itself, and a mixture of both: the mean of two densities."""
    model = tiny_model()
    whole, half = np.full((2, 1, 40, 40), 255, np.uint8)
    whole[:, 20:, :20], half[:, 20:, :10] = 0, 0
    made = {WHOLE: [whole], HALF: [half], "best": [np.concatenate([whole, half])], "twice": [np.repeat(whole, 2, 0)]}
    rows = {row.drawings: row for row in rests(made, "bars", model)}
    assert rows[HALF].nats == 0
    assert rows[WHOLE].nats > 10
    assert rows["best"].nats == pytest.approx(rows[WHOLE].nats - math.log(2), abs=1e-3)
    assert rows["twice"].nats == pytest.approx(rows[WHOLE].nats, abs=1e-3)
    assert {name: row.ink for name, row in rows.items()} == pytest.approx(
        {WHOLE: 1, HALF: 0, "best": 0.5, "twice": 1}, abs=1e-4
    )
    assert all((row.dataset, row.count) == ("bars", 1) for row in rows.values())


def test_halves_are_completed_at_every_size_and_seen_at_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dood.evaluation.completed.SIZES", (20, 100))
    model = tiny_model(dataclasses.replace(TINY, expost=True))
    made = completed_at_sizes(model, bar()[None], seed=1)
    corners = [f"100 px in a corner of 400 px, frame {frame}" for frame in ("room", "image")]
    assert list(made) == ["20 px", "100 px", *corners]
    assert all(some.shape == (1, 100, 100) for (some,) in made.values())
    best = completed(model, bar()[None], seed=1)[WAYS[0]]
    np.testing.assert_array_equal(made["100 px"], best)
