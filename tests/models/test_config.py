"""A configuration refuses what no model can be."""

import dataclasses

import jaxtyping
import pytest

from dood.drawing import MAX_CONTROLS
from dood.errors import DoodError
from dood.models.appearance import APPEARANCES, CANVASES
from dood.models.config import MOST, ModelConfig, choices_of
from dood.models.likelihood import FAMILIES
from dood.models.priors.registry import PRIORS
from tests.tiny import TINY, tiny_model


def with_one(name: str, value: object) -> ModelConfig:
    return ModelConfig(**{name: value})  # pyright: ignore[reportArgumentType]


def test_the_defaults_are_allowed_and_frozen() -> None:
    config = ModelConfig()
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.strokes = 3  # pyright: ignore[reportAttributeAccessIssue]
    assert config == ModelConfig()
    assert hash(config) == hash(ModelConfig())


def test_every_whole_number_has_a_limit_and_its_own_one_is_allowed() -> None:
    numbers = {each.name for each in dataclasses.fields(ModelConfig) if type(each.default) is int}
    assert numbers == set(MOST)
    assert ModelConfig(points=MOST["points"], pen_points=MOST["pen_points"]).points == MAX_CONTROLS


@pytest.mark.parametrize(
    ("most", "names", "step"),
    [
        (1024, ("resolution", "strokes", "mixtures"), 1),
        (1024, ("frame_size", "glimpse_size", "prior_size"), 8),
        (256, ("points", "pen_points"), 1),
        (4096, ("code", "curve_samples", "draft_samples"), 1),
        (64, ("corrections",), 1),
        (16_384, ("features", "hidden"), 1),
    ],
)
def test_the_largest_number_is_allowed_and_the_next_is_not(most: int, names: tuple[str, ...], step: int) -> None:
    for name in names:
        assert getattr(with_one(name, most), name) == most
        with pytest.raises(DoodError, match=f"model.{name} .* must be at most {most}"):
            with_one(name, most + step)


@pytest.mark.parametrize(
    ("least", "names"),
    [
        (1, ("resolution", "strokes", "points", "pen_points", "code", "features", "hidden", "mixtures")),
        (8, ("frame_size", "glimpse_size", "prior_size")),
        (2, ("curve_samples", "draft_samples")),
        (0, ("corrections",)),
    ],
)
def test_the_smallest_number_is_allowed_and_the_one_before_is_not(least: int, names: tuple[str, ...]) -> None:
    for name in names:
        assert getattr(with_one(name, least), name) == least
        with pytest.raises(DoodError, match=f"model.{name} "):
            with_one(name, least - 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, 0) for name in ("resolution", "strokes", "points", "pen_points", "features", "hidden", "mixtures")],
        *[(name, value) for name in ("frame_size", "glimpse_size", "prior_size") for value in (0, 4, 12, -8)],
        *[
            (name, value)
            for name in ("scale_range", "radius_range", "hardness_range", "likelihood_range")
            for value in ((0.5, 0.2), (0.0, 0.2), (-0.1, 0.2), (0.3, 0.3), (float("nan"), 1.0))
        ],
        ("curve_samples", 1),
        ("draft_samples", 1),
        ("corrections", -1),
        ("likelihood", "cauchy"),
        ("appearance", "photograph"),
        ("prior", "posterior"),
        ("canvas", "wood"),
        ("code", 0),
        *[(name, most + 8) for name, most in MOST.items()],
        ("points", 400),
        ("pen_points", 300),
        ("corrections", 10**9),
        ("curve_samples", 10**9),
        ("hidden", 128.5),
        ("hidden", "128"),
        ("strokes", True),
        ("guidance", "no"),
        ("shift_range", float("inf")),
        ("shift_range", "wide"),
        ("scale_range", (0.1, 0.2, 0.3)),
        ("scale_range", (0.1, float("inf"))),
        ("scale_range", 0.5),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # as in a program without its checks
    with pytest.raises(DoodError, match=rf"model\.{name} \(=") as caught:
        with_one(name, value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["shift_range", "angle_range"])
@pytest.mark.parametrize("value", [-0.1, 0.0, float("nan")])
def test_half_ranges_are_positive(name: str, value: float) -> None:
    with pytest.raises(DoodError, match=rf"model\.{name} \(="):
        with_one(name, value)


@pytest.mark.parametrize(
    ("name", "value"), [("scale_range", (0.6, 0.8)), ("radius_range", (0.1, 0.2)), ("hardness_range", (2.0, 3.0))]
)
def test_a_range_without_the_models_starting_point_is_refused_or_works(name: str, value: tuple[float, float]) -> None:
    """It must not become a model of NaN weights."""
    try:
        model = tiny_model(dataclasses.replace(TINY, **{name: value}))
    except DoodError:
        return
    assert all(parameter.isfinite().all() for parameter in model.parameters())


def test_a_draft_without_guidance_is_refused() -> None:
    with pytest.raises(DoodError, match="corrections"):
        ModelConfig(guidance=False)


def test_every_choice_is_a_component_and_every_component_a_choice() -> None:
    components = {"appearance": APPEARANCES, "canvas": CANVASES, "prior": PRIORS, "likelihood": FAMILIES}
    choices = {name: set(values) for name, values in choices_of(ModelConfig).items()}
    assert choices == {name: set(parts) for name, parts in components.items()}
