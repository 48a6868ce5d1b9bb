"""The codebook entry of a drawing: which cluster of thumbnails it is in."""

import pytest
import torch
from numpy.testing import assert_allclose
from torch.distributions import Normal

from dood.models.priors.codebook import Codebook, thumbnails
from tests.tiny import scribbles, seeded


def a_codebook() -> Codebook:
    """Three entries: the first three scribbles."""
    codebook = Codebook().requires_grad_(False)
    codebook.centres[:3] = thumbnails(scribbles(3))
    codebook.share.zero_()[:3] = torch.tensor([0.5, 0.3, 0.2])
    return codebook


def test_an_image_has_the_entry_that_looks_like_it() -> None:
    images = scribbles(3)[[2, 0, 1, 1]]
    assert a_codebook().nearest(images).tolist() == [2, 0, 1, 1]
    assert a_codebook().nearest((0.9 * images + 0.02).clamp(max=1)).tolist() == [2, 0, 1, 1]


def test_an_entry_that_no_drawing_has_is_not_chosen() -> None:
    """The empty image is the centre of all that are not used."""
    codebook = a_codebook()
    assert codebook.nearest(torch.zeros(1, 50, 50)).item() in (0, 1, 2)
    picked = codebook.sample(20_000, seeded())
    assert_allclose(torch.bincount(picked, minlength=4)[:4] / 20_000, [0.5, 0.3, 0.2, 0.0], atol=0.015)


def test_its_density_is_its_share() -> None:
    assert a_codebook().log_prob(torch.tensor([2, 0])).exp().tolist() == pytest.approx([0.2, 0.5])


def test_entries_are_told_apart() -> None:
    told = a_codebook()(torch.arange(3))
    assert torch.pdist(told).min() > 0.01


def test_ink_that_an_entry_lacks_is_as_unlikely_as_its_spread_says() -> None:
    """A grey page: the entry that is as grey, and a blank one, which lacks 0.03 of ink at each of 64 pixels."""
    codebook = Codebook().requires_grad_(False)
    codebook.centres[0] = 0.03
    codebook.share.zero_()[:2] = 0.5
    fits, lacks = (Normal(0.0, 0.15).log_prob(torch.tensor(lack)) for lack in (0.0, 0.03))
    picked = codebook.sample(20_000, seeded(), torch.full((8, 8), 0.03))
    assert (picked == 0).float().mean().item() == pytest.approx((64 * (fits - lacks)).sigmoid().item(), abs=0.01)


def test_no_rounding_leads_to_an_entry_that_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    codebook = Codebook().requires_grad_(False)
    codebook.share.zero_()[:3] = torch.tensor([0.5, 0.3, 0.1999])
    monkeypatch.setattr(torch, "rand", lambda *shape, **_: torch.full(shape, 1 - 2.0**-24))
    assert codebook.sample(2).tolist() == [2, 2]


def test_a_part_is_of_entries_that_have_it_in_them() -> None:
    codebook, images = a_codebook(), scribbles(3)
    part = images[1] * (torch.arange(12) < 6)
    picked = torch.bincount(codebook.sample(3000, seeded(), part), minlength=4)[:4] / 3000
    assert picked[1] > 0.3 + 0.1
    assert picked[3] == 0
    # A blank part says nothing.
    assert torch.equal(codebook.sample(50, seeded(), torch.zeros(12, 12)), codebook.sample(50, seeded()))
