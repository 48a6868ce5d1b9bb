import numpy as np

from dood.tracing.parts import parts_of
from tests.tracing.crossing import plus, words


def test_small_drawings_are_one_part() -> None:
    (part,) = parts_of(plus())
    assert part.tolist() == [0, 1, 2, 3]


def test_parts_are_a_partition_in_reading_order() -> None:
    pieces = words(6, 40)
    parts = parts_of(pieces, 32)
    assert max(map(len, parts)) <= 32
    assert sorted(np.concatenate(parts).tolist()) == list(range(240))
    rows = [pieces.lines[i][0, 1] // 40 for part in parts for i in part]
    assert rows == sorted(rows)


def test_what_hangs_together_stays_together() -> None:
    lines = [arm + 120 * k for k in range(3) for arm in plus().lines]
    nodes = np.array([[k, -1] for k in range(3) for _ in range(4)])
    parts = parts_of(plus()._replace(lines=lines, nodes=nodes), 5)
    assert [sorted(part.tolist()) for part in parts] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]


def test_short_rows_share_a_part_and_longer_ones_have_their_own() -> None:
    """Rows of at most 24 pieces, up to twice as many together."""
    assert [len(part) for part in parts_of(words(5, 24))] == [48, 48, 24]
    assert [len(part) for part in parts_of(words(4, 25))] == [25, 25, 25, 25]
    assert [len(part) for part in parts_of(words(5, 20), 40)] == [40, 40, 20]
    assert [len(part) for part in parts_of(words(5, 20), 39)] == [20, 20, 20, 20, 20]
