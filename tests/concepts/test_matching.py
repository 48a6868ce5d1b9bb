"""Matching: the right character explains a drawing of it better than another does."""

import math

import pytest
import torch

from dood.concepts.matching import COARSE, FINE, aligned, best_scores, mismatch, move, pair_scores, score
from dood.concepts.tokens import Spreads, random_tokens, token_strokes
from dood.core.renderer import Pen
from dood.inference.strokes import Strokes

SIDE = 32


def characters() -> Strokes:
    """A cross, a corner, and two strokes side by side."""
    along = torch.linspace(-0.5, 0.5, 5)
    level, upright = torch.stack([along, 0 * along], -1), torch.stack([0 * along, along], -1)
    left, foot = upright - torch.tensor([0.5, 0.0]), level + torch.tensor([0.0, 0.5])
    points = torch.stack([torch.stack(pair) for pair in ((level, upright), (left, foot), (left, -left))])
    return Strokes(
        points, Pen(torch.full((3, 2, 2), 0.06), torch.full((3, 2), 2.0)), torch.ones(3, 2, dtype=torch.bool)
    )


def drawn_again(which: list[int], seed: int = 0) -> torch.Tensor:
    types = characters().rows(torch.tensor(which))
    generator = torch.Generator().manual_seed(seed)
    return token_strokes(types, random_tokens(types, generator=generator), Spreads()).canvas(SIDE)


def test_every_drawing_is_explained_best_by_its_own_character() -> None:
    which = [0, 1, 2, 2, 1, 0]
    scores = best_scores(characters(), drawn_again(which))
    assert scores.shape == (6, 3)
    assert scores.argmax(-1).tolist() == which


def test_only_the_best_come_to_the_fine_stage() -> None:
    scores = best_scores(characters(), drawn_again([0, 1]), kept=2)
    assert torch.isinf(scores).sum(-1).tolist() == [1, 1]
    assert scores.argmax(-1).tolist() == [0, 1]


def test_a_pair_scores_what_it_does_among_all() -> None:
    images = drawn_again([2, 0, 1])
    together = best_scores(characters(), images, kept=3)
    query, example = torch.tensor([0, 0, 2, 1]), torch.tensor([2, 1, 1, 0])
    alone = pair_scores(characters().rows(example), images[query])
    assert torch.allclose(alone, together[query, example], atol=1e-2)


def test_a_missing_stroke_costs_more_than_one_out_of_place() -> None:
    """What the coarser comparison is for."""
    types = characters().rows(torch.tensor([2]))
    image = types.canvas(SIDE)
    still = random_tokens(types, temperature=0.0)
    moved = types._replace(points=types.points + torch.tensor([[0.0, 0.0], [0.06, 0.0]]).view(1, 2, 1, 2))
    missing = types._replace(mask=torch.tensor([[True, False]]))
    one, other = (score(each, image, still, Spreads()) for each in (moved, missing))
    assert other < one - 5


def test_scores_do_not_depend_on_what_else_is_classified() -> None:
    images = drawn_again([2, 0, 1])
    alone = torch.cat([best_scores(characters(), images[i : i + 1]) for i in range(3)])
    assert torch.allclose(best_scores(characters(), images), alone, atol=1e-2)


def test_scores_do_not_depend_on_the_padding_of_types() -> None:
    """Short types are moved beside short ones, and without what pads them."""
    images, types = drawn_again([2, 0, 1]), characters()
    types = types._replace(mask=torch.tensor([[True, True], [True, False], [True, True]]))
    alone = best_scores(types.rows(torch.tensor([1])).trimmed(), images)
    assert torch.allclose(best_scores(types, images)[:, 1:2], alone, atol=1e-2)


def test_scores_do_not_depend_on_how_many_pairs_are_moved_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    images = drawn_again([2, 0, 1])
    together = best_scores(characters(), images, kept=2)
    monkeypatch.setattr("dood.concepts.matching.ROWS", 2)
    assert torch.allclose(best_scores(characters(), images, kept=2), together, atol=1e-2)


def test_moving_climbs_the_score() -> None:
    types, spreads = characters(), Spreads()
    images = drawn_again([0, 1, 2], seed=5)
    token = aligned(types, images, spreads)
    coarse = move(types, images, token, spreads, COARSE)
    fine = move(types, images, coarse, spreads, FINE)
    before, between, after = (score(types, images, t, spreads) for t in (token, coarse, fine))
    assert (between > before).all()
    assert (after > between - 0.5).all()


def test_an_aligned_token_lies_where_the_ink_is() -> None:
    types, spreads = characters(), Spreads()
    token = random_tokens(types, temperature=0.0)
    token.whole[:, 0], token.whole[:, 2] = 2.0, 1.0
    found = aligned(types, token_strokes(types, token, spreads).canvas(SIDE), spreads)
    assert torch.allclose(found.whole[:, 0], torch.tensor(2.0), atol=0.3)
    assert torch.allclose(found.whole[:, 2], torch.tensor(1.0), atol=0.35)


def test_mismatch_of_white_noise_is_its_variance_for_every_blur_and_side() -> None:
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(200, 50, 50, generator=generator)
    for blur in (0.06, 0.12):
        found = mismatch(noise, torch.zeros_like(noise), blur).mean().item()
        # At the rim the blur has fewer pixels to average, and the noise stays stronger.
        assert 50**2 < found < 1.5 * 50**2
    half = noise[:, :25, :25]
    assert mismatch(half, torch.zeros_like(half), 0.12).mean().item() == pytest.approx(4 * 50**2, rel=0.45)
    assert math.isclose(mismatch(noise, noise, 0.1).sum().item(), 0.0)
