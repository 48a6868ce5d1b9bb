import pytest

from dood.drawing import Drawing
from tests.drawing.made import stroke


@pytest.fixture
def drawing() -> Drawing:
    """A quartic with a swelling pen, a line, a dot and a five-point curve that is a dot all the same."""
    return Drawing(
        300,
        200,
        (
            stroke([[30, 150], [40, 10], [100, -10], [130, 100], [75, 180]], 7, 2, 12),
            stroke([[150, 40], [280, 120]], 5),
            stroke([[220, 40]], 12),
            stroke([[180, 160]] * 5, 8),
        ),
    )
