"""The building blocks: shapes, and a convolution in plain words."""

import pytest
import torch
from numpy.testing import assert_allclose
from torch import nn
from torch.nn import functional

from dood.core.networks import PATCH, ImageEncoder, mlp
from tests.tiny import seeded


@pytest.mark.parametrize(("channels", "size"), [(1, 8), (2, 16), (2, 24)])
def test_the_encoder_is_two_strided_convolutions_and_a_linear_layer(channels: int, size: int) -> None:
    """The same weights as a convolutional network: no pixel is lost, repeated or moved, and no slope either."""
    encoder = ImageEncoder(channels, size, (3, 5), 7)
    images = torch.randn(4, channels, size, size, generator=seeded()).requires_grad_()
    patch = encoder.patch.weight.view(3, channels, PATCH, PATCH)
    merge = encoder.merge.weight.view(5, 2, 2, 3).permute(0, 3, 1, 2)
    features = functional.relu(functional.conv2d(images, patch, encoder.patch.bias, stride=PATCH))
    features = functional.relu(functional.conv2d(features, merge, encoder.merge.bias, stride=2))
    slow = functional.relu(encoder.whole(features.permute(0, 2, 3, 1).flatten(1)))
    fast = encoder(images)
    assert_allclose(fast.detach(), slow.detach(), atol=1e-5)
    ours, theirs = (torch.autograd.grad(found.square().sum(), images)[0] for found in (fast, slow))
    assert ours.any()
    assert_allclose(ours, theirs, atol=1e-5)


def test_every_pixel_reaches_the_embedding() -> None:
    images = torch.randn(2, 2, 16, 16, generator=seeded()).requires_grad_()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        ImageEncoder(2, 16, (8, 8), 16)(images).sum().backward()
    assert images.grad is not None
    assert (images.grad != 0).all()


def test_an_encoder_of_8_pixels_has_one_cell() -> None:
    assert ImageEncoder(1, 8, (2, 2), 3)(torch.zeros(5, 1, 8, 8)).shape == (5, 3)


def test_mlp_starts_at_its_bias_when_shrunk() -> None:
    network = mlp(4, 6, 3, output_scale=0.0)
    assert_allclose(network(torch.randn(2, 4, generator=seeded())).detach(), 0)


def test_mlp_shrinks_the_last_weights_only() -> None:
    def built(scale: float) -> list[torch.Tensor]:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            return [layer.weight.detach() for layer in mlp(4, 6, 3, output_scale=scale) if isinstance(layer, nn.Linear)]

    (first, last), (same, shrunk) = built(1.0), built(0.1)
    assert torch.equal(first, same)
    assert_allclose(shrunk, 0.1 * last, rtol=1e-6)
