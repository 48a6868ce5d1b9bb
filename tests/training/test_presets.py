"""Recipes: what is refused, and that the named ones are what they are called."""

import dataclasses
import math

import jaxtyping
import pytest

from dood.errors import DoodError
from dood.inference.objectives import OBJECTIVES
from dood.models.config import choices_of
from dood.training.presets import MODELS, PRESETS, TrainConfig, with_model


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, 0) for name in ("steps", "batch", "evaluate_every", "evaluate_images", "checkpoint_every")],
        *[(name, v) for name in ("learning_rate", "likelihood_rate", "beta", "clip") for v in (0.0, -1.0, math.nan)],
        *[
            (name, v)
            for name in ("final_rate", "spread_until", "ratio_start", "ratio_until")
            for v in (-0.1, 1.1, math.nan)
        ],
        ("warmup", -1),
        ("stopping", "reinforce"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # as in a program without its checks
    with pytest.raises(DoodError, match=rf"^{name} \(=") as caught:
        TrainConfig(**{name: value})  # pyright: ignore[reportArgumentType]
    assert "\n" not in str(caught.value)


def test_the_presets_differ_and_can_be_varied() -> None:
    assert len(set(PRESETS.values())) == len(PRESETS)
    for preset in PRESETS.values():
        assert dataclasses.replace(preset, seed=3).seed == 3
        assert preset.stopping in OBJECTIVES


def test_a_preset_is_as_long_as_its_name_says() -> None:
    assert PRESETS["quick"].steps < PRESETS["standard"].steps < PRESETS["long"].steps < PRESETS["paper"].steps
    assert PRESETS["standard"] == TrainConfig()


def test_the_papers_preset_has_the_papers_objective() -> None:
    paper = PRESETS["paper"]
    assert (paper.stopping, paper.beta, paper.learning_rate) == ("nvil", 4.0, 1e-4)
    assert (paper.model.resolution, paper.model.strokes, paper.model.points) == (50, 6, 5)


def test_every_objective_can_be_asked_for() -> None:
    assert set(OBJECTIVES) == set(choices_of(TrainConfig)["stopping"])


@pytest.mark.parametrize("preset", PRESETS)
def test_every_recipe_is_there_for_every_model(preset: str) -> None:
    recipes = {name: with_model(PRESETS[preset], name) for name in MODELS}
    assert recipes["dood"] == PRESETS[preset]
    assert len({recipe.model for recipe in recipes.values()}) == len(MODELS)


def test_an_unknown_model_is_refused_by_name() -> None:
    with pytest.raises(DoodError, match=r"'vae'.*difference-air"):
        with_model(TrainConfig(), "vae")
