"""The priors by name, and the prior that a configuration asks for."""

from dood.errors import DoodError
from dood.models.appearance import Appearance, Spline
from dood.models.config import ModelConfig
from dood.models.memory import Memory
from dood.models.priors.base import Prior
from dood.models.priors.canvas import CanvasPrior
from dood.models.priors.expost import ExPostPrior
from dood.models.priors.fixed import FixedPrior
from dood.models.priors.recurrent import RecurrentPrior
from dood.models.priors.sequential import SequentialPrior
from dood.models.rendering import StrokeRenderer

__all__ = ["PRIORS", "make_prior"]

PRIORS: dict[str, type[SequentialPrior]] = {"canvas": CanvasPrior, "recurrent": RecurrentPrior, "fixed": FixedPrior}
"""By `ModelConfig.prior`."""


def make_prior(config: ModelConfig, appearance: Appearance, memory: Memory, renderer: StrokeRenderer) -> Prior:
    """Return the prior that the configuration names, within an ex-post prior where `config.expost` says so.

    Raises:
        DoodError: an ex-post prior is asked for, and the appearance is no spline.
    """
    joint = PRIORS[config.prior](config, appearance, memory, renderer)
    if not config.expost:
        return joint
    if not isinstance(appearance, Spline):
        raise DoodError(f"model.expost needs strokes: the appearance is {type(appearance).__name__}, which has none")
    return ExPostPrior(config, appearance, joint, renderer)
