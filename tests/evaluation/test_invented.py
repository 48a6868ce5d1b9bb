"""Invented characters beside real ones."""

import numpy as np
import pytest

from dood.drawing import Drawing
from dood.errors import DoodError
from dood.evaluation import invented
from dood.evaluation.alphabets import AlphabetClassifier
from dood.evaluation.invented import (
    COPIES,
    INVENTED,
    OTHERS,
    REAL,
    SAMPLES,
    Alphabet,
    alphabets_of,
    drawn_sets,
    rows_of,
)
from tests.concepts.glyphs import SCRIPT, characters, picture

DRAWERS = 13


def drawn(k: int, drawer: int) -> np.ndarray:
    """Character k by a drawer, who moves it a little: the lines of two characters of the script, or of one."""
    lines = SCRIPT[k % 6] + (SCRIPT[(k // 6 + k) % 6] if k >= 6 else ())
    return 255 - picture(tuple([(x + drawer % 3, y) for x, y in line] for line in lines))


def alphabet() -> tuple[np.ndarray, np.ndarray]:
    images = np.array([[drawn(k, drawer) for drawer in range(DRAWERS)] for k in range(14)])
    return images.reshape(-1, *images.shape[2:]), np.repeat(np.arange(14), DRAWERS)


def two() -> list[Alphabet]:
    images, labels = alphabet()
    turned = images.transpose(0, 2, 1)
    numbers = np.repeat([0, 1], len(images))
    both = np.concatenate([images, turned])
    return alphabets_of(both, np.concatenate([labels, labels + 14]), numbers, ["upright", "turned"], 0)


def test_characters_are_divided_and_none_is_in_two_parts() -> None:
    first, _ = two()
    assert [len(part) for part in first[1:]] == [10, 2, 2]
    assert first.given.shape[1:] == (DRAWERS, 100, 100)
    seen = {part[i, 0].tobytes() for part in first[1:] for i in range(len(part))}
    assert len(seen) == 14


def test_an_alphabet_needs_characters() -> None:
    images, labels = alphabet()
    with pytest.raises(DoodError, match="upright has 13 characters"):
        alphabets_of(images[: 13 * DRAWERS], labels[: 13 * DRAWERS], np.zeros(13 * DRAWERS, int), ["upright"], 0)


def test_the_table_compares_every_group_with_held_out_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invented, "alphabets_said", lambda network, images: np.zeros(len(images), int))
    samples = [*characters(), Drawing(100, 100)]
    sets = drawn_sets(two(), samples, hands=1)
    assert [each.alphabet for each in sets] == [0, 1]
    rows = {row.drawings: row for row in rows_of(sets, AlphabetClassifier(2))}
    assert [rows[name].count for name in (REAL, INVENTED, COPIES, OTHERS, SAMPLES)] == [4, 20, 20, 4, 12]
    # All are taken for the first alphabet: of each group those of one set in two.
    assert {row.accepted for row in rows.values()} == {0.5}
    assert {row.relative for row in rows.values()} == {1.0}
    assert rows[INVENTED].copies == 0
    assert rows[COPIES].copies == 1
    assert rows[COPIES].nearest < 0.05 < rows[INVENTED].nearest
    assert rows[INVENTED].spread > 0.1
