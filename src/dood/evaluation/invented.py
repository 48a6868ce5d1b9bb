"""Invented characters beside real ones: taken for their alphabet, new, and as unlike one another (Lake et al., 2015).

Of each alphabet ten characters are given, as one drawer drew them, and as many are invented. Of its other characters
half teach a classifier what the alphabet looks like, by other drawers; the rest, by the drawer of the given ones, are
what invented ones are compared with. So neither have been seen by the classifier, nor have any by that hand.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.concepts.likeness import apart, outline
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.evaluation.alphabets import AlphabetClassifier, alphabets_said, train_alphabets
from dood.pictures import Picture
from dood.tasks.invent import invent
from dood.tracing.drawings import drawing_of
from dood.tracing.linking import by_hand

__all__ = ["Alphabet", "Row", "Sets", "alphabets_of", "classifier_of", "drawn_sets", "raster", "rows_of"]

Images = NDArray[np.uint8]
REAL, TRACED, INVENTED = "held-out characters", "the same, traced and drawn again", "invented"
COPIES, OTHERS, SAMPLES = "given characters, by another hand", "characters of other alphabets", "samples of the model"
GIVEN = 10
"""Characters that are given."""
TAUGHT_HANDS = 10
"""Drawers that the classifier learns from."""
COPY = 0.09
"""Characters nearer than this (`dood.concepts.likeness.apart`) are taken for the same: half of the pairs of one
character by two drawers are, on Omniglot's background alphabets."""
RESAMPLES, INTERVAL = 1000, (2.5, 97.5)


class Alphabet(NamedTuple):
    """The characters of an alphabet, each [20, h, w] by its twenty drawers, ink 255.

    Attributes:
        name: of it.
        given: that are invented from, [10, 20, h, w].
        taught: that the classifier learns from.
        held_out: that invented ones are compared with.
    """

    name: str
    given: Images
    taught: Images
    held_out: Images


class Sets(NamedTuple):
    """Drawings of one alphabet by one drawer, and what stands beside them.

    Attributes:
        alphabet: its number.
        given: the given characters, as they were traced.
        pictures: held-out characters by the drawer, [n, h, w].
        groups: drawings by what they are; names as in the table. Held-out characters are there as they were traced.
        known: all characters of the alphabet by the drawer, given and not.
    """

    alphabet: int
    given: list[Drawing]
    pictures: Images
    groups: dict[str, list[Drawing]]
    known: list[Drawing]


class Row(NamedTuple):
    """A group of drawings, means over alphabets.

    Attributes:
        drawings: what they are.
        count: of them.
        accepted: share that is taken for the alphabet.
        relative: the same, relative to held-out characters.
        low, high: 95 % interval of that, alphabets resampled.
        nearest: median distance to the nearest given character, in sides of a character.
        copies: share nearer to a given character than half of the drawings of one character by two people are.
        known: the same, of any character of the alphabet but itself.
        spread: mean distance of two drawings of the group, of the same alphabet and drawer.
    """

    drawings: str
    count: int
    accepted: float
    relative: float
    low: float
    high: float
    nearest: float
    copies: float
    known: float
    spread: float


def alphabets_of(
    images: Images, labels: NDArray[np.int64], alphabets: NDArray[np.int64], names: Sequence[str], seed: int
) -> list[Alphabet]:
    """Omniglot by alphabet, its characters divided by chance.

    Arguments:
        images: [n, h, w], the drawers of each character in the same order.
        names: of the alphabets, by their numbers.

    Raises:
        DoodError: an alphabet has fewer than 14 characters.
    """
    generator, found = np.random.default_rng(seed), []
    for number in np.unique(alphabets):
        characters = generator.permutation(np.unique(labels[alphabets == number]))
        if len(characters) < GIVEN + 4:
            raise DoodError(f"{names[number]} has {len(characters)} characters: at least {GIVEN + 4} are needed")
        drawn = np.stack([images[labels == each] for each in characters])
        half = GIVEN + (len(characters) - GIVEN + 1) // 2
        found.append(Alphabet(str(names[number]), drawn[:GIVEN], drawn[GIVEN:half], drawn[half:]))
    return found


def classifier_of(alphabets: Sequence[Alphabet], *, epochs: int = 16, seed: int = 0) -> AlphabetClassifier:
    """Train a classifier on the characters that are for that, by the first ten drawers."""
    taught = [each.taught[:, :TAUGHT_HANDS].reshape(-1, *each.taught.shape[2:]) for each in alphabets]
    numbers = np.repeat(np.arange(len(alphabets)), [len(images) for images in taught])
    return train_alphabets(np.concatenate(taught), numbers, epochs=epochs, seed=seed)


