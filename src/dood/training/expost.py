"""Learning a prior after the model, from what the model infers of its training images (`dood.models.priors.expost`)."""

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from dood.core.geometry import Similarity
from dood.errors import DoodError
from dood.inference.least_squares import levenberg_marquardt
from dood.inference.strokes import check_strokes
from dood.inference.variational import amortised
from dood.models.appearance import Spline
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes, LayoutRange
from dood.models.priors.codebook import ENTRIES, Codebook, thumbnails
from dood.models.priors.expost import ExPostPrior
from dood.training.critic import learn_critic
from dood.training.randomness import Stream, generator_at

__all__ = ["RefitConfig", "inferred", "refit"]

AT_ONCE = 250
TURN, GROWTH, SHIFT = 0.1, 0.06, 0.06
"""Standard deviations of a drawing's angle in radians, of the log of its size, and of its shifts in half canvases, with
an augmentation of 1."""


@dataclass(frozen=True)
class RefitConfig:
    """What decides the outcome, apart from the model and the images."""

    steps: int = 12_000
    """Updates of the prior."""
    critic_steps: int = 6_000
    """Updates of its critic (`dood.models.priors.critic`) afterwards; 0 for none."""
    keep_prior: bool = False
    """Whether the ex-post prior stays that the model has, and only its critic is learned."""
    batch: int = 64
    """Drawings per update."""
    passes: int = 4
    """Posterior samples of each image that are learned from."""
    images: int = 30_000
    """Training images that are learned from, of several sets an equal share of each; of a set with fewer all."""
    lm_steps: int = 5
    """Least-squares steps on each image before (`dood.inference.least_squares`): strokes that lie on its ink are worth
    more to learn from; five take 0.05 s an image."""
    augmentation: float = 0.25
    """How far each drawing is turned, scaled and shifted at random whenever it is learned from: see `moved`."""
    learning_rate: float = 3e-3
    """Adam's rate after the warm-up; it falls to 0 as a cosine."""
    warmup: int = 100
    """Updates over which the rate rises from 0."""
    clip: float = 20.0
    """Gradients are scaled down to this norm."""
    seed: int = 0
    """Of weights, posterior samples and order."""

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "passes", "images"):
            if getattr(self, name) < 1:
                raise DoodError(f"{name} (={getattr(self, name)}) must be at least 1")
        for name in ("learning_rate", "clip"):
            if not getattr(self, name) > 0:
                raise DoodError(f"{name} (={getattr(self, name)}) must be positive")
        for name in ("critic_steps", "warmup", "lm_steps", "augmentation"):
            if getattr(self, name) < 0:
                raise DoodError(f"{name} (={getattr(self, name)}) must not be negative")


