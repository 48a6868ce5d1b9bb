"""Look inside, for the page: the steps of one inference by one model or two, and the Python that gives the same."""

import base64
import io
import textwrap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError
from dood.samples import sample_paths
from dood.studio.modelling import checked_model, needing_torch

__all__ = ["looked_into"]

MOST_MODELS, MOST_STROKES, MOST_SAMPLES = 2, 15, 16

LONGEST = 24 * 2**10
"""Bytes of a picture up to which the snippet has it in it; of a larger one it has the name."""

SHADES = {"image": 1, "canvases": 1, "ink": 1, "drafts": 1, "samples": 1, "glimpses": 2}
"""Arrays that the page shows as pictures, and how far their values reach: 1 from 0 to 1, 2 from -1 to 1."""

NUMBERS = ("frames", "go_on", "log_q", "log_p", "log_likelihood", "log_stop_q", "log_stop_p")


def looked_into(data: bytes, name: str, asked: dict[str, str]) -> dict[str, Any]:
    """What one model or two do with a picture file, step by step, and a snippet that does the same.

    Arguments:
        asked: "models", names with a comma between them; "strokes", "samples" and "seed", of `dood.look_inside`.

    Returns:
        "models": for each its "name", and the fields of `dood.tasks.inside.Inside`: pictures as their "shape" and,
        in "data", a byte for each value, base64. "python": the snippet.

    Raises:
        DoodError: there is no such model, a number is out of range, the picture cannot be read, or torch is missing.
    """
    names = [checked_model(each) for each in asked.get("models", "").split(",")]
    if len(names) > MOST_MODELS:
        raise DoodError(f"{len(names)} models are too many: give one, or two")
    numbers: dict[str, Any] = {
        "strokes": _whole(asked, "strokes", 1, MOST_STROKES),
        "samples": _whole(asked, "samples", 1, MOST_SAMPLES),
        "seed": _whole(asked, "seed", 0, 2**31 - 1),
    }
    with needing_torch():
        from dood.tasks.inside import look_inside
    file = io.BytesIO(data)
    file.name = name
    found = [{"name": each} | _plain(look_inside(file, each, **numbers)) for each in names]
    return {"models": found, "python": _python(data, name, names, numbers)}


def _plain(inside: Any) -> dict[str, Any]:
    pictures = {name: _shades(getattr(inside, name), reach) for name, reach in SHADES.items()}
    return pictures | {name: getattr(inside, name).tolist() for name in NUMBERS} | {"strokes": inside.strokes}


def _shades(values: NDArray[np.float32], reach: int) -> dict[str, Any]:
    unit = (values + 1) / 2 if reach == 2 else values
    shades = np.rint(255 * unit.clip(0, 1)).astype(np.uint8)
    return {"shape": list(values.shape), "data": base64.b64encode(shades.tobytes()).decode()}


def _whole(asked: dict[str, str], name: str, least: int, most: int) -> int:
    text = asked.get(name, "")
    if not text.isdecimal() or not least <= int(text) <= most:
        raise DoodError(f"{name} (={text[:40]!r}) must be a whole number from {least} to {most}")
    return int(text)


def _python(data: bytes, name: str, names: list[str], numbers: dict[str, int]) -> str:
    imports, picture = _source(data, name)
    options = "".join(f", {key}={value}" for key, value in numbers.items())
    models = ", ".join(f'"{each}"' for each in names)
    return f"""{imports}

{picture}
looks = {{model: dood.look_inside(picture, model{options}) for model in [{models}]}}
for model, inside in looks.items():
    print(model, inside)
    for t in range(len(inside.ink)):
        print(f"{{t + 1}}: go on {{inside.go_on[t]:.3f}}, log q {{inside.log_q[t]:.1f}}, log p {{inside.log_p[t]:.1f}}")
"""


def _source(data: bytes, name: str) -> tuple[str, str]:
    """Imports, and the line that says which picture it is: a bundled one, one written out, or a file of that name."""
    for path in sample_paths():
        if path.name == name and path.read_bytes() == data:
            picture = f'picture = {{path.name: path for path in sample_paths()}}["{name}"]'
            return "import dood\nfrom dood.samples import sample_paths", picture
    if len(data) > LONGEST:
        return "import dood", f"picture = {name!r}  # a path: put the folder of the picture before its name"
    lines = "\n".join(f'    "{each}"' for each in textwrap.wrap(base64.b64encode(data).decode(), 100))
    return "import base64\nimport io\n\nimport dood", f"picture = io.BytesIO(base64.b64decode(\n{lines}\n))"
