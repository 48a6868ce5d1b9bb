"""Characters of parts: what a token of them changes, and that the right one explains a drawing best."""

import dataclasses
import math

import torch

from dood.concepts.matching import best_scores
from dood.concepts.parts import Parts, parts_of, random_part_tokens, token_parts
from dood.concepts.tokens import Spreads, Token
from dood.models.latents import Latents
from dood.training.presets import MODELS
from tests.tiny import TINY, seeded, tiny_model

SIDE = 24
NOTHING = Spreads(shift=0, size=0, aspect=0, shear=0, angle=0, code=0)


def parts(count: int = 3, kept: int = 2) -> Parts:
    """Drawings of two parts each, near the middle; of patches that differ much with their codes."""
    model = tiny_model(dataclasses.replace(TINY, **MODELS["difference-air"]))
    layout = torch.randn(count, 2, 4, generator=seeded(1)) * 0.3
    codes = 8 * torch.randn(count, 2, model.appearance.width, generator=seeded(2))
    return parts_of(model, Latents(layout, codes), torch.full((count,), kept))


def still(types: Parts) -> Token:
    return random_part_tokens(types, temperature=0.0)


def middle(canvas: torch.Tensor) -> torch.Tensor:
    centres = (2 * torch.arange(SIDE) + 1) / SIDE - 1
    share = canvas / canvas.sum((1, 2), keepdim=True)
    return torch.stack([(share.sum(1) * centres).sum(-1), (share.sum(2) * centres).sum(-1)], -1)


def test_at_temperature_zero_a_token_is_its_type() -> None:
    types = parts()
    assert torch.allclose(token_parts(types, still(types), Spreads()).canvas(SIDE), types.canvas(SIDE), atol=1e-5)


def test_parts_that_do_not_count_draw_nothing() -> None:
    assert parts(kept=1).found.latents.layout.shape[1] == 1
    assert parts(kept=0).canvas(SIDE).abs().sum() == 0
    first = parts(kept=1).canvas(SIDE)
    assert 0 < first.sum() < parts(kept=2).canvas(SIDE).sum()


def test_the_picture_is_shifted_and_sized_about_the_middle_of_its_ink() -> None:
    types, spreads = parts(), Spreads(shift=0.1, size=0.2)
    before, shifted, smaller = types.canvas(SIDE), still(types), still(types)
    shifted.whole[:, 0], smaller.whole[:, 2] = 1.0, -1.0
    moved = middle(token_parts(types, shifted, spreads).canvas(SIDE)) - middle(before)
    assert torch.allclose(moved, torch.tensor([0.1, 0.0]), atol=0.02)
    shrunk = token_parts(types, smaller, spreads).canvas(SIDE)
    assert torch.allclose(middle(shrunk), middle(before), atol=0.02)
    share = shrunk.sum((1, 2)) / before.sum((1, 2))
    assert torch.allclose(share, torch.tensor(math.exp(-0.4)), atol=0.05)


def test_codes_depart_by_their_spread() -> None:
    types = parts(400)
    again = token_parts(types, random_part_tokens(types, generator=seeded(3)), NOTHING._replace(code=0.3))
    moved = again.found.latents.stroke - types.found.latents.stroke
    assert torch.allclose(moved.std(), torch.tensor(0.3), rtol=0.05)
    assert torch.equal(again.found.latents.layout, types.found.latents.layout)
    only = token_parts(types, random_part_tokens(types, generator=seeded(3)), NOTHING)
    assert torch.allclose(only.canvas(SIDE), types.canvas(SIDE), atol=1e-5)


def test_rows_of_tokens_keep_their_maps() -> None:
    types = parts()
    token = token_parts(types, random_part_tokens(types, generator=seeded(4)), Spreads())
    index = torch.tensor([2, 0])
    assert torch.allclose(token.rows(index).canvas(SIDE), token.canvas(SIDE)[index], atol=1e-6)


def test_every_drawing_is_explained_best_by_its_own_character() -> None:
    types, which = parts(), [1, 0, 2, 2]
    chosen = types.rows(torch.tensor(which))
    images = token_parts(chosen, random_part_tokens(chosen, generator=seeded(5)), Spreads()).canvas(SIDE).clamp(max=1)
    assert best_scores(types, images).argmax(-1).tolist() == which
