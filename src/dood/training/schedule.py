"""What changes over a training run: the learning rate, the weights of the objective's parts, the share of dreams."""

import math

from dood.inference.objectives import LossWeights
from dood.training.presets import TrainConfig

__all__ = ["dreams_at", "rate", "weights_at"]


def weights_at(step: int, config: TrainConfig) -> LossWeights:
    """The weights of the objective's parts at `step`: all as in the bound but beta once the model has warmed up."""
    progress = step / config.steps
    ramp = min(1.0, progress / config.ratio_until) if config.ratio_until else 1.0
    return LossWeights(
        beta=config.beta,
        ratio=config.ratio_start + (1 - config.ratio_start) * ramp,
        spread=max(0.0, 1 - progress / config.spread_until) if config.spread_until else 0.0,
    )


def rate(step: int, config: TrainConfig) -> float:
    """Share of the learning rate in force at `step`: a linear warm-up, then a cosine to `final_rate`."""
    warm = min(1.0, (step + 1) / config.warmup) if config.warmup else 1.0
    cosine = 0.5 * (1 + math.cos(math.pi * step / config.steps))
    return warm * (config.final_rate + (1 - config.final_rate) * cosine)


def dreams_at(step: int, config: TrainConfig) -> float:
    """Share of the batch at `step` that is dreamt: `dreams`, and from the middle of the run on linearly less."""
    late = max(0.0, 2 * step / config.steps - 1)
    return config.dreams * (1 - (1 - config.dreams_kept) * late)
