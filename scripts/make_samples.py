"""Draw the sample pictures of `dood.samples`: splines through hand-placed points, with a round pen and a slight tremor.

python scripts/make_samples.py [FOLDER]
"""

import io
import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from sample_scenes import CAT, POT, meadow, written

from dood.files import atomic_write, make_folder

SAMPLES = Path(__file__).parents[1] / "src" / "dood" / "samples"

Points = tuple[tuple[float, float], ...]
Ink = NDArray[np.float64]

DRAWINGS: dict[str, tuple[Points, ...]] = {
    "three": (
        (
            (0.34, 0.27), (0.43, 0.17), (0.58, 0.16), (0.66, 0.26), (0.61, 0.40), (0.49, 0.47),
            (0.63, 0.50), (0.70, 0.63), (0.63, 0.78), (0.47, 0.84), (0.33, 0.75),
        ),
    ),
    "seven": (
        ((0.27, 0.25), (0.45, 0.225), (0.72, 0.215), (0.72, 0.215), (0.62, 0.42), (0.53, 0.62), (0.46, 0.84)),
        ((0.40, 0.535), (0.54, 0.505), (0.69, 0.50)),
    ),
    "eight": (
        (
            (0.65, 0.27), (0.54, 0.17), (0.42, 0.22), (0.41, 0.35), (0.54, 0.48), (0.64, 0.62), (0.62, 0.77),
            (0.49, 0.84), (0.37, 0.77), (0.38, 0.62), (0.53, 0.47), (0.65, 0.36), (0.66, 0.26),
        ),
    ),
    "letter-a": (
        ((0.51, 0.15), (0.42, 0.38), (0.33, 0.62), (0.22, 0.86)),
        ((0.52, 0.16), (0.60, 0.38), (0.68, 0.62), (0.79, 0.85)),
        ((0.33, 0.61), (0.50, 0.59), (0.69, 0.60)),
    ),
    "letter-s": (
        (
            (0.71, 0.25), (0.60, 0.15), (0.43, 0.15), (0.32, 0.26), (0.35, 0.40), (0.50, 0.48),
            (0.65, 0.56), (0.70, 0.70), (0.60, 0.83), (0.42, 0.86), (0.28, 0.75),
        ),
    ),
    "letter-k": (
        ((0.34, 0.11), (0.35, 0.35), (0.34, 0.60), (0.35, 0.87)),
        (
            (0.66, 0.37), (0.54, 0.49), (0.37, 0.61), (0.37, 0.61), (0.47, 0.66), (0.57, 0.77), (0.64, 0.85),
            (0.73, 0.86),
        ),
    ),
    "house": (
        ((0.20, 0.48), (0.205, 0.66), (0.20, 0.87), (0.20, 0.87), (0.50, 0.88), (0.80, 0.87), (0.80, 0.87),
         (0.795, 0.68), (0.80, 0.48)),
        ((0.11, 0.53), (0.30, 0.34), (0.50, 0.14), (0.50, 0.14), (0.70, 0.335), (0.89, 0.53)),
        ((0.44, 0.87), (0.435, 0.74), (0.44, 0.62), (0.44, 0.62), (0.51, 0.61), (0.58, 0.62), (0.58, 0.62),
         (0.585, 0.74), (0.58, 0.87)),
        ((0.685, 0.32), (0.69, 0.24), (0.685, 0.17), (0.685, 0.17), (0.73, 0.165), (0.775, 0.17), (0.775, 0.17),
         (0.78, 0.28), (0.775, 0.41)),
    ),
    "fish": (
        (
            (0.86, 0.29), (0.74, 0.42), (0.60, 0.57), (0.42, 0.68), (0.24, 0.64), (0.12, 0.51), (0.23, 0.38),
            (0.41, 0.33), (0.60, 0.44), (0.74, 0.59), (0.87, 0.72),
        ),
        ((0.86, 0.30), (0.80, 0.50), (0.87, 0.71)),
        ((0.36, 0.39), (0.41, 0.50), (0.37, 0.62)),
        ((0.245, 0.475), (0.25, 0.48)),
    ),
    "smiley": (
        (
            (0.55, 0.11), (0.36, 0.13), (0.19, 0.26), (0.12, 0.47), (0.18, 0.70), (0.36, 0.86), (0.58, 0.87),
            (0.79, 0.74), (0.88, 0.53), (0.83, 0.30), (0.68, 0.15), (0.50, 0.115),
        ),
        ((0.37, 0.35), (0.375, 0.40), (0.37, 0.45)),
        ((0.63, 0.35), (0.635, 0.40), (0.63, 0.45)),
        ((0.29, 0.58), (0.37, 0.69), (0.50, 0.73), (0.63, 0.69), (0.72, 0.57)),
    ),
    "star": (
        (
            (0.26, 0.87), (0.38, 0.50), (0.50, 0.12), (0.50, 0.12), (0.62, 0.49), (0.75, 0.88), (0.75, 0.88),
            (0.45, 0.65), (0.11, 0.40), (0.11, 0.40), (0.50, 0.395), (0.89, 0.40), (0.89, 0.40), (0.58, 0.63),
            (0.25, 0.86),
        ),
    ),
    "cup": (
        ((0.20, 0.35), (0.22, 0.57), (0.28, 0.77), (0.38, 0.85), (0.52, 0.85), (0.62, 0.77), (0.67, 0.58),
         (0.69, 0.35)),
        (
            (0.69, 0.35), (0.58, 0.39), (0.44, 0.405), (0.30, 0.39), (0.20, 0.35), (0.31, 0.31), (0.45, 0.295),
            (0.59, 0.31), (0.69, 0.345),
        ),
        ((0.68, 0.44), (0.80, 0.41), (0.87, 0.50), (0.81, 0.62), (0.64, 0.69)),
        ((0.37, 0.23), (0.34, 0.17), (0.38, 0.12), (0.36, 0.06)),
        ((0.50, 0.23), (0.47, 0.17), (0.51, 0.12), (0.49, 0.06)),
    ),
    "boat": (
        ((0.12, 0.66), (0.30, 0.68), (0.60, 0.68), (0.88, 0.65), (0.88, 0.65), (0.82, 0.77), (0.72, 0.84),
         (0.48, 0.85), (0.28, 0.84), (0.18, 0.77), (0.12, 0.665)),
        ((0.49, 0.67), (0.485, 0.40), (0.49, 0.12)),
        ((0.49, 0.13), (0.62, 0.27), (0.72, 0.43), (0.77, 0.57), (0.77, 0.57), (0.64, 0.585), (0.49, 0.58)),
        ((0.49, 0.20), (0.40, 0.37), (0.27, 0.55), (0.27, 0.55), (0.38, 0.57), (0.485, 0.57)),
    ),
}  # fmt: skip
"""Strokes through points in the unit square, x right, y down. A point given twice makes a corner."""


