"""The model by default is the one that weights were learned for: its sizes, and what it starts from."""

import dataclasses

import pytest
import torch

from dood.checkpoints.checkpoint import load, shipped
from dood.models.config import ModelConfig
from dood.models.dood import DooD
from dood.models.priors.canvas import START_LOGIT

LEARNED = {"resolution", "expost", "critic"}
"""What training or refitting sets."""


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_shipped_models_are_the_default_one(name: str) -> None:
    """A change of a default is a change of what `dood train` makes: it comes with new weights."""
    config = load(name).config
    differing = {
        field.name
        for field in dataclasses.fields(ModelConfig)
        if getattr(config, field.name) != getattr(ModelConfig(), field.name)
    }
    assert differing <= LEARNED


def test_the_default_model_draws_at_the_papers_size() -> None:
    assert DooD(ModelConfig()).sample(1).canvas.shape == (1, 50, 50)


def test_a_model_that_learned_nothing_draws_on_with_the_starting_odds() -> None:
    model = DooD(ModelConfig()).requires_grad_(False)
    go_on = (model.prior.sample(400, 1, generator=torch.Generator().manual_seed(0)).strokes > 0).float().mean()
    assert START_LOGIT == 1.0, "from it the shipped models were trained"
    assert go_on.item() == pytest.approx(torch.tensor(START_LOGIT).sigmoid().item(), abs=0.07)
