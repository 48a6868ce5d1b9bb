"""Weights that are put into the package are rounded, little, and so that they compress."""

import zlib

import numpy as np
import torch
from numpy.testing import assert_array_equal

from dood.checkpoints.weights import read_weights
from dood.engines.runtime import _listing
from scripts.ship_weights import COARSE, EXPOST, SHARE, round_weights, rounded
from tests.tiny import seeded, tiny_model


def test_values_are_rounded_a_quarter_of_a_percent() -> None:
    values = 0.03 * torch.randn(100, 200, generator=seeded())
    near = rounded(values, SHARE)
    assert 0.001 < (near - values).square().mean().sqrt() / 0.03 < 0.004
    assert_array_equal(near.half().float(), near)
    assert torch.equal(rounded(near, SHARE), near)
    plain, few = (len(zlib.compress(each.half().numpy().tobytes(), 9)) for each in (values, near))
    assert few < 0.8 * plain


def test_what_is_zero_stays_zero() -> None:
    assert not rounded(torch.zeros(300), SHARE).any()


def test_the_likelihood_and_short_arrays_are_kept() -> None:
    model, same = tiny_model(), tiny_model()
    for each in (model, same):
        for parameter in each.parameters():
            parameter.requires_grad_(False).add_(0.1234567)
    round_weights(model)
    changed = {
        name
        for (name, one), other in zip(model.named_parameters(), same.parameters(), strict=True)
        if not torch.equal(one, other)
    }
    sizes = {name: parameter.numel() for name, parameter in model.named_parameters()}
    assert changed == {name for name in changed if sizes[name] >= 256 and "likelihood" not in name}
    assert len(changed) > 3


def test_the_shipped_weights_are_rounded() -> None:
    shapes = _listing()["weights"]["step"]
    large = {name: shape for name, shape in shapes.items() if np.prod(shape) >= 256}
    for name, values in read_weights("mnist", large).items():
        assert_array_equal(rounded(torch.from_numpy(values), SHARE).numpy(), values, err_msg=name)


def test_the_shipped_ex_post_priors_are_rounded_more_coarsely() -> None:
    buffers = ("prior.codebook.centres", "prior.codebook.share")
    shapes = {name: shape for name, shape in _listing()["weights"]["prior"].items() if name not in buffers}
    large = {name: shape for name, shape in shapes.items() if np.prod(shape) >= 256 and EXPOST.match(name)}
    assert "prior.made.second.weight" in large
    for name, values in read_weights("mnist", large).items():
        assert_array_equal(rounded(torch.from_numpy(values), COARSE).numpy(), values, err_msg=name)
