"""`dood models`: the weights that come with the package."""

import json
from argparse import Namespace
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from dood.cli.arguments import Verbs, add_verb
from dood.cli.console import Console

__all__ = ["add", "run", "shipped_cards", "summarise"]

SUFFIX = ".safetensors"


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "models",
        run,
        "list the weights that come with dood",
        about="List the weights that come with dood, each with one line of its card.",
        examples="  dood models\n  dood models --json",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout: name to card")


def run(arguments: Namespace, console: Console) -> int:
    """List the weights."""
    cards = shipped_cards()
    if arguments.json:
        print(json.dumps(cards))
    elif not cards:
        console.note("no weights in this installation: train some with dood train")
    else:
        width = max(map(len, cards))
        for name, card in cards.items():
            print(f"{name:<{width}}  {summarise(card)}".rstrip())
    return 0


def summarise(card: Mapping[str, str]) -> str:
    """The card's own summary, or else what it notes beside the format and the configuration."""
    notes = (f"{key} {value}" for key, value in card.items() if key not in ("format", "config"))
    return card.get("summary") or ", ".join(notes)


def shipped_cards() -> dict[str, dict[str, str]]:
    """The metadata of each shipped weights file, by its name, read without loading a tensor."""
    weights = files("dood") / "weights"
    if not weights.is_dir():
        return {}
    found = {file.name.removesuffix(SUFFIX): file for file in weights.iterdir() if file.name.endswith(SUFFIX)}
    return {name: _metadata(found[name]) for name in sorted(found)}


def _metadata(file: Traversable) -> dict[str, str]:
    """The `__metadata__` of a safetensors file: its first 8 bytes are the length of a JSON header, little endian."""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        return json.loads(stream.read(length)).get("__metadata__", {})
