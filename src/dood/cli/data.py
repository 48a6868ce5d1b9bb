"""`dood data`: the data sets; `dood models`: the weights that come with the package."""

import json as to_json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from dood.cli.console import console, say
from dood.cli.options import File, Flag
from dood.cli.verbs import verb

__all__ = ["fetch", "list_all", "models", "show"]

Name = Annotated[str, Parameter(metavar="NAME", help="Data set, as `dood data list` names it.")]


@verb()
def list_all() -> None:
    """List the data sets.

    examples:
      dood data list
    """
    from dood.data import list_sets

    say(*_aligned({known.name: known.summary for known in list_sets()}))


@verb()
def fetch(name: Name, /, *, source: Annotated[Path | None, Parameter("--from", metavar="DIR")] = None) -> None:
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

    with console.progress(f"fetching {name}") as progress:
        path = data.fetch(name, source_dir=source, progress=progress)
    say(path)


@verb("dood.figures.data_sheet:data_sheet")
def show(name: Name, /, *, out: File | None = None, **options: Any) -> None:
    """Write a contact sheet of a data set.

    The training images on it are drawn at random.

    examples:
      dood data show quickdraw --out quickdraw.png --rows 4 --columns 24

    Arguments:
        out: Image file to write; NAME.png by default.
    """
    from dood import data
    from dood.figures.data_sheet import data_sheet
    from dood.files import atomic_write

    path = out or Path(f"{name}.png")
    sheet = data_sheet(data.load(name), **options)
    with atomic_write(path) as file:
        sheet.save(file, format="PNG")
    say(path)


@verb()
def models(*, json: Flag = False) -> None:
    """List the weights that come with dood.

    Each with one line of its card.

    examples:
      dood models
      dood models --json

    Arguments:
        json: Print one JSON object on stdout: name to card.
    """
    from dood.checkpoints.cards import shipped_cards, summary_of_card

    cards = shipped_cards()
    if json:
        say(to_json.dumps(cards))
    elif not cards:
        console.note("no weights in this installation: train some with dood train")
    say(*_aligned({name: summary_of_card(card) for name, card in cards.items()} if not json else {}))


def _aligned(lines: Mapping[str, str]) -> list[str]:
    width = max(map(len, lines), default=0)
    return [f"{name:<{width}}  {text}".rstrip() for name, text in lines.items()]