def spline(points: Points, samples: int = 60) -> NDArray[np.float64]:
    """Curve [s, 2] through the points: Catmull-Rom pieces, broken where a point is given twice."""
    runs: list[list[tuple[float, float]]] = [[points[0]]]
    for before, point in pairwise(points):
        if point == before:
            runs.append([point])
        else:
            runs[-1].append(point)
    return np.concatenate([_smooth_run(np.array(run), samples) for run in runs])


def _smooth_run(run: NDArray[np.float64], samples: int) -> NDArray[np.float64]:
    ends = np.concatenate([2 * run[:1] - run[1:2], run, 2 * run[-1:] - run[-2:-1]])
    u = np.linspace(0, 1, samples)[:, None]
    pieces = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        pieces.append(b + u * ((c - a) + u * ((2 * a - 5 * b + 4 * c - d) + u * (3 * (b - c) + d - a))) / 2)
    return _relaxed(np.concatenate(pieces))


def _relaxed(curve: NDArray[np.float64], spacing: float = 0.002, blur: float = 0.025) -> NDArray[np.float64]:
    """The curve at even spacing with its bends evened out as a moving hand does; ends stay."""
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    even = np.linspace(0, length[-1], max(2, round(length[-1] / spacing)))
    curve = np.stack([np.interp(even, length, axis) for axis in curve.T], -1)
    reach = min(len(curve) - 1, round(2.5 * blur / spacing))
    weights = np.exp(-((np.arange(-reach, reach + 1) * spacing / blur) ** 2) / 2)
    before, after = 2 * curve[0] - curve[reach:0:-1], 2 * curve[-1] - curve[-2 : -2 - reach : -1]
    padded = np.concatenate([before, curve, after])
    return np.stack([np.convolve(axis, weights / weights.sum(), "valid") for axis in padded.T], -1)


