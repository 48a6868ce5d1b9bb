"""Characters invented from drawings of many alphabets at once, beside real ones: can they be told?

The unconstrained new concepts of Lake et al. (2015). Of each alphabet ten characters are given, one drawing of each by
any drawer, and the others are the real ones. All that is compared has been traced and drawn again by the same pen, so
that rendering gives nothing away. A classifier learns on some alphabets what is real, and is asked on others.
"""

from collections.abc import Callable, Sequence
from math import nan
from statistics import median
from typing import NamedTuple

import numpy as np

from dood.concepts.anatomy import anatomy_of, drawing_from
from dood.concepts.likeness import apart
from dood.drawing import Drawing
from dood.evaluation.alphabets import alphabets_said, train_alphabets
from dood.evaluation.invented import COPY, INTERVAL, RESAMPLES, Alphabet, Images, raster, shape_of, traced
from dood.tasks.invent import invent

__all__ = ["MADE", "REAL", "SAMPLES", "Mixture", "MixtureRow", "mixture_of", "mixture_rows"]

REAL, MADE, SAMPLES = "other characters", "invented from all alphabets", "samples of the model"
EPOCHS = 24
"""How often the classifier sees each drawing that it learns from."""


class Mixture(NamedTuple):
    """What is compared: drawings by the same pen, by what they are, and the given ones as they were traced.

    Attributes:
        side: of the pages, in pixels.
    """

    side: int
    given: list[Drawing]
    groups: dict[str, list[Drawing]]


class MixtureRow(NamedTuple):
    """A group of drawings.

    Attributes:
        drawings: what they are.
        count: of them.
        told: share that the classifier tells right, of these and as many real ones; 0.5 is chance.
        low, high: 95 % interval of that, drawings resampled; real ones themselves are told from nothing.
        nearest: median distance to the nearest given character, in sides of a character.
        copies: share nearer to one than half of the drawings of one character by two people are.
        spread: mean distance of two drawings of the group, each and the next.
    """

    drawings: str
    count: int
    told: float
    low: float
    high: float
    nearest: float
    copies: float
    spread: float


def mixture_of(
    alphabets: Sequence[Alphabet],
    samples: Sequence[Drawing],
    count: int,
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Mixture:
    """Invent characters from the given ones of all alphabets together, and put others beside them.

    Arguments:
        samples: of a model.
        count: of the drawings of each kind, at most.
        seed: of all that is drawn by chance.
        progress: as for `dood.invent`.
    """
    generator = np.random.default_rng(seed)
    given = np.concatenate([each.given for each in alphabets])
    pictures = given[np.arange(len(given)), generator.integers(given.shape[1], size=len(given))]
    others = np.concatenate([part for each in alphabets for part in (*each.taught, *each.held_out)])
    real = [traced(each) for each in others[generator.permutation(len(others))[:count]]]
    made = invent(list(pictures), count=count, polarity="light", seed=seed, progress=progress)
    pen = median(anatomy_of(each).pen for each in made.given)
    groups = {REAL: real, MADE: made.drawings, SAMPLES: [each for each in samples if each.strokes][:count]}
    side = pictures.shape[-1]
    drawn = {name: [_again(each, pen, side) for each in some] for name, some in groups.items()}
    return Mixture(side, made.given, drawn)


def mixture_rows(taught: Mixture, asked: Mixture, *, epochs: int = EPOCHS, seed: int = 0) -> list[MixtureRow]:
    """The table: a row for each group of what is asked about, told by a classifier that learned on what is taught.

    Arguments:
        seed: of the classifiers and of the bootstrap.
    """
    given = [shape_of(each) for each in asked.given]
    rows = []
    for name, drawings in asked.groups.items():
        shares = (nan, nan, nan) if name == REAL else _told(taught, asked, name, epochs, seed)
        shapes = [shape_of(each) for each in drawings]
        nearest = np.array([min(apart(one, other) for other in given) for one in shapes])
        pairs = [apart(one, other) for one, other in zip(shapes, shapes[1:] + shapes[:1], strict=True)]
        middle, copies, spread = float(np.median(nearest)), float((nearest < COPY).mean()), float(np.mean(pairs))
        rows.append(MixtureRow(name, len(drawings), *shares, middle, copies, spread))
    return rows


def _told(taught: Mixture, asked: Mixture, name: str, epochs: int, seed: int) -> tuple[float, float, float]:
    """The share that is told right, and its interval; both kinds count alike."""
    pictures = [_images(taught, each) for each in (REAL, name)]
    kinds = np.repeat([0, 1], [len(each) for each in pictures])
    network = train_alphabets(np.concatenate(pictures), kinds, epochs=epochs, seed=seed)
    right = [alphabets_said(network, _images(asked, each)) == kind for kind, each in enumerate((REAL, name))]
    generator = np.random.default_rng(seed)
    again = [each[generator.integers(len(each), size=(RESAMPLES, len(each)))].mean(1) for each in right]
    low, high = np.percentile(np.mean(again, 0), INTERVAL).tolist()
    return float(np.mean([each.mean() for each in right])), low, high


def _images(mixture: Mixture, name: str) -> Images:
    return np.stack([raster(each, mixture.side) for each in mixture.groups[name]])


def _again(drawing: Drawing, pen: float, side: int) -> Drawing:
    """A drawing as it is traced, by a pen of this width in shares of the page."""
    found = anatomy_of(traced(raster(drawing, side)))
    return drawing_from(found._replace(pen=pen), side, side)
