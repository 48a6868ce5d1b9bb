"""The two building blocks of every learned function: an image encoder and a multilayer perceptron."""

import functools

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import relu_

__all__ = ["ImageEncoder", "mlp"]

PATCH = 4


class ImageEncoder(nn.Module):
    """Maps a small square image to a feature vector: 4 x 4 patches are embedded, merged 2 x 2, then all together.

    Each stage is a convolution whose stride is its width, and so one matrix product; overlapping windows took twice the
    time on a CPU, most of it for the gradient to the image.

    Arguments:
        channels: of the image.
        size: side of the image in pixels, a multiple of 8.
        widths: features of a patch and of a merged patch.
        features: length of the result.
    """

    def __init__(self, channels: int, size: int, widths: tuple[int, int], features: int) -> None:
        super().__init__()
        self.cells = size // (2 * PATCH)
        self.patch = nn.Linear(channels * PATCH**2, widths[0])
        self.merge = nn.Linear(4 * widths[0], widths[1])
        self.whole = nn.Linear(widths[1] * self.cells**2, features)

    def forward(self, images: Float[Tensor, "b c n n"]) -> Float[Tensor, "b f"]:
        order, back = _patch_order(images.shape[1], self.cells, images.device)
        patches = _Reordered.apply(images.flatten(1), order, back).view(images.shape[0] * self.cells**2 * 4, -1)
        embedded = relu_(self.patch(patches)).view(images.shape[0] * self.cells**2, -1)
        return relu_(self.whole(relu_(self.merge(embedded)).view(images.shape[0], -1)))


@functools.lru_cache(maxsize=32)
def _patch_order(channels: int, cells: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Which pixel of a flat image each place takes, patch after patch, the four of a cell in turn; and the inverse."""
    with torch.inference_mode(False):
        pixels = torch.arange(channels * (2 * PATCH * cells) ** 2, device=device)
        axes = pixels.view(channels, cells, 2, PATCH, cells, 2, PATCH)
        order = axes.permute(1, 4, 2, 5, 0, 3, 6).flatten()
        return order, order.argsort()


class _Reordered(torch.autograd.Function):
    """Columns in another order: there and back a third of the time of copying patches of four pixels' width."""

    @staticmethod
    def forward(ctx, rows: Tensor, order: Tensor, back: Tensor) -> Tensor:  # noqa: ANN001
        ctx.save_for_backward(back)
        return rows.index_select(1, order)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN001
        (back,) = ctx.saved_tensors
        return grad.index_select(1, back), None, None


def mlp(inputs: int, hidden: int, outputs: int, *, output_scale: float = 1.0) -> nn.Sequential:
    """Return a perceptron with one hidden layer; `output_scale` multiplies the initial weights of the last layer."""
    last = nn.Linear(hidden, outputs)
    nn.init.zeros_(last.bias)
    last.weight.data.mul_(output_scale)
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), last)
