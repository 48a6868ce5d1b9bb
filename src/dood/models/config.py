"""What a model is: everything needed to rebuild it before its weights are loaded."""

import math
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from dood.errors import DoodError

__all__ = ["MOST", "ModelConfig", "check_choices", "choices_of"]

MOST = {
    "resolution": 1024,
    "strokes": 1024,
    "points": 256,
    "pen_points": 256,
    "code": 4096,
    "curve_samples": 4096,
    "frame_size": 1024,
    "glimpse_size": 1024,
    "prior_size": 1024,
    "corrections": 64,
    "draft_samples": 4096,
    "features": 16_384,
    "hidden": 16_384,
    "mixtures": 1024,
}
"""The greatest value of each whole number: far above what is of use, so that no file of a stranger asks for more. A
drawing has no room for more control points and widths (`dood.drawing.MAX_CONTROLS`, which is not imported: help pages
read this module without numpy)."""


@dataclass(frozen=True)
class ModelConfig:
    """Settings of a model: DooD by default. Lengths are in half canvases, angles in radians."""

    appearance: Literal["spline", "neural", "neural-stroke"] = "spline"
    """What a stroke looks like: spline, drawn by a pen; neural, a patch made by a network from a code (AIR); or
    neural-stroke, one made by that network from the numbers of a spline (the ablation without the spline renderer)."""
    canvas: Literal["tanh", "sum"] = "tanh"
    """How the ink of all strokes shows: tanh, saturating; or sum, as it is (AIR)."""
    prior: Literal["canvas", "recurrent", "fixed"] = "canvas"
    """What the expectation of a stroke rests on: canvas, what is drawn so far; recurrent, the strokes so far but not
    what they draw; or fixed, nothing (AIR)."""
    guidance: bool = True
    """Whether the recognition model sees what is drawn already (execution guidance)."""

    resolution: int = 50
    """Side of the training images in pixels; the per-pixel likelihood scale is learned on this grid."""
    strokes: int = 6
    """Most strokes in a drawing (T of the paper); a test may ask for more."""
    points: int = 5
    """Control points of a stroke (degree + 1)."""
    pen_points: int = 3
    """Control values of the pen's radius along a stroke; 1 is a pen of constant width."""
    code: int = 10
    """Length of the code of a neural stroke."""
    curve_samples: int = 48
    """Points of a curve that are rendered."""
    frame_size: int = 24
    """Side at which the recognition model sees the whole image."""
    glimpse_size: int = 24
    """Side at which the recognition model sees a glimpse."""
    prior_size: int = 16
    """Side at which the generative model sees the canvas, whole or as a glimpse."""
    corrections: int = 1
    """Times that the recognition model draws its draft of a stroke in the glimpse, looks, and corrects it."""
    draft_samples: int = 24
    """Points of a curve that are rendered for such a draft."""
    features: int = 256
    """Length of an image embedding."""
    hidden: int = 128
    """Width of the recurrent states and of the hidden layers of the generative model."""
    mixtures: int = 20
    """Components of each prior mixture (M and K of eqs. 2 and 3)."""
    scale_range: tuple[float, float] = (0.1, 0.6)
    """Least and greatest scale of a layout."""
    shift_range: float = 0.9
    """Greatest shift of a layout's centre along an axis."""
    angle_range: float = 0.7854
    """Greatest rotation of a layout, either way."""
    radius_range: tuple[float, float] = (0.015, 0.2)
    """Least and greatest radius of the pen."""
    hardness_range: tuple[float, float] = (0.4, 3.2)
    """Softest and hardest pen."""
    expost: bool = False
    """Whether a prior that was learned after the model, from what it infers, takes the place of the one above: see
    `dood.models.priors.expost`."""
    critic: bool = False
    """Whether such a prior has a critic, which chooses among its samples: see `dood.models.priors.critic`."""
    likelihood: Literal["laplace", "normal"] = "laplace"
    """Distribution of a pixel around the canvas: laplace (eq. 5) or normal."""
    likelihood_range: tuple[float, float] = (0.01, 1.0)
    """Least and greatest scale of the likelihood, per pixel."""

    def __post_init__(self) -> None:
        _check_numbers(self)
        for name in ("resolution", "strokes", "points", "pen_points", "code", "features", "hidden", "mixtures"):
            if getattr(self, name) < 1:
                raise DoodError(f"model.{name} (={getattr(self, name)}) must be at least 1")
        for name in ("frame_size", "glimpse_size", "prior_size"):
            if getattr(self, name) < 8 or getattr(self, name) % 8:
                raise DoodError(f"model.{name} (={getattr(self, name)}) must be a multiple of 8")
        for name in ("scale_range", "radius_range", "hardness_range", "likelihood_range"):
            low, high = getattr(self, name)
            if not 0 < low < high:
                raise DoodError(f"model.{name} (={low}, {high}) must be two increasing positive numbers")
        for name in ("shift_range", "angle_range"):
            if not getattr(self, name) > 0:
                raise DoodError(f"model.{name} (={getattr(self, name)}) must be positive")
        if self.corrections < 0:
            raise DoodError(f"model.corrections (={self.corrections}) must not be negative")
        for name in ("curve_samples", "draft_samples"):
            if getattr(self, name) < 2:
                raise DoodError(f"model.{name} (={getattr(self, name)}) must be at least 2")
        if self.corrections and not self.guidance:
            raise DoodError("model.corrections must be 0 where model.guidance is false: a draft is guidance too")
        if self.expost and self.appearance != "spline":
            raise DoodError(f"model.expost needs strokes: model.appearance (={self.appearance}) must be spline")
        if self.expost and self.points < 2:
            raise DoodError(f"model.expost needs two ends: model.points (={self.points}) must be 2 or more")
        if self.critic and not self.expost:
            raise DoodError(
                "model.critic must be false where model.expost is: it chooses among an ex-post prior's samples"
            )
        check_choices(self, "model.")


