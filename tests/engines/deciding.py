"""A model whose number of strokes depends on the image."""

import torch
from torch import Tensor, nn

from dood.models.dood import DooD


def vary(model: DooD, images: Tensor) -> None:
    """Make the number of strokes depend on the image, so that about half of a batch stops at once."""
    last = model.recognition.on_head[-1]
    assert isinstance(last, nn.Linear)
    with torch.no_grad():
        last.weight.mul_(5000)
        last.bias.sub_(model.recognition.continue_logit(model.infer(images).stop_features[:, 0]).median() + 1e-3)
