"""What the weights in the package say of themselves, read without torch and without a tensor."""

import json
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["shipped_cards", "summary_of_card"]

SUFFIX = ".safetensors"


def shipped_cards() -> dict[str, dict[str, str]]:
    """The metadata of each shipped weights file, by its name."""
    weights = files("dood") / "weights"
    if not weights.is_dir():
        return {}
    found = {file.name.removesuffix(SUFFIX): file for file in weights.iterdir() if file.name.endswith(SUFFIX)}
    return {name: _metadata(found[name]) for name in sorted(found)}


def summary_of_card(card: Mapping[str, str]) -> str:
    """The card's own summary, or else what it notes beside the format and the configuration."""
    notes = (f"{key} {value}" for key, value in card.items() if key not in ("format", "config"))
    return card.get("summary") or ", ".join(notes)


def _metadata(file: Traversable) -> dict[str, str]:
    """The `__metadata__` of a safetensors file: its first 8 bytes are the length of a JSON header, little endian."""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        return json.loads(stream.read(length)).get("__metadata__", {})
