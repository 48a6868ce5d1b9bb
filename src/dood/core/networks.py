"""The two building blocks of every learned function: an image encoder and a multilayer perceptron."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

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
        batch, channels = images.shape[:2]
        patches = images.reshape(batch, channels, self.cells, 2, PATCH, self.cells, 2, PATCH)
        patches = patches.permute(0, 2, 5, 3, 6, 1, 4, 7).reshape(batch * self.cells**2, 4, -1)
        merged = functional.relu(self.merge(functional.relu(self.patch(patches)).flatten(1)))
        return functional.relu(self.whole(merged.view(batch, -1)))


def mlp(inputs: int, hidden: int, outputs: int, *, output_scale: float = 1.0) -> nn.Sequential:
    """Return a perceptron with one hidden layer; `output_scale` multiplies the initial weights of the last layer."""
    last = nn.Linear(hidden, outputs)
    nn.init.zeros_(last.bias)
    last.weight.data.mul_(output_scale)
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), last)
