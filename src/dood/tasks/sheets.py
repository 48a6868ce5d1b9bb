"""What is drawn: files of pictures, or single pages of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from dood.errors import DoodError
from dood.pictures import count_pages
from dood.tasks.outputs import output_names

__all__ = ["Page", "Sheet", "sheets_of"]

Page = int | str | None
"""Of files with several pages or frames: one, from 1, all, or the first, with a note that there are more."""


class Sheet(NamedTuple):
    """A page of a file, and under what name its strokes are written."""

    source: Path
    page: int | None
    name: str


def sheets_of(sources: Sequence[Path], page: Page, formats: Sequence[str]) -> list[Sheet]:
    """The pages of files that are to be drawn; with all pages of a file, page 3 of `notes.tif` is called notes-3.

    Raises:
        DoodError: there is no such page number.
    """
    if isinstance(page, str) and page != "all":
        raise DoodError(f"page (={page!r}) must be a number, or all")
    if page != "all":
        names = output_names(sources, formats)
        return [Sheet(source, page, names[source]) for source in sources]
    pages = [(source, number) for source in sources for number in _pages(source)]
    called = {(source, number): _called(source, number) for source, number in pages}
    names = output_names(list(called.values()), formats)
    return [Sheet(source, number, names[called[source, number]]) for source, number in pages]


def _pages(source: Path) -> Iterable[int | None]:
    """The pages of a file; the one of a file that cannot be read, which is said when it is drawn."""
    try:
        count = count_pages(source)
    except DoodError:
        return [None]
    return range(1, count + 1) if count > 1 else [None]


def _called(source: Path, number: int | None) -> Path:
    return source if number is None else source.with_name(f"{source.stem}-{number}{source.suffix}")
