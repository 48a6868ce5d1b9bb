"""What whole drawings have beside a part of them."""

import dataclasses
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given as examples
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from dood.concepts.completion import TRIED, additions, completions, remainder, section
from dood.drawing import bernstein
from dood.engines.engine import Array, Curves, Latents
from dood.engines.network import Network, to_arrays, to_strokes
from tests.tiny import TINY, scribbles, tiny_model

CONFIG = dataclasses.replace(TINY, expost=True)
CHANCE: Any = {"temperature": 1.0, "seed": 1}


def line(start: tuple[float, float], end: tuple[float, float]) -> Array:
    """Control points, evenly spread."""
    return np.linspace(start, end, 4, dtype=np.float32)


def drawing(*lines: Array, radius: float = 0.06) -> Curves:
    count = len(lines)
    return Curves(np.stack(lines)[None], np.full((1, count, 2), radius, np.float32), np.ones((1, count), bool))


def an_engine(*, expost: bool = True) -> Network:
    return Network(tiny_model(dataclasses.replace(TINY, expost=expost)).requires_grad_(False))


def a_part(engine: Network, *, strokes: int = 1) -> Latents:
    """Strokes that are inferred from a scribble, of which the first count."""
    found = engine.infer(scribbles(1).numpy(), 2).latents
    return found._replace(strokes=np.array([strokes]))


def test_what_goes_on_where_the_part_ends_is_joined_to_it() -> None:
    part = drawing(line((-0.5, 0.0), (0.0, 0.0)))
    more = remainder(drawing(line((-0.5, 0.03), (0.5, 0.03)), radius=0.2), part)
    assert more.mask.all()
    assert_allclose(more.points[0, 0, 0], [0.0, 0.0], atol=1e-6)
    assert_allclose(more.points[0, 0, -1], [0.5, 0.03], atol=1e-6)


def test_what_the_part_has_already_is_left_out_and_the_rest_is_untouched() -> None:
    part = drawing(line((-0.5, 0.0), (0.5, 0.0)))
    on_it, crossing, far = line((0.4, 0.02), (-0.4, 0.02)), line((0.0, -0.3), (0.0, 0.6)), line((-0.5, 0.7), (0.5, 0.7))
    more = remainder(drawing(on_it, crossing, far), part)
    assert more.mask.tolist() == [[False, True, True]]
    assert_allclose(more.points[0, 2], far, atol=1e-6)
    # Of what crosses the part the longer side, from the part on.
    assert_allclose(more.points[0, 1, 0], [0.0, 0.0], atol=0.05)
    assert_allclose(more.points[0, 1, -1], [0.0, 0.6], atol=1e-6)


def test_additions_have_the_pen_of_the_part() -> None:
    part = drawing(line((-0.5, 0.0), (0.0, 0.0)), radius=0.04)
    more = remainder(drawing(line((-0.5, 0.5), (0.5, 0.5)), line((0.0, -0.5), (0.5, -0.5)), radius=0.2), part)
    assert_allclose(more.radius, np.full((1, 2, 2), 0.04))


def test_slivers_at_the_edge_of_a_part_do_not_thin_its_pen() -> None:
    part = drawing(line((-0.5, 0.0), (0.5, 0.0)), line((-0.5, 0.0), (0.5, 0.01)), line((0.5, 0.0), (0.5, 0.1)))
    part.radius[0] = np.array([[0.1, 0.12], [0.08, 0.1], [0.01, 0.02]])
    part.mask[0, 1] = False
    more = remainder(drawing(line((-0.5, 0.5), (0.5, 0.5)), radius=0.2), part)
    assert_allclose(more.radius, np.full((1, 1, 2), 0.11), rtol=1e-6)


def test_of_all_that_are_tried_the_one_that_has_the_part_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = an_engine()
    layout, stroke, _ = engine.sample(TRIED, 2, temperature=1.0, seed=3)
    tried = Latents(layout, stroke, np.full(TRIED, 2))
    one = tried.rows(np.array([17]))
    monkeypatch.setattr(engine, "propose", lambda *_, **__: iter([tried]))
    more = additions(engine, one._replace(strokes=np.array([1])), 1, **CHANCE)
    whole = engine.curves(one)
    expected = remainder(whole, whole._replace(mask=np.array([[True, False]])))
    assert_array_equal(more.mask, expected.mask)
    assert_array_equal(more.points, expected.points)
    assert not more.mask[0, 0]


