"""Pages of lines at random: so crowded and so uneven that rules which seldom decide come to decide."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tests.tracing.inked import circle, inked

__all__ = ["SCRAWLS"]

SIZE = (96, 84)
"""Width and height of a page in pixels; some lines go over its edge."""


def scrawled(seed: int, pen: float, count: int, *, specks: int = 0, pale: float = 1.0) -> NDArray[np.float32]:
    """Curves, corners, rings, spokes, hairs and dots at random places.

    Arguments:
        seed: of the places; numpy keeps the numbers of `RandomState` as they are for good.
        pen: width of most lines in pixels; the last ones are broader.
        count: lines of each kind.
        specks: grey pixels.
        pale: the ink of the faintest line; the others lie between this and black.
    """
    random = np.random.RandomState(seed)
    ink = np.zeros(SIZE[::-1], np.float32)
    for kind in (curve, corners, ring, spokes, hair, dot):
        for i in range(count):
            width = pen * random.uniform(0.8, 1.2) * (1.6 if i and i == count - 1 else 1.0)
            shade = np.float32(random.uniform(pale, 1.0))
            ink = np.maximum(ink, shade * inked(kind(random), SIZE, width, fine=2))
    for x, y in zip(random.randint(0, SIZE[0], specks), random.randint(0, SIZE[1], specks), strict=True):
        ink[y, x] = max(ink[y, x], random.uniform(0.2, 1.0))
    return ink


Lines = list[NDArray[np.float64]]


def place(random: np.random.RandomState) -> NDArray[np.float64]:
    return random.uniform(-0.03, 1.03, 2) * SIZE


def curve(random: np.random.RandomState) -> Lines:
    """A cubic, which may cross itself."""
    u = np.linspace(0, 1, 24)[:, None]
    a, b, c, d = (place(random) for _ in range(4))
    return [a * (1 - u) ** 3 + 3 * b * u * (1 - u) ** 2 + 3 * c * u * u * (1 - u) + d * u**3]


def corners(random: np.random.RandomState) -> Lines:
    """A line of straight stretches of ten pixels and more, which turns by any angle."""
    angles = np.cumsum(random.uniform(-2.5, 2.5, 3))
    steps = random.uniform(8, 24, 3)[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)
    return [place(random) + np.cumsum(np.vstack([[0, 0], steps]), 0)]


def ring(random: np.random.RandomState) -> Lines:
    x, y = place(random)
    return [circle(x, y, random.uniform(3, 11), 24)]


def spokes(random: np.random.RandomState) -> Lines:
    """Lines out of one point."""
    middle, number = place(random), random.randint(3, 7)
    angles = random.uniform(0, 2 * np.pi, number)
    return [np.stack([middle, middle + random.uniform(5, 18) * np.array([np.cos(a), np.sin(a)])]) for a in angles]


def hair(random: np.random.RandomState) -> Lines:
    """A straight line with one that hardly leaves it."""
    begin, end = place(random), place(random)
    at = begin + random.uniform(0.3, 0.7) * (end - begin)
    return [np.stack([begin, end]), np.stack([at, at + random.uniform(-5, 5, 2)])]


def dot(random: np.random.RandomState) -> Lines:
    at = place(random)
    return [np.stack([at, at + random.uniform(-1.5, 1.5, 2)])]


def star(x: float, y: float, points: int, radius: float) -> Lines:
    """Spokes of growing length, in even directions but for the last."""
    angles = 2 * np.pi * np.append(np.arange(points - 1), points - 1.4) / points
    lengths = radius * (0.6 + 0.4 * np.arange(points) / points)
    ends = np.array([x, y]) + lengths[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)
    return [np.stack([np.array([x, y]), end]) for end in ends]


def scrawl() -> NDArray[np.float32]:
    """A usual pen."""
    return scrawled(1, 3.4, 3)


def thick_scrawl() -> NDArray[np.float32]:
    """A broad pen that is large for its page, of which it fills half: few lines, many nodes."""
    return scrawled(2, 6.5, 2)


def fine_scrawl() -> NDArray[np.float32]:
    """A thin pen, so that the page is enlarged, and many lines."""
    return scrawled(3, 1.4, 3)


def grey_scrawl() -> NDArray[np.float32]:
    """Lines of all shades among specks."""
    return scrawled(4, 3.0, 3, specks=60, pale=0.3)


def stars() -> NDArray[np.float32]:
    """More lines at a node than are looked at, and as many."""
    shapes = zip((star(24, 26, 14, 23), star(72, 26, 12, 22), star(48, 62, 17, 21)), (2.4, 3.0, 2.2), strict=True)
    return np.maximum.reduce([inked(lines, SIZE, pen, fine=2) for lines, pen in shapes])


def dash() -> NDArray[np.float32]:
    """A line of eight pens and no more: the drawing's size is that of its pen."""
    return inked([[(6, 8), (32, 8.6)]], (40, 16), 3.2)


SCRAWLS: dict[str, Callable[[], NDArray[np.float32]]] = {
    drawn.__name__: drawn for drawn in (scrawl, thick_scrawl, fine_scrawl, grey_scrawl, stars, dash)
}
