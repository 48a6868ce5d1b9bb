"""Scenes for the sample pictures: a note in two pens, line art of some hundred strokes, a plant in a pot, a cat.

Strokes are points in units of the picture's width, x right, y down; a point given twice makes a corner.
"""

import numpy as np

Point = tuple[float, float]
Points = tuple[Point, ...]

GLYPHS: dict[str, tuple[float, tuple[Points, ...]]] = {
    "a": (1.05, (((0.75, -0.75), (0.5, -1), (0.15, -0.72), (0.13, -0.25), (0.4, 0), (0.72, -0.35), (0.78, -0.95),
                  (0.78, -0.95), (0.79, -0.3), (0.95, -0.02)),)),
    "c": (0.9, (((0.75, -0.8), (0.5, -1), (0.15, -0.7), (0.15, -0.25), (0.45, 0), (0.8, -0.2)),)),
    "e": (0.9, (((0.13, -0.48), (0.66, -0.56), (0.62, -0.92), (0.32, -0.96), (0.1, -0.5), (0.3, -0.02),
                  (0.75, -0.15)),)),
    "f": (0.8, (((0.75, -1.8), (0.5, -2), (0.33, -1.6), (0.32, 0)), ((0.05, -1), (0.62, -1.06)))),
    "h": (0.95, (((0.15, -2), (0.15, 0), (0.15, 0), (0.22, -0.65), (0.5, -1), (0.74, -0.7), (0.78, 0)),)),
    "i": (0.5, (((0.2, -1), (0.2, -0.25), (0.38, 0)), ((0.2, -1.45), (0.21, -1.44)))),
    "k": (0.9, (((0.15, -2), (0.15, 0)), ((0.7, -1), (0.18, -0.42), (0.18, -0.42), (0.78, 0)))),
    "l": (0.55, (((0.2, -2), (0.2, -0.3), (0.42, 0)),)),
    "m": (1.3, (((0.12, -1), (0.12, 0), (0.12, 0), (0.2, -0.7), (0.42, -1), (0.58, -0.7), (0.6, 0), (0.6, 0),
                 (0.66, -0.7), (0.9, -1), (1.06, -0.7), (1.08, 0)),)),
    "n": (0.95, (((0.12, -1), (0.12, 0), (0.12, 0), (0.2, -0.7), (0.5, -1), (0.73, -0.7), (0.75, 0)),)),
    "o": (0.95, (((0.45, -1), (0.13, -0.72), (0.15, -0.2), (0.45, 0), (0.77, -0.25), (0.75, -0.8), (0.46, -1)),)),
    "r": (0.75, (((0.15, -1), (0.15, 0), (0.15, 0), (0.22, -0.65), (0.45, -0.98), (0.65, -0.9)),)),
    "s": (0.8, (((0.66, -0.85), (0.4, -1), (0.18, -0.76), (0.42, -0.5), (0.65, -0.24), (0.4, 0), (0.12, -0.14)),)),
    "t": (0.75, (((0.3, -1.6), (0.3, -0.25), (0.55, 0)), ((0.02, -1.05), (0.62, -1.1)))),
    "u": (1.0, (((0.12, -1), (0.15, -0.25), (0.42, 0), (0.7, -0.35), (0.76, -1), (0.76, -1), (0.77, -0.2),
                 (0.95, 0)),)),
    "x": (0.85, (((0.1, -1), (0.4, -0.5), (0.72, 0)), ((0.7, -1), (0.4, -0.5), (0.08, 0)))),
    "y": (0.95, (((0.12, -1), (0.2, -0.35), (0.45, -0.15), (0.7, -0.45), (0.76, -1), (0.76, -1), (0.75, 0.3),
                  (0.5, 0.85), (0.12, 0.62)),)),
    " ": (0.8, ()),
}  # fmt: skip
"""Advance and strokes of a letter: baseline at 0, small letters 1 high."""

CAT: tuple[Points, ...] = (
    ((0.30, 0.42), (0.27, 0.24), (0.28, 0.15), (0.28, 0.15), (0.36, 0.22), (0.42, 0.27), (0.42, 0.27), (0.50, 0.255),
     (0.58, 0.27), (0.58, 0.27), (0.65, 0.21), (0.72, 0.15), (0.72, 0.15), (0.73, 0.26), (0.70, 0.42)),
    ((0.30, 0.42), (0.33, 0.55), (0.50, 0.61), (0.66, 0.55), (0.70, 0.42)),
    ((0.41, 0.39), (0.415, 0.40)),
    ((0.59, 0.39), (0.595, 0.40)),
    ((0.46, 0.48), (0.50, 0.50), (0.54, 0.48)),
    ((0.36, 0.57), (0.27, 0.70), (0.28, 0.88), (0.28, 0.88), (0.50, 0.90), (0.71, 0.88), (0.71, 0.88), (0.73, 0.71),
     (0.64, 0.57)),
    ((0.72, 0.85), (0.86, 0.82), (0.89, 0.68), (0.80, 0.62)),
    ((0.43, 0.89), (0.44, 0.75)),
    ((0.57, 0.89), (0.56, 0.75)),
)  # fmt: skip

