"""Invent: new characters that look as if they belonged to a script, of a few pictures of it, or to any, of drawings of
many (Lake et al., 2015)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.concepts.anatomy import Anatomy, anatomy_of, drawing_from
from dood.concepts.invention import composed, stock_of
from dood.concepts.likeness import apart, outline, traits
from dood.data import load
from dood.drawing import Drawing
from dood.drawing.formats import check_formats
from dood.errors import DoodError
from dood.figures.sheets import invention_sheet, save_image
from dood.pictures import Picture, find_images, load_picture, picture_of
from dood.tasks.checks import check_positive
from dood.tasks.outputs import check_target, output_folder, save_named
from dood.tracing.drawings import drawing_of
from dood.tracing.linking import by_hand

__all__ = ["Invented", "invent", "invent_files"]

Array = NDArray[np.float64]
FEWEST = 3
"""Pictures that are needed: with fewer there is hardly anything to make new characters of."""
MOST = 60
"""Strokes of a picture from which it is a page of writing rather than one character."""
NEW = 0.1
"""No character is nearer than this to one that is given, or to another new one (`dood.concepts.likeness.apart`). Two
people's drawings of one character are mostly nearer; it was chosen on Omniglot's background alphabets."""
POOL, TRIES = 24, 160
"""Of so many new characters that begin as the same given one, the one most like the given ones is taken; and how often
that is tried."""
NEAR = 8.0
"""What being far from the nearest given character counts, beside being unlike as a whole the one that it began as."""
SHORTER = 0.25
"""Logarithm of the ratio by which a new character may have less line than the one that it began as."""
LIBRARY, SHOWN = 200, 50
"""Drawings of a data set that are given; and most given ones that the sheet shows."""
MANY = 100
"""Characters, given and new, from which a candidate is not held against all of them before it is the best one."""
ROUNDS = 4
"""How often a given character that had nothing new is begun with."""
LEAST = 0.1
"""No trait's deviation over the given characters is taken for less."""


@dataclass(frozen=True)
class Invented:
    """Characters of a script as strokes, and new ones."""

    given: list[Drawing]
    drawings: list[Drawing]


class _Candidate(NamedTuple):
    """A character, its outline, and how far it is from what is typical."""

    made: Anatomy
    outline: Array
    odd: float


