"""The learning rate, the objective's weights and the share of dreams over a run."""

import dataclasses

import pytest

from dood.inference.objectives import LossWeights
from dood.training.presets import TrainConfig
from dood.training.schedule import dreams_at, rate, weights_at

RECIPE = TrainConfig(steps=10)


def test_the_rate_warms_up_and_falls() -> None:
    config = dataclasses.replace(RECIPE, steps=1000, warmup=100, final_rate=0.1)
    rates = [rate(step, config) for step in range(1000)]
    assert 0 < rates[0] < 0.02
    assert max(rates) == pytest.approx(rates[99], rel=0.01)
    assert rates[:100] == sorted(rates[:100])
    assert rates[100:] == sorted(rates[100:], reverse=True)
    assert rates[-1] == pytest.approx(0.1, rel=0.01)
    constant = dataclasses.replace(config, warmup=0, final_rate=1.0)
    assert {rate(step, constant) for step in range(1000)} == {1.0}


def test_the_objective_ends_as_the_bound() -> None:
    config = dataclasses.replace(RECIPE, steps=100, beta=3.0, ratio_start=0.1, ratio_until=0.5, spread_until=0.2)
    assert weights_at(0, config) == LossWeights(beta=3.0, ratio=0.1, spread=1.0)
    assert weights_at(10, config) == pytest.approx(LossWeights(beta=3.0, ratio=0.28, spread=0.5))
    assert weights_at(50, config) == LossWeights(beta=3.0, ratio=1.0, spread=0.0)
    plain = dataclasses.replace(config, beta=1.0, ratio_until=0.0, spread_until=0.0)
    assert weights_at(0, plain) == LossWeights()


def test_dreams_become_fewer_from_the_middle_on() -> None:
    config = dataclasses.replace(RECIPE, steps=100, dreams=0.5, dreams_kept=0.4)
    assert [dreams_at(step, config) for step in (0, 50, 75, 100)] == pytest.approx([0.5, 0.5, 0.35, 0.2])
    kept = dataclasses.replace(config, dreams_kept=1.0)
    assert {dreams_at(step, kept) for step in range(100)} == {0.5}
