"""What `dood data list` says of each set."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dood.data.imageset import READ_ERRORS
from dood.data.registry import SOURCES, SYNTHETIC, Source
from dood.data.store import find
from dood.data.synthetic import TEST_IMAGES, TRAIN_IMAGES

__all__ = ["SetStatus", "list_sets"]


@dataclass(frozen=True)
class SetStatus:
    """A known data set as it is on this machine.

    Attributes:
        name: of the set.
        path: of its file; None where it is not here.
        size: of that file in bytes.
        train, test, classes: number of images and of classes in that file, or of the official set where there is
            none.
        official: whether those are the numbers of the official set.
        licence, homepage, download: see `Source`.
        problem: why the file cannot be read, or "".
    """

    name: str
    path: Path | None
    size: int
    train: int
    test: int
    classes: int
    official: bool
    licence: str
    homepage: str
    download: str
    problem: str = ""

    @property
    def summary(self) -> str:
        """All of that but the name in one line."""
        counts = f"{self.train:,} + {self.test:,} images, {self.classes:,} classes"
        if self.name == SYNTHETIC:
            return f"{counts}; made by code when loaded"
        if self.path is None:
            where = f"not here: `dood data fetch {self.name}` ({self.download})"
        elif self.problem:
            where = f"{self.path} is unreadable ({self.problem})"
        else:
            where = f"{self.path} ({self.size / 1e6:.1f} MB{'' if self.official else ', not the official split'})"
        return f"{counts}; {where}; {self.licence}"


def list_sets() -> list[SetStatus]:
    """Every set that `load` knows by name."""
    made = SetStatus(SYNTHETIC, None, 0, TRAIN_IMAGES, TEST_IMAGES, 5, True, "", "", "")
    return [*(_status(source) for source in SOURCES.values()), made]


def _status(source: Source) -> SetStatus:
    path, problem, counts = find(source.name), "", source.counts
    if path is not None:
        try:
            counts = _count(path)
        except READ_ERRORS as error:
            problem = str(error)
    return SetStatus(
        source.name,
        path,
        path.stat().st_size if path else 0,
        *counts,
        official=counts == source.counts,
        licence=source.licence,
        homepage=source.homepage,
        download=source.download,
        problem=problem,
    )


def _count(path: Path) -> tuple[int, int, int]:
    """Training images, test images and classes of a file, from its labels alone."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        train, test = archive["train_labels"], archive["test_labels"]
    return len(train), len(test), len(np.union1d(train, test))
