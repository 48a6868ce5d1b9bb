"""What a prior over drawings can be asked: the density of strokes, and samples."""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Categorical

from dood.errors import DoodError
from dood.models.latents import Latents, LatentStrokes

__all__ = ["Prior"]


class Prior(nn.Module):
    """A distribution p(n, z_1, ..., z_n) of the number of strokes n and of their latent variables z_i.

    A prior of your own overrides `log_prob` and `sample`; see docs/extend.md.

    Attributes:
        completion: how a drawing is completed. `follow`: `follow` samples the strokes that come after those given;
            `whole`: whole drawings are sampled (`propose`), and the one that contains the given part best is taken
            (`dood.concepts.completion`).
    """

    completion: ClassVar[Literal["follow", "whole"]] = "whole"

    def log_prob(
        self, images: Float[Tensor, "b h w"], latents: Latents, canvases: Float[Tensor, "b t1 h w"]
    ) -> tuple[Float[Tensor, "b t"], Categorical]:
        """Return the log density of each stroke given those before it, and the distribution of their number.

        log p(n, z_1, ..., z_n) is the sum of the first n densities plus the log probability of n. Densities are taken
        on the unsquashed latents, in nats.

        Arguments:
            images: the drawings, ink in [0, 1]. What a prior takes from them must be a function of the image that has
                a probability of its own under the prior, or the bound is none (see `ExPostPrior`); most ignore them.
            latents: [b, t, ...].
            canvases: what the first 0, 1, ... t strokes draw. They are data: no gradient goes through them.

        Returns:
            Densities [b, t], and a distribution over 0..t for each drawing.
        """
        raise NotImplementedError

    def sample(
        self, batch: int, strokes: int, *, temperature: float = 1.0, generator: torch.Generator | None = None
    ) -> LatentStrokes:
        """Return `batch` drawings of at most `strokes` strokes.

        Arguments:
            temperature: factor of every Gaussian's standard deviation; 1 samples the prior.
            generator: a `torch.Generator`; the same one gives the same drawings.
        """
        raise NotImplementedError

    def propose(
        self,
        part: Float[Tensor, "h w"],
        batch: int,
        strokes: int,
        *,
        temperature: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> LatentStrokes:
        """Return whole drawings that may contain a part, a picture with ink in [0, 1]; plain samples by default."""
        return self.sample(batch, strokes, temperature=temperature, generator=generator)

    def follow(
        self, given: LatentStrokes, strokes: int, *, temperature: float = 1.0, generator: torch.Generator | None = None
    ) -> LatentStrokes:
        """Return at most `strokes` strokes that come after the given ones, without these.

        Raises:
            DoodError: the prior samples whole drawings only.
        """
        raise DoodError(f"{type(self).__name__} samples whole drawings only: it cannot go on from given strokes")

    def fit_log_prob(
        self, images: Float[Tensor, "b h w"], latents: Latents, canvases: Float[Tensor, "b t1 h w"]
    ) -> Float[Tensor, "b t"]:
        """Return the densities whose gradient the fit of a posterior climbs (`dood.inference.variational.fit`)."""
        return self.log_prob(images, latents, canvases)[0]

    def learned_jointly(self) -> "Prior":
        """Return the prior that was learned with the model: this one, unless it was learned afterwards."""
        return self