POT: tuple[Points, ...] = (
    ((0.33, 0.47), (0.50, 0.475), (0.67, 0.47)),
    ((0.33, 0.47), (0.34, 0.53), (0.34, 0.53), (0.50, 0.535), (0.66, 0.53), (0.66, 0.53), (0.67, 0.47)),
    ((0.36, 0.535), (0.38, 0.63), (0.41, 0.70), (0.41, 0.70), (0.50, 0.705), (0.59, 0.70), (0.59, 0.70), (0.62, 0.63),
     (0.64, 0.535)),
    ((0.50, 0.47), (0.49, 0.34), (0.51, 0.20)),
    ((0.495, 0.40), (0.42, 0.31), (0.31, 0.27), (0.31, 0.27), (0.37, 0.37), (0.495, 0.405)),
    ((0.495, 0.35), (0.57, 0.26), (0.69, 0.23), (0.69, 0.23), (0.62, 0.33), (0.495, 0.355)),
    ((0.505, 0.27), (0.44, 0.19), (0.40, 0.10), (0.40, 0.10), (0.49, 0.15), (0.508, 0.265)),
    ((0.51, 0.21), (0.55, 0.14), (0.62, 0.09), (0.62, 0.09), (0.60, 0.17), (0.512, 0.22)),
    ((0.22, 0.70), (0.36, 0.705)),
    ((0.64, 0.70), (0.80, 0.705)),
)  # fmt: skip


def written(words: str, left: float, base: float, height: float) -> list[tuple[Points, float, Point]]:
    """Letters of a line with their scale and place: strokes in units of small letters, `height` of the picture each."""
    letters: list[tuple[Points, float, Point]] = []
    for word in words:
        advance, strokes = GLYPHS[word]
        letters += [(stroke, height, (left, base)) for stroke in strokes]
        left += (advance + 0.12) * height
    return letters


def meadow(seed: int = 4) -> list[Points]:
    """Hills, a sun, birds, a tree with leaves, a fence, flowers and grass: three hundred strokes, 1 wide, 0.7 high."""
    random = np.random.default_rng(seed)
    strokes: list[Points] = [
        ((0.0, 0.40), (0.15, 0.31), (0.34, 0.37), (0.50, 0.33), (0.72, 0.40), (1.0, 0.30)),
        ((0.0, 0.52), (0.25, 0.46), (0.52, 0.53), (0.78, 0.47), (1.0, 0.52)),
    ]
    strokes += _sun((0.82, 0.13), 0.05)
    strokes += [_bird(x, y) for x, y in ((0.46, 0.12), (0.53, 0.16), (0.60, 0.10))]
    strokes += _tree((0.22, 0.56), random)
    strokes += _fence(0.52, 0.96, 0.53)
    for x in random.permutation(np.linspace(0.06, 0.95, 9)):
        strokes += _flower((float(x), float(random.uniform(0.585, 0.60))))
    for x in np.linspace(0.02, 0.98, 110):
        base, tall, lean = random.uniform(0.65, 0.685), random.uniform(0.03, 0.06), random.normal(0, 0.012)
        strokes.append(((x, base), (x + 0.3 * lean, base - 0.6 * tall), (x + lean, base - tall)))
    return strokes


def _round(x: float, y: float, across: float, high: float, turn: float = 0.0) -> Points:
    angles = turn + np.linspace(0, 2 * np.pi, 9)
    return tuple((x + across * np.cos(angle), y + high * np.sin(angle)) for angle in angles.tolist())


def _sun(middle: Point, radius: float) -> list[Points]:
    x, y = middle
    ways = [(np.cos(angle), np.sin(angle)) for angle in np.linspace(0, 2 * np.pi, 13)[:-1].tolist()]
    rays = [tuple((x + far * radius * a, y + far * radius * b) for far in (1.35, 1.9)) for a, b in ways]
    return [_round(x, y, radius, radius), *rays]


def _bird(x: float, y: float) -> Points:
    return (x - 0.025, y - 0.01), (x - 0.012, y - 0.014), (x, y), (x, y), (x + 0.012, y - 0.015), (x + 0.025, y - 0.008)


def _tree(foot: Point, random: np.random.Generator) -> list[Points]:
    x, y = foot
    strokes: list[Points] = [
        ((x - 0.02, y), (x - 0.012, y - 0.12), (x - 0.014, y - 0.22)),
        ((x + 0.022, y), (x + 0.014, y - 0.12), (x + 0.016, y - 0.21)),
    ]
    for angle in np.linspace(-2.75, -0.4, 9).tolist():
        long = random.uniform(0.13, 0.19)
        tip = (x + long * np.cos(angle), y - 0.22 + long * np.sin(angle))
        bend = (x + 0.5 * (tip[0] - x), y - 0.22 + 0.62 * (tip[1] - y + 0.22))
        strokes.append(((x, y - 0.215), bend, tip))
        for share in (0.5, 0.68, 0.86, 1.02):
            for side in (-1, 1):
                at = (x + share * (tip[0] - x), y - 0.22 + share * (tip[1] - y + 0.22))
                strokes.append(_leaf(at, angle + side * 0.9, 0.026))
    return strokes


def _leaf(at: Point, angle: float, long: float) -> Points:
    way, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    points = [at + share * long * way + wide * long * across
              for share, wide in ((0.15, 0), (0.55, 0.26), (1, 0), (1, 0), (0.55, -0.26), (0.17, -0.02))]  # fmt: skip
    return tuple((float(x), float(y)) for x, y in points)


def _fence(left: float, right: float, base: float) -> list[Points]:
    strokes: list[Points] = [((left, base - high), (right, base - high - 0.004)) for high in (0.02, 0.048)]
    for x in np.linspace(left + 0.01, right - 0.01, 13).tolist():
        strokes.append(((x, base + 0.012), (x + 0.001, base - 0.03), (x, base - 0.075)))
    return strokes


def _flower(at: Point) -> list[Points]:
    x, y = at
    stem: Points = ((x, y + 0.075), (x + 0.006, y + 0.04), (x, y + 0.012))
    petals = [
        _leaf((x + 0.007 * np.cos(a), y + 0.007 * np.sin(a)), a, 0.024) for a in np.linspace(0, 2 * np.pi, 7)[:-1]
    ]
    return [stem, *petals]
