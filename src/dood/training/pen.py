"""Learning how a pen walks (`dood train-pen`): joints, retraced lines, direction and order, from people's pen paths."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save
from torch import Tensor

from dood.checksums import SHA256, digest
from dood.data.pensets import Drawn, is_held_out, load_pen_set
from dood.errors import DoodError
from dood.files import atomic_write
from dood.training.pen_examples import Example, example_of, strokes_as_pieces, traced
from dood.training.pen_network import WalkNetwork

__all__ = ["SHARES", "PenConfig", "examples", "loss", "train_pen"]

SHARES = {
    "kanjivg": 1.0,
    "unipen_chars": 1.0,
    "unipen_words": 1.5,
    "unipen_lines": 1.0,
    "quickdraw": 1.5,
    "quickdraw_busy": 1.0,
    "omniglot": 0.7,
}
"""Sets that are learned from, and how often beside the others; the card of the weights names their licences."""


@dataclass(frozen=True)
class PenConfig:
    """What decides the outcome, apart from the drawings."""

    steps: int = 6_000
    """Updates in all."""
    batch: int = 8
    """Drawings per update."""
    moves: int = 16
    """Steps of a walk that are learned from at once, at most, drawn anew each time."""
    hidden: int = 48
    """Units of every layer."""
    learning_rate: float = 2e-3
    """Adam's rate after the warm-up; it falls to 0 as a cosine."""
    warmup: int = 50
    """Updates over which the rate rises from 0."""
    looks: int = 1
    """Pictures of each drawing; of sets of fewer than 500 drawings three times as many."""
    apart: float = 0.1
    """Share of the examples that are the strokes themselves, without joints."""

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "moves", "hidden", "looks"):
            if getattr(self, name) < 1:
                raise DoodError(f"{name} (={getattr(self, name)}) must be at least 1")
        if not self.learning_rate > 0:
            raise DoodError(f"learning_rate (={self.learning_rate}) must be positive")
        if self.warmup < 0:
            raise DoodError(f"warmup (={self.warmup}) must not be negative")
        if not 0 <= self.apart <= 1:
            raise DoodError(f"apart (={self.apart}) must lie in [0, 1]")


def train_pen(
    data: str | Path | None,
    out: str | Path,
    *,
    seed: int = 0,
    config: PenConfig = PenConfig(),
    sets: Mapping[str, float] | None = None,
    progress: Callable[[int, int, float], None] | None = None,
) -> Path:
    """Learn a walker from pen paths and write its weights, 16-bit floats, as a safetensors file.

    The network is fitted to the likelihood of each next run, and of the pen being lifted before it, given the walk so
    far; a drawing of n steps weighs as the root of n.

    Arguments:
        data: folder of data that holds `pen/`; by default where sets are looked for.
        out: the file.
        seed: of looks, order and weights.
        config: how long, how large.
        sets: names and how often each is drawn from; by default SHARES.
        progress: told steps done, steps in all, and mean loss a step since it was last told; every 100 steps.

    Raises:
        DoodError: a set is not there, or `out` cannot be written.
    """
    sets = SHARES if sets is None else sets
    stock = [examples(load_pen_set(name, data), config, seed) for name in sets]
    share = np.array(list(sets.values())) / sum(sets.values())
    network = _fitted(stock, share, config, seed, progress)
    weights = {name: value.detach().half().numpy() for name, value in network.state_dict().items()}
    with atomic_write(out) as file:
        notes = {"sets": ", ".join(sets), "seed": str(seed), "steps": str(config.steps), SHA256: digest(weights)}
        file.write(save(weights, metadata=notes))
    return Path(out)


def examples(drawings: list[Drawn], config: PenConfig, seed: int) -> list[Example]:
    """The examples of a set: its drawings that are not held out, in several looks, and some strokes apart.

    Raises:
        DoodError: there are none.
    """
    looks = config.looks * (3 if len(drawings) < 500 else 1)
    found: list[Example] = []
    for index, drawn in enumerate(drawings):
        if is_held_out(index):
            continue
        for copy in range(looks):
            generator = np.random.default_rng((seed, index, copy))
            apart = len(drawn.strokes) > 1 and generator.random() < config.apart
            made = strokes_as_pieces(drawn) if apart else traced(drawn, generator)
            example = example_of(*made, generator) if made else None
            if example is not None:
                found.append(example)
    if not found:
        raise DoodError("no drawing to learn from: every one is empty or held out")
    return found


def _fitted(
    stock: list[list[Example]],
    share: np.ndarray,
    config: PenConfig,
    seed: int,
    progress: Callable[[int, int, float], None] | None,
) -> WalkNetwork:
    generator = np.random.default_rng((seed, 0))
    first = stock[0][0]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = WalkNetwork(first.own.shape[1], first.pair.shape[2], first.state.shape[2], config.hidden)
    optimizer = torch.optim.Adam(network.parameters())
    total, count = 0.0, 0
    for step in range(config.steps):
        for group in optimizer.param_groups:
            group["lr"] = _rate(step, config)
        optimizer.zero_grad()
        for _ in range(config.batch):
            mine = stock[generator.choice(len(stock), p=share)]
            steps = loss(network, _some(mine[generator.integers(len(mine))], config.moves, generator))
            (steps.sum() / len(steps) ** 0.5 / (2 * config.batch)).backward()
            total, count = total + steps.sum().item(), count + len(steps)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        if progress and (step + 1) % 100 == 0:
            progress(step + 1, config.steps, total / max(count, 1))
            total, count = 0.0, 0
    return network


def _some(example: Example, moves: int, generator: np.random.Generator) -> Example:
    """The example with at most so many of its steps, valid ones, by chance."""
    valid = np.flatnonzero(example.valid.numpy())
    at = torch.from_numpy(np.sort(generator.permutation(valid)[:moves]))
    return Example(
        example.own,
        example.pair,
        *(part[at] for part in (example.drawn, example.last, example.state)),
        *(part[at] for part in (example.allowed, example.chosen, example.valid)),
    )


def loss(network: WalkNetwork, example: Example) -> Tensor:
    """Negative log likelihood [v], nats, of each valid step of a person's walk."""
    own, pair, state = example.own.float(), example.pair.float(), example.state.float()
    scores = network(own, pair, example.drawn, example.last, state).masked_fill(~example.allowed, -1e9)
    odds = scores.flatten(1).log_softmax(1)
    return -odds[torch.arange(len(odds)), example.chosen][example.valid]


def _rate(step: int, config: PenConfig) -> float:
    warm = min(1.0, (step + 1) / max(config.warmup, 1))
    return config.learning_rate * warm * (0.5 + 0.5 * math.cos(math.pi * step / config.steps))
