"""Raster drawing in, ordered pen strokes out.

>>> import dood
>>> drawing = dood.draw("scan.png")  # doctest: +SKIP
>>> drawing.save("scan.svg")  # doctest: +SKIP

Importing the package is cheap: the names below load what they need when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dood.checkpoints.checkpoint import load
    from dood.drawing import Drawing, Stroke
    from dood.tasks.draw import draw

__all__ = ["Drawing", "Stroke", "__version__", "draw", "load"]
__version__ = "0.1.0"

_HOMES = {
    "Drawing": "dood.drawing",
    "Stroke": "dood.drawing",
    "draw": "dood.tasks.draw",
    "load": "dood.checkpoints.checkpoint",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dood' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
