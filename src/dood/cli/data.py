"""`dood data`: the data sets."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "fetch_set", "list_all", "show"]

EXAMPLES = """\
  dood data list
  dood data fetch omniglot
  dood data fetch mnist --from downloads/        # files that you have already; no network
  dood data show quickdraw --out quickdraw.png
"""


def add(verbs: Verbs) -> None:
    """Describe the verb and what it can be asked for."""
    parser = add_verb(verbs, "data", None, "list, fetch or show data sets", examples=EXAMPLES)
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)

    add_verb(actions, "list", list_all, "list the data sets", examples="  dood data list")

    fetch = add_verb(
        actions,
        "fetch",
        fetch_set,
        "download a data set into the cache",
        about="Download a data set, check it, and keep it in DOOD_CACHE, or else in the user's cache.",
        examples="  dood data fetch omniglot\n  dood data fetch mnist --from downloads/",
    )
    fetch.add_argument("name", metavar="NAME", help="data set, as `dood data list` names it")
    fetch.add_argument("--from", dest="source", type=Path, metavar="DIR", help="read the original files here instead")

    sheet = add_verb(
        actions,
        "show",
        show,
        "write a contact sheet of a data set",
        about="Write a contact sheet of training images drawn at random.",
        examples="  dood data show quickdraw --out quickdraw.png --rows 4 --columns 24",
    )
    sheet.add_argument("name", metavar="NAME", help="data set, as `dood data list` names it")
    sheet.add_argument("--out", type=Path, metavar="FILE", help="image file to write (default: NAME.png)")
    sheet.add_argument("--rows", type=whole(1), default=8, metavar="N", help="rows of images (default: %(default)s)")
    sheet.add_argument("--columns", type=whole(1), default=16, metavar="N", help="images a row (default: %(default)s)")
    sheet.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of the choice (default: %(default)s)")


def list_all(arguments: Namespace, console: Console) -> int:
    """Print one line a data set."""
    from dood.data import list_sets

    sets = list(list_sets())
    width = max((len(known.name) for known in sets), default=0)
    for known in sets:
        print(f"{known.name:<{width}}  {known.summary}")
    return 0


def fetch_set(arguments: Namespace, console: Console) -> int:
    """Fetch one data set; print where it lies."""
    from dood.data import fetch

    with console.progress(f"fetching {arguments.name}") as progress:
        path = fetch(arguments.name, source_dir=arguments.source, progress=progress)
    print(path)
    return 0


def show(arguments: Namespace, console: Console) -> int:
    """Write the contact sheet; print where it lies."""
    from dood.data import load
    from dood.figures.data_sheet import data_sheet
    from dood.files import atomic_write

    out = arguments.out or Path(f"{arguments.name}.png")
    sheet = data_sheet(load(arguments.name), rows=arguments.rows, columns=arguments.columns, seed=arguments.seed)
    with atomic_write(out) as file:
        sheet.save(file, format="PNG")
    print(out)
    return 0