def invent(
    pictures: Iterable[Any],
    *,
    count: int = 20,
    polarity: str = "auto",
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Invented:
    """Make up characters that look as if they belonged to the script of those in the pictures.

    Each picture holds one character, and is taken for a page of the same size as the others. Their strokes are traced
    by rules, cut into parts, and put together anew (`dood.concepts.invention`); nothing is learned but from the
    pictures.

    Arguments:
        pictures: each as for `dood.draw`, at least 3 of them. Ten make more of a script.
        count: how many are made, where there are so many that differ from all given ones and from one another.
        polarity: dark (ink on light), light, or auto.
        seed: of all that is drawn by chance; the first characters are the same whatever the count.
        progress: called with the characters made and their count.

    Raises:
        DoodError: a picture cannot be read or holds no drawing, there are fewer than 3, one has more than 60
            strokes, or no new character could be made of them.
    """
    check_positive(count=count)
    return _invented([picture_of(picture, polarity) for picture in pictures], count, seed, progress)


def invent_files(
    paths: Iterable[str | Path],
    out: str | Path,
    *,
    data: str | None = None,
    count: int = 20,
    formats: Sequence[str] = ("svg", "json"),
    polarity: str = "auto",
    seed: int = 0,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write new characters into the folder `out` as 0001.svg and so on, and all of them in one picture, invented.png.

    Arguments:
        paths: files and folders of pictures, one character each.
        data: a data set, as for `dood.data.load`: 200 of its drawings by chance are given too, of its training images
            if it has any.
        count, polarity, seed, progress: as for `invent`.
        formats: names of `dood.drawing.formats.FORMATS`.
        force: write over files that dood did not write.

    Returns:
        The files; invented.png last, which has the given characters (of many, 50) above the new ones.

    Raises:
        DoodError: as for `invent`, an unknown format, or `out` cannot be written.
    """
    check_formats(formats)
    check_positive(count=count)
    sources = find_images([Path(path) for path in paths])
    pictures = [load_picture(source, polarity=polarity) for source in sources]
    pictures += _library(data, seed) if data else []
    made = _invented(pictures, count, seed, progress)
    folder = output_folder(out)
    sheet = folder / "invented.png"
    check_target(sheet, sources, force)
    digits = max(4, len(str(count)))
    names = [f"{i:0{digits}}" for i in range(1, 1 + len(made.drawings))]
    written = save_named(made.drawings, names, folder, formats, sources=sources, force=force)
    save_image(invention_sheet([(made.given[:SHOWN], made.drawings)]), sheet)
    return [*written, sheet]


def _library(name: str, seed: int) -> list[Picture]:
    """Drawings of a data set by chance, of its training images if it has any; none without ink."""
    images = load(name)
    images = images.train_images if len(images.train_images) else images.test_images
    drawn = np.flatnonzero(images.any((1, 2)))
    chosen = np.random.default_rng(seed).permutation(drawn)[:LIBRARY].tolist()
    return [Picture.from_array(images[i], polarity="light", name=f"drawing {i} of {name}") for i in chosen]


def _invented(
    pictures: Sequence[Picture], count: int, seed: int, progress: Callable[[int, int], None] | None
) -> Invented:
    if len(pictures) < FEWEST:
        raise DoodError(
            f"{len(pictures)} pictures are too few to invent characters: give at least {FEWEST}, one character each"
        )
    given = [_traced(picture) for picture in pictures]
    script = _Script([anatomy_of(each) for each in given], np.random.default_rng(seed))
    drawings = []
    for whose, made in script.characters(count):
        drawings.append(drawing_from(made, given[whose].width, given[whose].height))
        if progress:
            progress(len(drawings), count)
    if not drawings:
        raise DoodError(f"no new character could be made of these {len(given)} pictures: give more, or other ones")
    return Invented(given, drawings)


def _traced(picture: Picture) -> Drawing:
    drawing = drawing_of(picture, linker=by_hand)
    if not 1 <= len(drawing.strokes) <= MOST:
        raise DoodError(f"{picture.name} has {len(drawing.strokes)} strokes: give pictures of one character each")
    return drawing


class _Script:
    """Given characters, and what is made of them."""

    def __init__(self, given: Sequence[Anatomy], generator: np.random.Generator) -> None:
        self.generator, self.stock = generator, stock_of(given)
        self.traits = np.array([_traits(one) for one in given])
        self.scales = np.maximum(self.traits.std(0), LEAST)
        self.taken = [_outline(one) for one in given]

    def characters(self, count: int) -> Iterator[tuple[int, Anatomy]]:
        """At most `count` new characters, each with the number of the given one that it began as; those in turn."""
        pools: dict[int, list[_Candidate]] = {}
        failed = np.zeros(len(self.taken), int)
        made = 0
        while made < count and (failed < ROUNDS).any():
            for whose in self.generator.permutation(np.flatnonzero(failed < ROUNDS)).tolist():
                # Of many, most that are new to the own one are new to all: that is asked of the best alone, for speed.
                quick = len(self.taken) > MANY and not failed[whose]
                others = self.taken[whose : whose + 1] if quick else self.taken
                pool = [each for each in pools.get(whose, []) if _differs(each.outline, others)]
                pool = pool if len(pool) > POOL // 2 else pool + self._pool(whose, POOL - len(pool), others)
                pools[whose] = sorted(pool, key=lambda each: each.odd)
                best = self._first_new(pools[whose])
                if best is None:
                    failed[whose] += 1
                    continue
                self.taken.append(best.outline)
                made += 1
                yield whose, best.made
                if made == count:
                    return

    def _pool(self, whose: int, count: int, others: Sequence[Array]) -> list[_Candidate]:
        """Characters that begin as a given one, and differ from those of some outlines, the given ones' first."""
        found: list[_Candidate] = []
        for _ in range(TRIES):
            made = composed(self.stock, whose, self.generator)
            if made is None or not _differs(looks := _outline(made), others):
                continue
            unlike = _traits(made) - self.traits[whose]
            if unlike[0] < -SHORTER:
                continue
            far = min(apart(looks, other) for other in others[: len(self.traits)])
            odd = np.square(unlike / self.scales).mean() + NEAR * far
            found.append(_Candidate(made, looks, float(odd)))
            if len(found) == count:
                break
        return found

    def _first_new(self, pool: list[_Candidate]) -> _Candidate | None:
        """The first that differs from all that are taken; it, and what comes before it, leave the pool."""
        while pool:
            one = pool.pop(0)
            if _differs(one.outline, self.taken):
                return one
        return None


def _differs(looks: Array, others: Sequence[Array]) -> bool:
    return all(apart(looks, other) >= NEW for other in others)


def _outline(one: Anatomy) -> Array:
    return outline([part.line for part in one.parts])


def _traits(one: Anatomy) -> Array:
    return traits([part.line for part in one.parts], len(one.joints), one.pen)
