"""`dood data`: the data sets; `dood models`: the weights that come with the package."""

import json as to_json
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from dood.cli.console import Console, say
from dood.cli.options import Count, Flag, Quiet, Seed
from dood.cli.source import defaults

__all__ = ["fetch", "list_all", "models", "shipped_cards", "show", "summarise"]

Name = Annotated[str, Parameter(metavar="NAME", help="Data set, as `dood data list` names it.")]
SUFFIX = ".safetensors"


def list_all(*, quiet: Quiet = False) -> None:
    """List the data sets.

    examples:
      dood data list
    """
    from dood.data import list_sets

    _table({known.name: known.summary for known in list_sets()})


def fetch(
    name: Name,
    /,
    *,
    source: Annotated[Path | None, Parameter(name="--from", metavar="DIR")] = None,
    quiet: Quiet = False,
) -> None:
    """Download a data set into the cache.

    Downloads a data set, checks it, and keeps it in DOOD_CACHE, or else in the
    user's cache.

    examples:
      dood data fetch omniglot
      dood data fetch mnist --from downloads/   # files that you have already

    Arguments:
        source: Read the original files in this folder instead.
    """
    from dood import data

    with Console(quiet).progress(f"fetching {name}") as progress:
        path = data.fetch(name, source_dir=source, progress=progress)
    say(str(path))


@defaults("dood.figures.data_sheet:data_sheet")
def show(
    name: Name,
    /,
    *,
    out: Annotated[Path | None, Parameter(metavar="FILE", show_default=lambda _: "NAME.png")] = None,
    rows: Count,
    columns: Count,
    seed: Seed,
    quiet: Quiet = False,
) -> None:
    """Write a contact sheet of a data set.

    The training images on it are drawn at random.

    examples:
      dood data show quickdraw --out quickdraw.png --rows 4 --columns 24

    Arguments:
        out: Image file to write.
        rows: Rows of images.
        columns: Images a row.
    """
    from dood import data
    from dood.figures.data_sheet import data_sheet
    from dood.files import atomic_write

    path = out or Path(f"{name}.png")
    sheet = data_sheet(data.load(name), rows=rows, columns=columns, seed=seed)
    with atomic_write(path) as file:
        sheet.save(file, format="PNG")
    say(str(path))


def models(*, json: Flag = False, quiet: Quiet = False) -> None:
    """List the weights that come with dood.

    Each with one line of its card.

    examples:
      dood models
      dood models --json

    Arguments:
        json: Print one JSON object on stdout: name to card.
    """
    cards = shipped_cards()
    if json:
        say(to_json.dumps(cards))
    elif not cards:
        Console(quiet).note("no weights in this installation: train some with dood train")
    else:
        _table({name: summarise(card) for name, card in cards.items()})


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
        return to_json.loads(stream.read(length)).get("__metadata__", {})


def _table(lines: Mapping[str, str]) -> None:
    width = max(map(len, lines), default=0)
    for name, text in lines.items():
        say(f"{name:<{width}}  {text}".rstrip())
