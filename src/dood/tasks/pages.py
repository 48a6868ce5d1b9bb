"""What is drawn: files of pictures, or single pages of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from dood.errors import DoodError
from dood.pictures import count_pages
from dood.tasks.outputs import output_names

__all__ = ["Page", "Which", "pages_of"]

Which = int | str | None
"""Of files with several pages or frames: one, from 1, all, or the first, with a note that there are more."""


class Page(NamedTuple):
    """A page of a file, and under what name its strokes are written."""

    source: Path
    number: int | None
    name: str


def pages_of(sources: Sequence[Path], page: Which, formats: Sequence[str]) -> list[Page]:
    """The pages of files that are to be drawn; with all pages of a file, page 3 of `notes.tif` is called notes-3.

    Raises:
        DoodError: there is no such page number.
    """
    if isinstance(page, str) and page != "all":
        raise DoodError(f"page (={page!r}) must be a number, or all")
    if page != "all":
        names = output_names(sources, formats)
        return [Page(source, page, names[source]) for source in sources]
    pages = [(source, number) for source in sources for number in _numbers(source)]
    called = {(source, number): _called(source, number) for source, number in pages}
    names = output_names(list(called.values()), formats)
    return [Page(source, number, names[called[source, number]]) for source, number in pages]


def _numbers(source: Path) -> Iterable[int | None]:
    """The pages of a file; the one of a file that cannot be read, which is said when it is drawn."""
    try:
        count = count_pages(source)
    except DoodError:
        return [None]
    return range(1, count + 1) if count > 1 else [None]


def _called(source: Path, number: int | None) -> Path:
    return source if number is None else source.with_name(f"{source.stem}-{number}{source.suffix}")
