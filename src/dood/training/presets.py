"""Training recipes: what they consist of, the named ones, and the named models that each can train."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dood.errors import DoodError
from dood.models.config import ModelConfig, check_choices

__all__ = ["MODELS", "PRESETS", "TrainConfig", "with_model"]


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides the outcome of a training run, apart from the data's content."""

    model: ModelConfig = field(default_factory=ModelConfig)
    data: str = "mnist"
    """Name or path of the image set."""
    start: str = ""
    """A model, named as for `dood.load`, whose weights training begins with; of the same configuration but for the
    number of strokes. By default weights are random."""
    steps: int = 14_000
    """Updates in all."""
    batch: int = 64
    """Images per update."""
    learning_rate: float = 2e-3
    """Adam's rate after the warm-up."""
    final_rate: float = 0.01
    """Share of the rate that the cosine schedule ends at; 1 keeps it constant."""
    warmup: int = 200
    """Updates over which the rate rises from 0."""
    likelihood_rate: float = 10.0
    """The likelihood's per-pixel scale learns this many times faster: it has far to go and nothing else to do."""
    stopping: Literal["exact", "nvil"] = "exact"
    """How the gradient of the stop time is taken: exact (summed over) or nvil (sampled, with a learned baseline)."""
    beta: float = 1.5
    """What a further stroke must earn, as a multiple of the nats that it costs: it weighs every divergence, in the
    gradient of the stop decisions alone, as the authors' code does (the paper, 2.3, weighs that of the decisions)."""
    spread_until: float = 0.05
    """Share of the run after which the likelihood's weight is no longer spread over stop times: until then strokes are
    learned one after another, each as telling as can be."""
    ratio_start: float = 0.02
    """Weight of the layout and stroke divergence at the start."""
    ratio_until: float = 0.1
    """Share of the run after which that weight is 1."""
    clip: float = 2e4
    """Gradients are scaled down to this norm; met only by a batch gone wrong."""
    augmentation: float = 0.0
    """How strongly images are moved, scaled, turned and drawn with another pen; 0 for not at all (the paper), 1 for
    what `dood.training.augmentation` says."""
    dreams: float = 0.0
    """Share of each batch that is composed of several training drawings (`dood.training.dreams`); 0 for none (the
    paper)."""
    dreams_kept: float = 1.0
    """From the middle of the run on, dreams become fewer, down to so much of `dreams`; 1 keeps them all."""
    seed: int = 0
    """Every random number is a function of the seed and the step."""
    evaluate_every: int = 500
    """Updates between two looks at the held-out images."""
    evaluate_images: int = 512
    """Held-out images per look."""
    checkpoint_every: int = 500
    """Updates between two checkpoints."""

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "evaluate_every", "evaluate_images", "checkpoint_every"):
            if getattr(self, name) < 1:
                raise DoodError(f"{name} (={getattr(self, name)}) must be at least 1")
        for name in ("learning_rate", "likelihood_rate", "beta", "clip"):
            if not getattr(self, name) > 0:
                raise DoodError(f"{name} (={getattr(self, name)}) must be positive")
        for name in ("final_rate", "spread_until", "ratio_start", "ratio_until", "dreams", "dreams_kept"):
            if not 0 <= getattr(self, name) <= 1:
                raise DoodError(f"{name} (={getattr(self, name)}) must lie between 0 and 1")
        if not 0 <= self.augmentation <= 2:
            raise DoodError(f"augmentation (={self.augmentation}) must lie between 0 and 2")
        if self.warmup < 0:
            raise DoodError(f"warmup (={self.warmup}) must not be negative")
        check_choices(self)


_standard = TrainConfig()

PRESETS: dict[str, TrainConfig] = {
    "quick": replace(_standard, steps=3_000, learning_rate=4e-3, spread_until=0.2, ratio_until=0.3),
    "standard": _standard,
    "long": replace(_standard, steps=30_000),
    "paper": replace(
        _standard,
        model=ModelConfig(hidden=256, mixtures=40, curve_samples=100, pen_points=1, corrections=0),
        stopping="nvil",
        steps=500_000,
        learning_rate=1e-4,
        final_rate=1.0,
        beta=4.0,
        spread_until=0.0,
        ratio_start=1.0,
        likelihood_rate=1.0,
    ),
}
"""quick: some five minutes on two cores; standard: half an hour; long: more than an hour; paper: the authors' schedule,
batch and objective, meant for a GPU. The curriculum of quick takes as many steps as that of standard: cut shorter, all
strokes are used on every drawing."""

_AIR: dict[str, Any] = {"appearance": "neural", "canvas": "sum", "prior": "fixed", "corrections": 0}

MODELS: dict[str, Mapping[str, Any]] = {
    "dood": {},
    "dood-no-renderer": {"appearance": "neural-stroke"},
    "dood-no-guidance": {"prior": "recurrent", "guidance": False, "corrections": 0},
    "dood-fixed-prior": {"prior": "fixed"},
    "difference-air": _AIR,
    "air": _AIR | {"guidance": False},
}
"""What each model changes in a `ModelConfig` (paper 3.1). Difference-AIR is what the paper's tables call AIR."""


def with_model(config: TrainConfig, name: str) -> TrainConfig:
    """The recipe for another model of `MODELS`.

    Raises:
        DoodError: there is no such model.
    """
    if name not in MODELS:
        raise DoodError(f"there is no model {name!r} to train; there are: {', '.join(MODELS)}")
    return replace(config, model=replace(config.model, **MODELS[name]))
