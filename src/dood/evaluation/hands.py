"""Characters drawn again in the hand of a drawer, of whom a few drawings are given: are they taken for that drawer's?

Of each alphabet some characters are given, by all twenty drawers; of the others, each drawer's drawing is drawn again
in the hand of another one. Who drew which is used to measure, never to draw.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.concepts.likeness import apart
from dood.concepts.redrawn import redrawn
from dood.concepts.style import spreads_of, style_of
from dood.concepts.styled import styled
from dood.drawing import Drawing
from dood.evaluation.invented import raster, shape_of, traced
from dood.evaluation.writers import looks, relative, told
from dood.tasks.exemplars import HAND, SPREADS

__all__ = ["Figures", "Row", "Sample", "in_hand", "measured", "rows_of"]

Images = NDArray[np.uint8]
Array = NDArray[np.float64]
REAL, TRACED = "the drawer's own", "the same, traced and drawn again"
GIVEN, AGAIN = "another drawer's, as given", "another drawer's, by no hand in particular"
GIVENS = (1, 5)
"""Drawings of a drawer that are given."""
CHARACTERS = 11
"""Of an alphabet: the first are given, the others drawn again."""
TEMPLATES = 3
"""Drawers of whom each has a drawing of every character, beside which it is looked whether one is still the same."""
CHANCE = 0.05
"""Share of drawings told by guessing one of twenty drawers."""
RESAMPLES, INTERVAL = 1000, (2.5, 97.5)


class Figures(NamedTuple):
    """Of an alphabet's characters in all drawers' hands.

    Attributes:
        told: share of single drawings that are told to be by the drawer, out of twenty.
        together: share of drawers that are told when half of the characters are seen together.
        source: share of single drawings told to be by the drawer whose drawing was drawn again.
        kept: share whose nearest drawing by some other drawers is of the same character.
    """

    told: float
    together: float
    source: float
    kept: float


class Sample(NamedTuple):
    """An alphabet.

    Attributes:
        figures: by what drew its characters; names as in the table.
        given: by one drawer.
        shown: other characters: by another drawer, these drawn again in the hand of the first, and by that one.
    """

    figures: dict[str, Figures]
    given: list[Drawing]
    shown: tuple[list[Drawing], list[Drawing], list[Drawing]]


class Row(NamedTuple):
    """A group of drawings, means over alphabets.

    Attributes:
        drawings: what they are.
        told, together, source, kept: as in `Figures`.
        relative: told beyond chance, relative to the drawers' own drawings.
        low, high: 95 % interval of it, alphabets resampled.
        together_relative, together_low, together_high: the same of together.
    """

    drawings: str
    told: float
    relative: float
    low: float
    high: float
    together: float
    together_relative: float
    together_low: float
    together_high: float
    source: float
    kept: float


Rows = list[list[Drawing]]
"""Drawings, characters by drawers."""


def measured(images: Images, *, seed: int = 0, temperature: float = 1.0) -> Sample:
    """Draw an alphabet's characters again in the hands of its drawers, and tell who drew them.

    Arguments:
        images: [c, d, h, w], characters by drawers, ink 255.
        seed: of the choice of characters and of whose drawings are drawn again, and of what differs between drawings.
        temperature: of that.
    """
    generator = np.random.default_rng(seed)
    chosen = images[generator.permutation(len(images))[:CHARACTERS]]
    drawings = [[traced(image) for image in row] for row in chosen]
    given, left = drawings[: max(GIVENS)], drawings[max(GIVENS) :]
    hands, side = len(left[0]), images.shape[-1]
    # What is to be in the hand of drawer d is made of drawings by sources[d], another one.
    sources = (np.arange(hands) + generator.integers(1, hands, hands)) % hands
    real = _seen([list(row) for row in chosen[max(GIVENS) :]])
    groups = {TRACED: left, AGAIN: _again(left, sources, None, seed, temperature)}
    for count in GIVENS:
        groups[in_hand(count)] = _again(left, sources, given[:count], seed, temperature)
    seen = {name: _seen([[raster(one, side) for one in row] for row in rows]) for name, rows in groups.items()}
    seen = {REAL: real, TRACED: seen[TRACED], GIVEN: seen[TRACED][:, sources], **seen}
    groups |= {REAL: left, GIVEN: [[row[s] for s in sources] for row in left]}
    figures = {
        name: Figures(*_told(each, real, sources), _kept(groups[name], left, sources)) for name, each in seen.items()
    }
    made = groups[in_hand(max(GIVENS))]
    shown = [row[sources[0]] for row in left], [row[0] for row in made], [row[0] for row in left]
    return Sample(figures, [row[0] for row in given], shown)


def in_hand(given: int) -> str:
    """What drawings in the hand of a drawer are called, of whom so many are given."""
    return f"in the drawer's hand, of {given} drawing{'s' if given > 1 else ''}"


def _again(left: Rows, sources: NDArray[np.intp], given: Rows | None, seed: int, temperature: float) -> Rows:
    """Of each character and drawer the drawing by the source, drawn again: in the drawer's hand, of given drawings."""
    styles = None if given is None else [style_of([row[d] for row in given]) for d in range(len(sources))]
    made = []
    for i, row in enumerate(left):
        made.append([])
        for d, source in enumerate(sources):
            one, spreads = row[source], SPREADS
            if styles is not None:
                one, spreads = styled(one, styles[d], seed=seed), spreads_of(styles[d], HAND)
            own = len(sources) * (len(left) * seed + i) + d
            made[-1] += redrawn(one, spreads, 1, temperature=temperature, seed=own)
    return made