def test_of_drawings_that_have_the_part_alike_the_shorter_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = an_engine()
    layout, stroke, _ = engine.sample(TRIED, 3, temperature=1.0, seed=3)
    layout[1:], stroke[1:] = layout[0], stroke[0]
    tried = Latents(layout, stroke, np.where(np.arange(TRIED) == 40, 2, 3))
    monkeypatch.setattr(engine, "propose", lambda *_, **__: iter([tried]))
    more = additions(engine, tried.rows(np.array([40]))._replace(strokes=np.array([1])), 1, **CHANCE)
    assert not more.mask[0, 2]


def test_blank_samples_are_not_taken_while_there_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = an_engine()
    part = a_part(engine)
    layout, stroke, _ = engine.sample(TRIED, 2, temperature=1.0, seed=3)
    layout[5, :, 1:3] = -layout[5, :, 1:3] - 3 * np.sign(part.layout[0, 0, 1:3])  # far from the part
    tried = Latents(layout, stroke, 2 * (np.arange(TRIED) == 5))
    monkeypatch.setattr(engine, "propose", lambda *_, **__: iter([tried]))
    assert additions(engine, part, 1, **CHANCE).mask.any()


def test_additions_are_as_many_as_asked_for_and_differ() -> None:
    engine = an_engine()
    more = additions(engine, a_part(engine), 3, **CHANCE)
    assert more.points.shape == (3, TINY.strokes, TINY.points, 2)
    assert len({tuple(points.ravel().tolist()) for points in more.points}) == 3
    fewer = additions(engine, a_part(engine), 2, **CHANCE)
    assert_array_equal(fewer.points, more.points[:2])


def test_proposals_are_asked_for_with_the_part_as_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, asked = an_engine(), []
    plain = engine.propose

    def propose(part: Array, *args: Any, **options: Any) -> Iterator[Latents]:
        asked.append(part)
        return plain(part, *args, **options)

    monkeypatch.setattr(engine, "propose", propose)
    part = a_part(engine)
    additions(engine, part, 2, **CHANCE)
    assert len(asked) == 1
    assert_array_equal(asked[0], engine.composite(engine.ink(part)[:, 0])[0])


@pytest.mark.parametrize("expost", [False, True])
def test_a_drawing_without_strokes_is_completed_by_samples(expost: bool) -> None:
    engine = an_engine(expost=expost)
    completed = completions(engine, a_part(engine, strokes=0), 5, **CHANCE)
    sampled = engine.curves(engine.sample(5, TINY.strokes, **CHANCE))
    assert_array_equal(completed.points, sampled.points)
    assert_array_equal(completed.mask, sampled.mask)


def test_a_prior_that_can_go_on_does() -> None:
    engine = an_engine(expost=False)
    given = a_part(engine)
    completed = completions(engine, given, 5, strokes=3, **CHANCE)
    followed = engine.follow(given, 5, 3, **CHANCE)
    assert followed is not None
    assert_array_equal(completed.points, engine.curves(followed).points)
    assert_array_equal(completed.mask, followed.mask)
    assert len({tuple(points.ravel().tolist()) for points in completed.points}) == 5


def test_the_prior_that_was_learned_with_the_model_goes_on() -> None:
    engine = an_engine()
    joint = engine.with_joint_prior()
    given = a_part(engine)
    assert engine.follow(given, 4, 2, **CHANCE) is None
    completed = completions(joint, given, 4, strokes=2, **CHANCE)
    repeated = given.rows(np.zeros(4, np.int64))
    generator = torch.Generator().manual_seed(1)
    latents = engine.model.prior.learned_jointly().follow(to_strokes(repeated), 2, generator=generator)
    assert_array_equal(completed.points, engine.curves(to_arrays(latents)).points)


@examples(
    control=st.integers(1, 6),
    start=st.floats(0, 1),
    end=st.floats(0, 1),
    at=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_section_is_the_curve_between_two_of_its_parameters(
    control: int, start: float, end: float, at: float, seed: int
) -> None:
    points = np.random.default_rng(seed).random((control, 2))
    part = section(points, np.array(start), np.array(end))
    whole = bernstein(control, np.array([start + at * (end - start)])) @ points
    assert_allclose(bernstein(control, np.array([at])) @ part, whole, atol=1e-12)


def test_sections_are_taken_stroke_by_stroke() -> None:
    random = np.random.default_rng(0)
    points, start, end = random.random((2, 3, 5, 2)), random.random((2, 3)), random.random((2, 3))
    together = section(points, start, end)
    assert_allclose(together[1, 2], section(points[1:, 2], start[1:, 2], end[1:, 2])[0], atol=1e-12)


def test_proposals_go_on_with_other_drawings() -> None:
    engine = an_engine()
    first, second = islice(engine.propose(np.zeros((12, 12), np.float32), 3, 2, **CHANCE), 2)
    assert first.stroke.shape == second.stroke.shape
    assert np.abs(first.stroke - second.stroke).max() > 0.01