def drawn_sets(
    alphabets: Sequence[Alphabet],
    samples: Sequence[Drawing],
    *,
    hands: int = 2,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Sets]:
    """Invent characters of every alphabet from the drawings of some drawers, and put others beside them.

    Arguments:
        samples: of a model, which know of no alphabet; some are put beside each set, but none without strokes.
        hands: drawers of each alphabet, none of which the classifier learns from.
        seed: of all that is drawn by chance.
        progress: called with the sets done and their total.
    """
    generator, sets = np.random.default_rng(seed), []
    samples = [sample for sample in samples if sample.strokes]
    for number, each in enumerate(alphabets):
        drawers = TAUGHT_HANDS + generator.permutation(each.given.shape[1] - TAUGHT_HANDS)[: hands + 1]
        for hand in drawers[:hands].tolist():
            others = np.concatenate([other.held_out[:, hand] for other in alphabets if other is not each])
            sets.append(_set(number, each, hand, int(drawers[hands]), generator.permutation(others)[:GIVEN], seed))
            chosen = generator.permutation(len(samples))[:GIVEN]
            sets[-1].groups[SAMPLES] = [samples[i] for i in chosen]
            if progress:
                progress(len(sets), hands * len(alphabets))
    return sets


def _set(number: int, each: Alphabet, hand: int, another: int, others: Images, seed: int) -> Sets:
    made = invent(list(each.given[:, hand]), count=GIVEN, polarity="light", seed=seed)
    held = [traced(image) for image in each.held_out[:, hand]]
    groups = {
        REAL: held,
        TRACED: held,
        INVENTED: made.drawings,
        COPIES: [traced(image) for image in each.given[:, another]],
        OTHERS: [traced(image) for image in others],
    }
    return Sets(
        number, made.given, each.held_out[:, hand], groups, [*made.given, *map(traced, each.taught[:, hand]), *held]
    )


def traced(image: Images) -> Drawing:
    return drawing_of(Picture.from_array(image, polarity="light"), linker=by_hand)


def raster(drawing: Drawing, side: int) -> Images:
    """A drawing as Omniglot has them, [side, side]: ink 255 or none."""
    grey = np.asarray(drawing.to_png(side / max(drawing.width, drawing.height)).convert("L").resize((side, side)))
    return np.where(grey < 128, 255, 0).astype(np.uint8)


def rows_of(sets: Sequence[Sets], network: AlphabetClassifier, *, seed: int = 0) -> list[Row]:
    """The table: a row for each group of drawings.

    Arguments:
        seed: of the bootstrap.
    """
    generator = np.random.default_rng(seed)
    numbers = np.unique([each.alphabet for each in sets])
    again = generator.integers(0, len(numbers), (RESAMPLES, len(numbers)))
    rows, real = [], np.zeros(0)
    for name in sets[0].groups:
        flags = [_accepted(each, name, network) for each in sets]
        shares = np.array(
            [np.concatenate([f for f, s in zip(flags, sets, strict=True) if s.alphabet == k]).mean() for k in numbers]
        )
        real = shares if name == REAL else real
        ratios = shares[again].mean(1) / np.maximum(real[again].mean(1), 1e-9)
        low, high = np.percentile(ratios, INTERVAL).tolist()
        measured = [_distances(each, name) for each in sets]
        given, known = (np.concatenate([one[k] for one in measured]) for k in (0, 1))
        share, spread = float(shares.mean()), float(np.nanmean([one[2] for one in measured]))
        relative = share / max(float(real.mean()), 1e-9)
        new = float(np.median(given)), float((given < COPY).mean()), float((known < COPY).mean())
        rows.append(Row(name, sum(map(len, flags)), share, relative, low, high, *new, spread))
    return rows


def _accepted(each: Sets, name: str, network: AlphabetClassifier) -> NDArray[np.bool_]:
    """Which drawings of a group are taken for the alphabet."""
    side = each.pictures.shape[-1]
    images = each.pictures if name == REAL else np.stack([raster(drawing, side) for drawing in each.groups[name]])
    return alphabets_said(network, images) == each.alphabet


def _distances(each: Sets, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Of each drawing of a group how far the nearest given character is, and the nearest known one but itself; and the
    mean distance of two of the group."""
    drawings = each.groups[name]
    shapes, given, known = ([shape_of(drawing) for drawing in some] for some in (drawings, each.given, each.known))
    nearest = np.array([min(apart(one, other) for other in given) for one in shapes])
    own = [[other is drawing for other in each.known] for drawing in drawings]
    to_known = np.array(
        [
            min(apart(one, other) for other, itself in zip(known, mine, strict=True) if not itself)
            for one, mine in zip(shapes, own, strict=True)
        ]
    )
    pairs = [apart(one, other) for i, one in enumerate(shapes) for other in shapes[:i]]
    return nearest, to_known, float(np.mean(pairs)) if pairs else float("nan")


def shape_of(drawing: Drawing) -> NDArray[np.float64]:
    step = max(drawing.width, drawing.height) / 100
    return outline([stroke.even(step) for stroke in drawing.strokes])