def refit(
    model: DooD,
    sets: Sequence[Tensor],
    held_out: Tensor,
    config: RefitConfig,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[DooD, float]:
    """Return the model with an ex-post prior in place of the one that was learned with it; all else is as it was.

    Arguments:
        sets: uint8 [n, h, w] each, ink 255: the images that the model was trained on. As in training, every set has an
            equal share, whatever its size.
        held_out: uint8 [m, h, w], images that it was not trained on.
        progress: called with the steps done and their total.

    Returns:
        The model, and the mean log density in nats of what it infers of the images held out.

    Raises:
        DoodError: the model has no strokes (AIR has none), or infers none in any of the images, it has no ex-post prior
            that could stay, or scikit-learn is not installed.
    """
    network = copy.deepcopy(model)
    spline = check_strokes(network)
    if config.keep_prior and not isinstance(network.prior, ExPostPrior):
        raise DoodError("keep_prior must be false: the model has no ex-post prior that could stay")
    order = generator_at(config.seed, Stream.ORDER)
    shown = [_some(each, max(1, config.images // len(sets)), order) for each in sets]
    images = torch.cat(shown)
    weight = torch.cat([torch.full((len(each),), 1 / (len(sets) * len(each))) for each in shown])
    passes = 1 if config.keep_prior else config.passes  # a critic is shown the first pass alone
    seen = inferred(model, images, generator_at(config.seed, Stream.POSTERIOR), passes, config.lm_steps)
    unseen = inferred(model, held_out, generator_at(config.seed, Stream.MEASURE), lm_steps=config.lm_steps)
    tell = _told(progress, config)
    prior = network.prior
    if not (config.keep_prior and isinstance(prior, ExPostPrior)):
        prior = _learned(network, spline, images, seen, weight, config, tell)
    prior.critic = None
    if config.critic_steps:
        after = partial(tell, 0 if config.keep_prior else config.steps)
        prior.critic = learn_critic(prior, seen, weight, config.critic_steps, config.seed, after)
    network.config = replace(model.config, expost=True, critic=bool(config.critic_steps))
    network.prior = prior
    return network.eval().requires_grad_(False), _density(prior, unseen, nearest_entries(prior.codebook, held_out))


def _learned(
    network: DooD,
    spline: Spline,
    images: Tensor,
    seen: LatentStrokes,
    weight: Tensor,
    config: RefitConfig,
    progress: Callable[[int], None],
) -> ExPostPrior:
    """The prior of the drawings `seen` in images."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        plain = replace(network.config, expost=True, critic=False)
        prior = ExPostPrior(plain, spline, network.prior.learned_jointly(), network.renderer)
    _standardise(prior, seen)
    _begin(prior, images, weight)
    entries = _cluster(prior.codebook, images, weight, config.seed)
    _learn(prior, seen, entries, weight, config, progress)
    return prior


def _told(progress: Callable[[int, int], None] | None, config: RefitConfig) -> Callable[..., None]:
    """What is called with the steps done, part by part."""
    total = config.critic_steps + (0 if config.keep_prior else config.steps)
    return lambda *done: progress(sum(done), total) if progress else None


def _some(images: Tensor, most: int, generator: torch.Generator) -> Tensor:
    if len(images) <= most:
        return images
    return images[torch.randperm(len(images), generator=generator)[:most].sort().values]


@torch.no_grad()
def inferred(
    model: DooD, images: Tensor, generator: torch.Generator, passes: int = 1, lm_steps: int = 0
) -> LatentStrokes:
    """Return posterior samples of strokes and of their number, `passes` of every image, pass after pass.

    Arguments:
        images: uint8 [n, h, w], ink 255.
        lm_steps: of least squares on each image; with any the samples are of the Gaussians that they lead to.
    """
    if lm_steps:
        return _fitted(model, images, generator, passes, lm_steps)
    found, counts = [], []
    for _ in range(passes):
        for some in images.split(AT_ONCE):
            inference = model.infer(some.float() / 255, model.noise(len(some), generator=generator))
            found.append(inference.latents.flat())
            chances = inference.stop_q.probs
            counts.append(torch.multinomial(chances, 1, generator=generator).squeeze(-1))
    return LatentStrokes(Latents.from_flat(torch.cat(found)), torch.cat(counts))


def _fitted(model: DooD, images: Tensor, generator: torch.Generator, passes: int, lm_steps: int) -> LatentStrokes:
    found, counts = [], []
    for some in images.split(AT_ONCE):
        ink = some.float() / 255
        posterior = levenberg_marquardt(model, ink, amortised(model, ink), lm_steps)
        mean = posterior.mean.expand(passes, -1, -1, -1)
        noise = torch.randn(mean.shape, generator=generator)
        found.append(mean + posterior.log_std.exp() * noise)
        counts.append(torch.multinomial(posterior.stop.probs, passes, replacement=True, generator=generator).T)
    return LatentStrokes(Latents.from_flat(torch.cat(found, 1).flatten(0, 1)), torch.cat(counts, 1).flatten())


def _standardise(prior: ExPostPrior, drawings: LatentStrokes) -> None:
    """Set the prior's moments to those of the strokes that count."""
    strokes = Latents(*(part[drawings.mask] for part in drawings.latents))
    if len(strokes.layout) < 2:
        raise DoodError("the model draws nothing in its training images: there is no prior to learn from it")
    prior.standardise(strokes)


def _begin(prior: ExPostPrior, images: Tensor, weight: Tensor) -> None:
    """Set the logit of any stroke at all to that of the images' share with ink, had one more of each kind been seen.

    That the model finds no stroke in a few of them is no reason to make up blank drawings.
    """
    inked = images.flatten(1).amax(1) > 0
    some, none = (weight[here].double().sum() * len(weight) + 1 for here in (inked, ~inked))
    prior.begin.copy_((some / none).log())


def _cluster(codebook: Codebook, images: Tensor, weight: Tensor, seed: int) -> Tensor:
    """Set the codebook's entries and shares; return the entry of each image. The images' weights sum to 1."""
    try:
        from sklearn.cluster import MiniBatchKMeans
    except ImportError as error:
        raise DoodError("an ex-post prior needs scikit-learn: pip install 'dood[eval]'") from error
    small = torch.cat([thumbnails(some.float() / 255) for some in images.split(AT_ONCE)]).numpy()
    count = min(ENTRIES, len(small))
    kmeans = MiniBatchKMeans(count, batch_size=4 * ENTRIES, random_state=seed).fit(small)
    codebook.centres[:count] = torch.from_numpy(kmeans.cluster_centers_)
    codebook.share.copy_(torch.arange(ENTRIES) < count)
    entries = nearest_entries(codebook, images)
    codebook.share.copy_(torch.bincount(entries, weight, minlength=ENTRIES))
    return entries


@torch.no_grad()
def nearest_entries(codebook: Codebook, images: Tensor) -> Tensor:
    """Return the codebook entry [n] of each of uint8 images [n, h, w]."""
    return torch.cat([codebook.nearest(some.float() / 255) for some in images.split(AT_ONCE)])


def moved(latents: Latents, layout_range: LayoutRange, amount: float, generator: torch.Generator) -> Latents:
    """Return drawings [b, t, ...], each after a random similarity, which moves all strokes of the drawing alike.

    Arguments:
        amount: of `TURN`, `GROWTH` and `SHIFT`, the standard deviations of its parts.
    """
    turn, growth, *shift = (amount * torch.randn(4, len(latents.layout), 1, generator=generator)).unbind(0)
    similarity = Similarity((GROWTH * growth).exp(), SHIFT * torch.stack(shift, -1), TURN * turn)
    return latents._replace(layout=layout_range.raw(layout_range.frame(latents.layout).then(similarity)))


def _learn(
    prior: ExPostPrior,
    drawings: LatentStrokes,
    entries: Tensor,
    weight: Tensor,
    config: RefitConfig,
    progress: Callable[[int], None],
) -> None:
    """Climb the log density of the drawings by Adam.

    Arguments:
        drawings: `config.passes` of every image, pass after pass.
        entries, weight: [n], of the images.
    """
    learned = [parameter for name, parameter in prior.named_parameters() if not name.startswith("joint.")]
    optimiser = torch.optim.Adam(learned, lr=config.learning_rate, fused=True)
    for step in range(config.steps):
        rate = min(1.0, (step + 1) / max(1, config.warmup)) * 0.5 * (1 + math.cos(math.pi * step / config.steps))
        optimiser.param_groups[0]["lr"] = config.learning_rate * rate
        generator = generator_at(config.seed, Stream.PRIOR, step)
        shown = torch.multinomial(weight, config.batch, replacement=True, generator=generator)
        chosen = shown + len(entries) * torch.randint(config.passes, (config.batch,), generator=generator)
        latents = Latents(*(part[chosen] for part in drawings.latents))
        if config.augmentation:
            some = generator_at(config.seed, Stream.AUGMENTATION, step)
            latents = moved(latents, prior.coordinates.layout_range, config.augmentation, some)
        batch = LatentStrokes(latents, drawings.strokes[chosen])
        loss = -prior.drawing_log_prob(batch, entries[shown]).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, config.clip, error_if_nonfinite=True)
        optimiser.step()
        progress(step + 1)


@torch.no_grad()
def _density(prior: ExPostPrior, drawings: LatentStrokes, entries: Tensor) -> float:
    """Return the mean log density in nats of drawings with the given entries."""
    parts = zip(*(part.split(AT_ONCE) for part in (*drawings.latents, drawings.strokes, entries)), strict=True)
    densities = [
        prior.drawing_log_prob(LatentStrokes(Latents(layout, stroke), count), entry)
        for layout, stroke, count, entry in parts
    ]
    return torch.cat(densities).mean().item()