def draw(name: str, size: int, pen: float) -> Ink:
    """Ink [size, size] in [0, 1] of a drawing; `pen` is its width as a part of the size, a little more mid-stroke."""
    curves = [spline(points) for points in DRAWINGS[name]]
    return painted(curves, (size, size), pen, np.random.default_rng(sorted(DRAWINGS).index(name)))


def painted(
    curves: Iterable[NDArray[np.float64]],
    size: tuple[int, int],
    pen: float,
    random: np.random.Generator,
    tremor: float = 0.0032,
) -> Ink:
    """Ink [h, w] in [0, 1] of curves [s, 2] in units of the width, drawn by a hand with a tremor; (w, h) is `size`."""
    width, height = size
    fine = max(3, 256 // width)
    image = Image.new("L", (width * fine, height * fine))
    brush = ImageDraw.Draw(image)
    for curve in curves:
        length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
        waves = random.normal(size=(2, 5)) / np.arange(1, 6) ** 1.5
        phase = length[:, None] * np.arange(1, 6) * 2 * np.pi * 1.3 + random.uniform(0, 2 * np.pi, 5)
        curve = curve + tremor * np.stack([np.sin(phase) @ waves[0], np.cos(phase) @ waves[1]], -1)
        pressure = 0.86 + 0.2 * np.sin(np.pi * np.clip(length / max(length[-1], 1e-9), 0, 1)).clip(0) ** 0.6
        for (x, y), radius in zip(curve * width * fine, pressure * pen * width * fine / 2, strict=True):
            brush.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(image.reduce(fine), np.float64) / 255


def note() -> Image.Image:
    """A note on ruled paper, in two pens."""
    random = np.random.default_rng(11)
    size = (900, 640)
    paper = np.broadcast_to(np.array((252.0, 250.0, 244.0)), (size[1], size[0], 3)).copy()
    paper[70::78] = paper[71::78] = (196, 212, 232)
    lines = (("thank you", 0.12, 226, (30, 52, 120)), ("for the lemons", 0.10, 382, (30, 52, 120)),
             ("come at six", 0.28, 538, (176, 40, 44)))  # fmt: skip
    for words, left, base, colour in lines:
        curves = [high * spline(letter) + at for letter, high, at in written(words, left, base / size[0], 0.052)]
        ink = painted(curves, size, 0.0062, random, tremor=0.0012)[..., None]
        paper = paper + ink * (np.array(colour) - paper)
    return Image.fromarray(np.rint(paper).astype(np.uint8)).quantize(24)


def line_art() -> Image.Image:
    """A meadow in fine pen, some three hundred strokes."""
    curves = [0.12 * spline(tuple((x / 0.12, y / 0.12) for x, y in points)) for points in meadow()]
    return dark(painted(curves, (1000, 700), 0.0026, np.random.default_rng(5), tremor=0.0005)).quantize(8)


def marker() -> Image.Image:
    """A cat in a fat marker, which is darker where it goes twice."""
    random = np.random.default_rng(7)
    light = np.ones((520, 520, 3))
    for points in CAT:
        ink = painted([spline(points)], (520, 520), 0.034, random)
        light *= 1 - ink[..., None] * np.array((0.55, 0.72, 0.32))
    return Image.fromarray(_bytes(light)).quantize(32)


def snapshot() -> Image.Image:
    """A pencil drawing on a sheet, photographed askew on a wooden desk under a lamp."""
    random = np.random.default_rng(9)
    width, height = 800, 640
    ink = painted([spline(points) for points in POT], (width, height), 0.0055, random, tremor=0.002)
    sheet = Image.fromarray(_bytes(0.93 - 0.62 * ink))
    corners = (-110, -70, -60, height + 90, width + 90, height + 60, width + 60, -110)
    quad = {"method": Image.Transform.QUAD, "data": corners, "resample": Image.Resampling.BICUBIC}
    seen = np.asarray(sheet.transform((width, height), fillcolor=0, **quad), float) / 255
    there = np.asarray(Image.new("L", (width, height), 255).transform((width, height), fillcolor=0, **quad)) > 127
    y, x = np.mgrid[:height, :width] / width
    wood = 0.36 + 0.05 * np.sin(60 * y + 4 * np.sin(5 * x)) + 0.02 * np.sin(400 * y + 9 * x)
    lamp = 1.0 - 0.45 * np.hypot(x - 0.2, y - 0.1)
    grain = random.normal(0, 0.008, (height, width))
    tint = np.where(there[..., None], (1.0, 0.97, 0.9), (1.0, 0.74, 0.5))
    shade = np.where(there, seen, wood) * lamp + grain
    return Image.fromarray(_bytes(np.clip(shade[..., None] * tint, 0, 1)))


def light(ink: Ink) -> Image.Image:
    return Image.fromarray(_bytes(ink))


def dark(ink: Ink) -> Image.Image:
    return Image.fromarray(_bytes(1 - ink))


def one_bit(ink: Ink) -> Image.Image:
    return Image.fromarray(ink < 0.5)


def deep(ink: Ink) -> Image.Image:
    return Image.fromarray(np.rint((1 - ink) * 65535).astype(np.uint16))


def transparent(ink: Ink) -> Image.Image:
    colours = np.empty((*ink.shape, 4), np.uint8)
    colours[...] = (24, 24, 32, 0)
    colours[..., 3] = _bytes(ink)
    return Image.fromarray(colours)


def coloured(ink: Ink) -> Image.Image:
    return Image.fromarray(_blend(ink, (255, 255, 255), (28, 62, 150)))


def palette(ink: Ink) -> Image.Image:
    return Image.fromarray(_blend(ink, (250, 244, 228), (142, 42, 34))).quantize(12)


def chalk(ink: Ink) -> Image.Image:
    """Chalk on a green board: strokes with grain, and some dust."""
    random = np.random.default_rng(1)
    grain = np.clip(random.normal(0.92, 0.16, ink.shape), 0.3, 1)
    smears = np.asarray(Image.fromarray(random.random((6, 6))).resize(ink.shape, Image.Resampling.BICUBIC)) * 0.05
    return Image.fromarray(_blend(np.clip(ink * grain + smears, 0, 1), (30, 58, 48), (240, 240, 230))).quantize(24)


def photo(ink: Ink) -> Image.Image:
    """Grey paper under a lamp at the upper left, seen by a camera."""
    random = np.random.default_rng(2)
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]] / ink.shape[0]
    lamp = 0.86 - 0.26 * np.hypot(x - 0.15, y - 0.1) + random.normal(0, 0.012, ink.shape)
    return Image.fromarray(_bytes(np.clip(lamp * (1 - 0.78 * ink), 0, 1)))