def _check_numbers(config: ModelConfig) -> None:
    """Refuse what is no number where one belongs, or is beyond `MOST`, as files of strangers may have it."""
    for each in fields(config):
        value = getattr(config, each.name)
        if each.name in MOST:
            if not isinstance(value, int) or isinstance(value, bool):
                raise DoodError(f"model.{each.name} (={value!r}) must be a whole number")
            if value > MOST[each.name]:
                raise DoodError(f"model.{each.name} (={value}) must be at most {MOST[each.name]}")
        elif isinstance(each.default, bool):
            if not isinstance(value, bool):
                raise DoodError(f"model.{each.name} (={value!r}) must be true or false")
        elif isinstance(each.default, float | tuple):
            _check_reals(each.name, value, 2 if isinstance(each.default, tuple) else 1)


def _check_reals(name: str, value: Any, count: int) -> None:
    values = value if isinstance(value, tuple) else (value,)
    shown = ", ".join(map(str, values))
    if len(values) != count or not all(isinstance(each, int | float) for each in values):
        raise DoodError(
            f"model.{name} (={shown}) must be {'two increasing positive numbers' if count > 1 else 'a number'}"
        )
    if any(math.isinf(each) for each in values):
        raise DoodError(f"model.{name} (={shown}) must be finite")


@cache
def choices_of(kind: type) -> dict[str, tuple[str, ...]]:
    """The values of each field of a dataclass that has only some: those of its `Literal`."""
    hints = get_type_hints(kind)
    return {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Literal}


def check_choices(config: Any, prefix: str = "") -> None:
    """Refuse a value that is not in the `Literal` of its field.

    Raises:
        DoodError: names the field and its choices.
    """
    for name, choices in choices_of(type(config)).items():
        if getattr(config, name) not in choices:
            raise DoodError(f"{prefix}{name} (={getattr(config, name)}) must be one of {', '.join(choices)}")
