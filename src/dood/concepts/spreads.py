"""How far two drawings of one character differ, and the files that say so."""

import json
from pathlib import Path
from typing import NamedTuple

from dood.errors import DoodError
from dood.files import atomic_write

__all__ = ["WHOLE", "WHOLE_SPREADS", "Spreads", "load_spreads", "save_spreads"]

WHOLE = 7
"""Numbers that say what happens to a drawing as a whole: shift x and y, size, aspect, shear, angle and pen."""


class Spreads(NamedTuple):
    """Standard deviations of what differs between two drawings of one character.

    Attributes:
        bend: of the smooth deformation, in half canvases.
        reach: distance over which that changes, in half canvases (the length scale of a Gaussian process).
        stroke: of each stroke's own shift, in half canvases.
        point: of the noise on control points, in half canvases.
        shift: of the whole, in half canvases.
        size, aspect: logarithms of the area's root, and of width over height.
        shear, angle: in radians, or nearly.
        pen: logarithm of its radius.
        code: of the noise on the codes of parts (AIR), whose prior has deviation 1; strokes have none.
    """

    bend: float = 0.05
    reach: float = 0.4
    stroke: float = 0.03
    point: float = 0.01
    shift: float = 0.1
    size: float = 0.15
    aspect: float = 0.1
    shear: float = 0.1
    angle: float = 0.15
    pen: float = 0.1
    code: float = 0.03


WHOLE_SPREADS = ("shift", "size", "aspect", "shear", "angle", "pen")
"""Those of a drawing as a whole, in the order of its numbers; shift is for both of the first two."""


def save_spreads(spreads: Spreads, path: str | Path) -> None:
    """Write spreads as JSON."""
    with atomic_write(path) as file:
        file.write(json.dumps(spreads._asdict(), indent=2).encode() + b"\n")


def load_spreads(path: str | Path) -> Spreads:
    """Read spreads; those that the file does not name are as they are by default.

    Raises:
        DoodError: the file cannot be read, names something else, or a spread is negative or no number.
    """
    try:
        given = json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise DoodError(f"{path} is not a readable JSON file of spreads: {error}") from error
    if not isinstance(given, dict) or not given.keys() <= set(Spreads._fields):
        raise DoodError(f"{path} must be a JSON object whose keys are among {', '.join(Spreads._fields)}")
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            raise DoodError(f"{path}: {name} (={value}) must be a number and not negative")
    return Spreads(**{name: float(value) for name, value in given.items()})
