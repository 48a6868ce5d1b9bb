"""The options of tracing, as the page offers them and as a request says them."""

from dataclasses import fields
from typing import Any

from dood.errors import DoodError
from dood.pictures.pens import MOST_PENS
from dood.pictures.polarity import POLARITIES
from dood.tracing.order import ORDERS
from dood.tracing.trace import Options

__all__ = ["offered", "options_from"]

CHOICES = {"order": ORDERS, "polarity": POLARITIES}
NUMBERS = {"simplify": (0.001, 2.0), "min_length": (0.0, 200.0), "merge": (0.0, 8.0), "pens": (1, MOST_PENS)}
"""What the page offers; the library takes more."""


def offered() -> list[dict[str, Any]]:
    """Name, default, and choices or range of every option."""
    defaults = {"polarity": "auto", "pens": None} | {each.name: each.default for each in fields(Options)}
    found = []
    for name, default in defaults.items():
        more: dict[str, Any] = {"kind": "flag"}
        if name in CHOICES:
            more = {"kind": "choice", "choices": list(CHOICES[name])}
        elif name in NUMBERS:
            more = {"kind": "number", "least": NUMBERS[name][0], "most": NUMBERS[name][1]}
        found.append({"name": name, "default": default} | more)
    return found


def options_from(texts: dict[str, str]) -> dict[str, Any]:
    """Options of a request, each as the type that it has.

    Raises:
        DoodError: one that there is not, or a text that is not of its type.
    """
    return {name: _value(name, text) for name, text in texts.items()}


def _value(name: str, text: str) -> Any:
    if name in CHOICES:
        return text
    if name in NUMBERS:
        try:
            return int(text) if name == "pens" else float(text)
        except ValueError:
            raise DoodError(f"{name} (={text[:40]!r}) is no {'whole ' * (name == 'pens')}number") from None
    if name not in {each.name for each in fields(Options)}:
        raise DoodError(f"tracing has no option {name[:40]!r}")
    if text not in ("true", "false"):
        raise DoodError(f"{name} (={text[:40]!r}) must be true or false")
    return text == "true"
