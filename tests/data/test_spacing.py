import pytest

from dood.data import evenly_spaced


@pytest.mark.parametrize(
    ("count", "most", "expected"),
    [
        (5, 3, [0, 2, 4]),
        (10, 4, [0, 3, 6, 9]),
        (7, 1, [0]),
        (3, 3, [0, 1, 2]),
        (3, 8, [0, 1, 2]),
        (3, None, [0, 1, 2]),
        (0, 2, []),
    ],
)
def test_from_the_first_to_the_last_and_none_twice(count: int, most: int | None, expected: list[int]) -> None:
    assert evenly_spaced(count, most).tolist() == expected
