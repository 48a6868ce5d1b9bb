"""How the files of a collection were made: written down once, and compared before any are added."""

import json
from pathlib import Path
from typing import Any

from dood.errors import DoodError
from dood.files import atomic_write

__all__ = ["MANIFEST", "settle"]

MANIFEST = "_parse.json"
FORMAT, VERSION = "dood-collection", 1


def settle(folder: Path, settings: dict[str, Any]) -> None:
    """Write down how the files in the folder are made, or see that those which are there were made so.

    Processes that start together may all do so.

    Raises:
        DoodError: other settings made them, or nobody knows which; or the folder cannot be written.
    """
    settings = {"format": FORMAT, "version": VERSION, **settings}
    path = folder / MANIFEST
    # Looked up first: meanwhile others may write the manifest, and files after it.
    started = any(folder.glob("part-*"))
    if path.exists():
        if different := _difference(_read(path), settings):
            raise DoodError(f"{path}: {different}; use the same settings, or another folder")
    elif started:
        raise DoodError(
            f"{folder} holds part-* files but no {MANIFEST} that says how they were made: use another folder"
        )
    else:
        with atomic_write(path) as file:
            file.write(json.dumps(settings, indent=1).encode() + b"\n")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise DoodError(f"{path} cannot be read ({error}): use another folder") from error


def _difference(old: Any, new: Any, place: str = "") -> str:
    """Where two settings differ first, for people; empty if they do not."""
    if isinstance(old, dict) and isinstance(new, dict):
        inner = [(f"{place}.{key}" if place else key, old.get(key), new.get(key)) for key in {**new, **old}]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        inner = [(f"{place}[{i}]", *pair) for i, pair in enumerate(zip(old, new, strict=True))]
    else:
        said = [f"{len(value)} entries" if isinstance(value, list) else repr(value) for value in (old, new)]
        return "" if old == new else f"{place or 'the manifest'} was {said[0]}, and is {said[1]} now"
    return next((said for at, a, b in inner if (said := _difference(a, b, at))), "")