def _seen(rows: list[list[Images]]) -> Array:
    return np.array([[looks(image) for image in row] for row in rows])


def _told(seen: Array, real: Array, sources: NDArray[np.intp]) -> tuple[float, float, float]:
    """Shares told to be by the drawer, of drawers told by half of the characters, and told to be by the source."""
    asked, taught = relative(seen, real), relative(real, real)
    right, from_source, together = [], [], []
    for i in range(len(real)):
        others = np.arange(len(real)) != i
        right.append(told(asked[[i]], taught[others]).mean())
        from_source.append(told(asked[[i]], taught[others], sources).mean())
    for first in (0, 1):
        half = np.arange(len(real)) % 2 == first
        together.append(told(asked[half].mean(0)[None], taught[~half]).mean())
    return float(np.mean(right)), float(np.mean(together)), float(np.mean(from_source))


def _kept(rows: Rows, left: Rows, sources: NDArray[np.intp]) -> float:
    """Share of drawings whose nearest drawing by some other drawers is of the same character."""
    shapes, right = [[shape_of(one) for one in row] for row in left], []
    for i, row in enumerate(rows):
        for d, one in enumerate(row):
            others = [hand for hand in range(len(row)) if hand not in (d, sources[d])]
            others = np.random.default_rng(d).permutation(others)[:TEMPLATES]
            shape = shape_of(one)
            far = [min(apart(shape, each[hand]) for hand in others) for each in shapes]
            right.append(int(np.argmin(far)) == i)
    return float(np.mean(right))


def rows_of(samples: Sequence[Sample], *, seed: int = 0) -> list[Row]:
    """The table: a row for each group of drawings.

    Arguments:
        seed: of the bootstrap.
    """
    again = np.random.default_rng(seed).integers(0, len(samples), (RESAMPLES, len(samples)))
    table = {name: np.array([each.figures[name] for each in samples]) for name in samples[0].figures}
    rows = []
    for name, values in table.items():
        told, together, source, kept = values.mean(0).tolist()
        ratios = [_ratio(values[:, k] - CHANCE, table[REAL][:, k] - CHANCE, again) for k in (0, 1)]
        rows.append(Row(name, told, *ratios[0], together, *ratios[1], source, kept))
    return rows


def _ratio(mine: Array, own: Array, again: NDArray[np.intp]) -> tuple[float, float, float]:
    """The ratio of the means of two figures, and its interval where samples are resampled."""
    ratios = mine[again].mean(1) / np.maximum(own[again].mean(1), 1e-9)
    low, high = np.percentile(ratios, INTERVAL).tolist()
    return float(mine.mean() / max(own.mean(), 1e-9)), low, high
