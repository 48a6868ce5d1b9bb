"""What is measured: rendered strokes as images, a fresh model, and one update of training."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from dood.core.renderer import Pen, composite, render
from dood.inference.objectives import OBJECTIVES, LossWeights
from dood.models.config import ModelConfig
from dood.models.dood import DooD
from dood.training.loop import Loss, make_optimiser, update
from dood.training.presets import TrainConfig

__all__ = ["fresh_model", "stroke_images", "stroke_parameters", "training_step"]


def stroke_parameters(count: int, seed: int = 0) -> tuple[Tensor, Pen]:
    """Control points [count, 5, 2] of random curves, and a pen for each."""
    generator = torch.Generator().manual_seed(seed)
    start = 1.2 * torch.rand(count, 1, 2, generator=generator) - 0.6
    points = start + 0.3 * torch.randn(count, 5, 2, generator=generator).cumsum(1)
    radius = 0.04 + 0.06 * torch.rand(count, 3, generator=generator)
    return points.clamp(-0.8, 0.8), Pen(radius, 1 + torch.rand(count, generator=generator))


def stroke_images(count: int, size: int, strokes: int = 3) -> Tensor:
    """Drawings of random strokes, float [count, size, size] in steps of 1/255 as read from files."""
    points, pen = stroke_parameters(count * strokes)
    canvas = composite(render(points, pen, size, size).unflatten(0, (count, strokes)).sum(1))
    return (canvas * 255).round() / 255


def fresh_model(**settings: Any) -> DooD:
    """An untrained model: it takes as long as a trained one, since all strokes are unrolled."""
    torch.manual_seed(0)
    return DooD(ModelConfig(**settings))


def training_step(images: Tensor, strokes: int = 6) -> Callable[[], None]:
    """A full update (loss, backward pass, Adam) on one batch [b, h, w], as training does it."""
    model = fresh_model(resolution=images.shape[-1], strokes=strokes)
    config = TrainConfig(model=model.config, batch=len(images))
    objective = OBJECTIVES[config.stopping](config.model.features)
    optimiser = make_optimiser(model, objective, config)
    descent, generator = Loss(model, objective), torch.Generator().manual_seed(0)

    def step() -> None:
        noise = model.noise(len(images), generator=generator)
        update(optimiser, descent(images, noise, LossWeights(), generator), config, 0)

    return step
