"""Raster drawing in, ordered pen strokes out.

>>> import dood
>>> drawing = dood.draw("scan.png")  # doctest: +SKIP
>>> drawing.save("scan.svg")  # doctest: +SKIP

Importing the package is cheap: the names below load what they need when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dood.errors import TORCH, DoodError, lacks_torch

if TYPE_CHECKING:
    from dood.checkpoints.checkpoint import load
    from dood.collection.batch import parse_batch
    from dood.drawing import Drawing, Stroke
    from dood.evaluation.evaluate import evaluate
    from dood.models.config import ModelConfig
    from dood.models.dood import DooD
    from dood.studio.notebook import show
    from dood.tasks.complete import complete
    from dood.tasks.draw import draw
    from dood.tasks.exemplars import exemplars
    from dood.tasks.generate import generate
    from dood.tasks.inside import look_inside
    from dood.tasks.invent import invent
    from dood.tasks.oneshot import classify
    from dood.tasks.train import train

__all__ = [
    "DooD",
    "Drawing",
    "ModelConfig",
    "Stroke",
    "__version__",
    "classify",
    "complete",
    "draw",
    "evaluate",
    "exemplars",
    "generate",
    "invent",
    "load",
    "look_inside",
    "parse_batch",
    "show",
    "train",
]
__version__ = "0.1.0"

_HOMES = {
    "DooD": "dood.models.dood",
    "Drawing": "dood.drawing",
    "ModelConfig": "dood.models.config",
    "Stroke": "dood.drawing",
    "classify": "dood.tasks.oneshot",
    "complete": "dood.tasks.complete",
    "draw": "dood.tasks.draw",
    "evaluate": "dood.evaluation.evaluate",
    "exemplars": "dood.tasks.exemplars",
    "generate": "dood.tasks.generate",
    "invent": "dood.tasks.invent",
    "load": "dood.checkpoints.checkpoint",
    "look_inside": "dood.tasks.inside",
    "parse_batch": "dood.collection.batch",
    "show": "dood.studio.notebook",
    "train": "dood.tasks.train",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dood' has no attribute {name!r}")
    try:
        value = getattr(import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if not lacks_torch(error):
            raise
        raise DoodError(f"dood.{name} needs torch: {TORCH}") from error
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
