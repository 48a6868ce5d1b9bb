"""Learning a prior after the model, from what the model infers of its training images (`dood.models.priors.expost`)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from dood.errors import DoodError
from dood.inference.strokes import check_strokes
from dood.models.dood import DooD, LatentStrokes
from dood.models.latents import Latents
from dood.models.priors.codebook import ENTRIES, Codebook, thumbnails
from dood.models.priors.expost import ExPostPrior
from dood.training.randomness import Stream, generator_at

__all__ = ["RefitConfig", "inferred", "refit"]

AT_ONCE = 250


@dataclass(frozen=True)
class RefitConfig:
    """What decides the outcome, apart from the model and the images."""

    steps: int = 12_000
    """Updates in all."""
    batch: int = 64
    """Drawings per update."""
    passes: int = 4
    """Posterior samples of each image that are learned from."""
    learning_rate: float = 3e-3
    """Adam's rate after the warm-up; it falls to 0 as a cosine."""
    warmup: int = 100
    """Updates over which the rate rises from 0."""
    clip: float = 20.0
    """Gradients are scaled down to this norm."""
    seed: int = 0
    """Of weights, posterior samples and order."""

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "passes"):
            if getattr(self, name) < 1:
                raise DoodError(f"{name} (={getattr(self, name)}) must be at least 1")
        for name in ("learning_rate", "clip"):
            if not getattr(self, name) > 0:
                raise DoodError(f"{name} (={getattr(self, name)}) must be positive")
        if self.warmup < 0:
            raise DoodError(f"warmup (={self.warmup}) must not be negative")


def refit(
    model: DooD,
    sets: Sequence[Tensor],
    held_out: Tensor,
    config: RefitConfig,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[DooD, float]:
    """The model with an ex-post prior in place of its own; all else is as it was.

    Arguments:
        sets: uint8 [n, h, w] each, ink 255, the images that the model was trained on; in equal parts, as there.
        held_out: uint8 [m, h, w], images that it was not.
        progress: called with the steps done and their total.

    Returns:
        The model, and the mean log density in nats of what it infers of the images held out.

    Raises:
        DoodError: the model draws no strokes (AIR does not), or draws nothing in any of the images, or scikit-learn is
            not installed.
    """
    check_strokes(model)
    images = torch.cat(list(sets))
    weight = torch.cat([torch.full((len(each),), 1 / (len(sets) * len(each))) for each in sets])
    seen = inferred(model, images, generator_at(config.seed, Stream.POSTERIOR), config.passes)
    unseen = inferred(model, held_out, generator_at(config.seed, Stream.MEASURE))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = DooD(replace(model.config, expost=True))
    network.load_state_dict(model.state_dict() | _states(network), strict=True)
    prior = network.expost
    assert prior is not None
    _standardise(prior, seen)
    entries = _cluster(prior.gist, images, weight, config.seed)
    network.requires_grad_(False)
    prior.requires_grad_(True)
    _learn(prior, seen, entries, weight, config, progress)
    network.requires_grad_(False)
    return network.eval(), _density(prior, unseen, _entries(prior.gist, held_out))


@torch.no_grad()
def inferred(model: DooD, images: Tensor, generator: torch.Generator, passes: int = 1) -> LatentStrokes:
    """Posterior samples of strokes and of how many there are, `passes` of every image.

    Arguments:
        images: uint8 [n, h, w], ink 255.
    """
    found, counts = [], []
    for _ in range(passes):
        for some in images.split(AT_ONCE):
            inference = model.infer(some.float() / 255, model.noise(len(some), generator=generator))
            found.append(inference.latents.flat())
            chances = inference.stop_q.probs
            counts.append(torch.multinomial(chances, 1, generator=generator).squeeze(-1))
    return LatentStrokes(Latents.from_flat(torch.cat(found)), torch.cat(counts))


def _states(network: DooD) -> dict[str, Tensor]:
    """The new prior's own weights, as they begin."""
    return {name: value for name, value in network.state_dict().items() if name.startswith("expost.")}


def _standardise(prior: ExPostPrior, drawn: LatentStrokes) -> None:
    flat = drawn.latents.flat()
    strokes = flat[torch.arange(flat.shape[1]) < drawn.strokes.unsqueeze(-1)]
    if len(strokes) < 2:
        raise DoodError("the model draws nothing in its training images: there is no prior to learn from it")
    prior.mean.copy_(strokes.mean(0))
    prior.std.copy_(strokes.std(0).clamp(min=1e-3))


def _cluster(gist: Codebook, images: Tensor, weight: Tensor, seed: int) -> Tensor:
    """Find the entries that there are; returns that of each image. The images' weights sum to 1."""
    try:
        from sklearn.cluster import MiniBatchKMeans
    except ImportError as error:
        raise DoodError("an ex-post prior needs scikit-learn: pip install 'dood[eval]'") from error
    small = torch.cat([thumbnails(some.float() / 255) for some in images.split(AT_ONCE)]).numpy()
    count = min(ENTRIES, len(small))
    kmeans = MiniBatchKMeans(count, batch_size=4 * ENTRIES, random_state=seed).fit(small)
    gist.centres[:count] = torch.from_numpy(kmeans.cluster_centers_)
    gist.share.copy_(torch.arange(ENTRIES) < count)
    entries = _entries(gist, images)
    gist.share.copy_(torch.bincount(entries, weight, minlength=ENTRIES))
    return entries


@torch.no_grad()
def _entries(gist: Codebook, images: Tensor) -> Tensor:
    """The gist of each image."""
    return torch.cat([gist.nearest(some.float() / 255) for some in images.split(AT_ONCE)])


def _learn(
    prior: ExPostPrior,
    drawn: LatentStrokes,
    entries: Tensor,
    weight: Tensor,
    config: RefitConfig,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Climb the likelihood of the drawings; `entries` and `weight` are of the images, `passes` drawings each."""
    optimiser = torch.optim.Adam(prior.parameters(), lr=config.learning_rate, fused=True)
    for step in range(config.steps):
        rate = min(1.0, (step + 1) / max(1, config.warmup)) * 0.5 * (1 + math.cos(math.pi * step / config.steps))
        optimiser.param_groups[0]["lr"] = config.learning_rate * rate
        generator = generator_at(config.seed, Stream.PRIOR, step)
        shown = torch.multinomial(weight, config.batch, replacement=True, generator=generator)
        chosen = shown + len(entries) * torch.randint(config.passes, (config.batch,), generator=generator)
        latents = Latents(*(part[chosen] for part in drawn.latents))
        loss = -prior.drawing_log_prob(latents, drawn.strokes[chosen], entries[shown]).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(prior.parameters(), config.clip, error_if_nonfinite=True)
        optimiser.step()
        if progress:
            progress(step + 1, config.steps)


@torch.no_grad()
def _density(prior: ExPostPrior, drawn: LatentStrokes, entries: Tensor) -> float:
    parts = zip(*(part.split(AT_ONCE) for part in (*drawn.latents, drawn.strokes, entries)), strict=True)
    densities = [prior.drawing_log_prob(Latents(layout, stroke), count, gist) for layout, stroke, count, gist in parts]
    return torch.cat(densities).mean().item()
