"""The network in torch and the one in numpy are the same."""

import numpy as np
import pytest
import torch

from dood.tracing.state import progress
from dood.tracing.walker import View, Walker
from dood.training.pen_examples import example_of
from dood.training.pen_network import WalkNetwork
from dood.training.pen_paths import Walk
from tests.tracing.crossing import plus


@pytest.fixture
def network() -> WalkNetwork:
    torch.manual_seed(0)
    walk = Walk(np.array([1, 2, 5, 6]), np.array([False, True, False, True]))
    example = example_of(plus(), walk, np.random.default_rng(0))
    assert example is not None
    return WalkNetwork(example.own.shape[1], example.pair.shape[2], example.state.shape[2], 16)


@pytest.mark.parametrize("run", [[1, 2, 5, 6], [0, 1, 4, 7, 6, 2]])
def test_both_give_the_same_scores_at_every_step_of_a_walk(network: WalkNetwork, run: list[int]) -> None:
    walk = Walk(np.array(run), np.arange(len(run)) % 2 == 1)
    example = example_of(plus(), walk, np.random.default_rng(0))
    assert example is not None
    expected = network(
        example.own.float(), example.pair.float(), example.drawn, example.last, example.state.float()
    ).detach()
    view = View(Walker({k: v.numpy() for k, v in network.state_dict().items()}), plus())
    seen, times, last, begun = view.base[None].copy(), np.zeros((1, 4)), np.array([-1]), np.array([-1])
    for step, (mine, down) in enumerate(zip(walk.run, walk.down, strict=True)):
        scores = view.scores(seen, last, progress(view.runs, last, times, begun))
        np.testing.assert_allclose(scores[0], expected[step].numpy(), atol=5e-3)  # examples are kept as 16-bit floats
        table = view.change if times[0, mine >> 1] == 0 else view.again
        seen += table[:, mine]
        times[0, mine >> 1] += 1
        last, begun = np.array([mine]), begun if down else np.array([mine])