def _blend(ink: Ink, paper: tuple[int, int, int], pen: tuple[int, int, int]) -> NDArray[np.uint8]:
    return np.rint(np.array(paper) + ink[..., None] * (np.array(pen) - np.array(paper))).astype(np.uint8)


def _bytes(values: Ink) -> NDArray[np.uint8]:
    return np.rint(values * 255).astype(np.uint8)


FILES: dict[str, tuple[str, int, float, Callable[[Ink], Image.Image]]] = {
    "three.png": ("three", 28, 0.095, light),
    "eight.png": ("eight", 28, 0.085, light),
    "seven.png": ("seven", 300, 0.06, dark),
    "letter-a.png": ("letter-a", 105, 0.03, one_bit),
    "letter-s.png": ("letter-s", 400, 0.07, transparent),
    "letter-k.png": ("letter-k", 160, 0.055, deep),
    "house.png": ("house", 600, 0.022, palette),
    "fish.png": ("fish", 480, 0.022, coloured),
    "smiley.png": ("smiley", 360, 0.035, chalk),
    "star.png": ("star", 1200, 0.007, dark),
    "cup.jpg": ("cup", 512, 0.018, photo),
    "boat.png": ("boat", 64, 0.045, dark),
}
"""File name to drawing, size in pixels, pen width as a part of that, and how ink becomes an image."""


SCENES: dict[str, Callable[[], Image.Image]] = {
    "note.png": note,
    "meadow.png": line_art,
    "marker.png": marker,
    "snapshot.jpg": snapshot,
}
"""File name to the scene on it."""


def main(folder: Path = SAMPLES) -> None:
    """Write all samples."""
    make_folder(folder)
    single = {name: finish(draw(drawing, size, pen)) for name, (drawing, size, pen, finish) in FILES.items()}
    for name, image in (single | {name: scene() for name, scene in SCENES.items()}).items():
        encoded = io.BytesIO()
        options = {"quality": 72} if name.endswith(".jpg") else {"optimize": True}
        image.save(encoded, "JPEG" if name.endswith(".jpg") else "PNG", **options)
        with atomic_write(folder / name) as file:
            file.write(encoded.getvalue())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
