"""How far inferred strokes agree with those that people drew."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.checkpoints import checkpoint
from dood.checkpoints.headers import model_name, source_of
from dood.data.penpaths import PenPaths, load_pen_paths
from dood.errors import DoodError
from dood.evaluation.joining import even, join_lines
from dood.evaluation.skeleton import skeleton_lines
from dood.files import write_table
from dood.pictures import Picture
from dood.tasks.canvas import draw_pictures

__all__ = ["Agreement", "agreement", "compare"]

Line = NDArray[np.float64]
STEP = 0.5
"""Pixels between the points that lines are compared at."""
DARK = 127
IMAGES_AT_ONCE = 64


class Agreement(NamedTuple):
    """A row of the table, means over drawings.

    Attributes:
        method: a model's name, or `skeleton`, the classical baseline; `joined` where lines that continue one another
            were made one.
        source: what a model was trained on.
        chamfer_px: mean distance from a point of either drawing to the other, both ways averaged, in pixels.
        count_within_1: share of drawings with as many strokes as the person's, or one more or less.
        ari: adjusted Rand index between the person's strokes and the nearest inferred ones, over points of the pen.
        strokes: inferred.
    """

    method: str
    source: str
    drawings: int
    chamfer_px: float
    count_within_1: float
    ari: float
    strokes: float
    images_per_s: float


def agreement(models: Sequence[str | Path], table: str | Path, *, limit: int | None = None) -> list[Agreement]:
    """Compare models, with the defaults of `dood draw`, and the classical baseline with people; write a CSV table.

    Arguments:
        models: as for `dood.checkpoints.checkpoint.load`.
        limit: on so many of the 2,720 drawings only.

    Raises:
        DoodError: a model or the pen paths are not there, or scikit-learn or scikit-image are not installed.
    """
    people = load_pen_paths(limit)
    methods: list[tuple[str, str, Callable[[NDArray], list[list[Line]]]]] = [("skeleton", "", _skeletons)]
    for model in models:
        header, network = checkpoint.header_of(model), checkpoint.load(model)
        methods.append((model_name(header), source_of(header), _drawer(network)))
    rows = []
    for name, source, find in methods:
        began = time.perf_counter()
        found = find(people.images)
        rate = len(found) / (time.perf_counter() - began)
        rows += [
            _row(name, source, found, people, rate),
            _row(f"{name} joined", source, [join_lines(lines) for lines in found], people, rate),
        ]
        write_table(table, Agreement._fields, rows)
    return rows


def compare(found: Sequence[Line], drawn: Sequence[Line]) -> tuple[float, bool, float]:
    """Chamfer distance, whether the count is within 1, and adjusted Rand index of two sets of polylines.

    A drawing in which nothing was found has an infinite distance, and an index of 0.
    """
    try:
        from scipy.spatial import KDTree
        from sklearn.metrics import adjusted_rand_score
    except ImportError as error:
        raise DoodError("agreement needs scikit-learn: pip install 'dood[eval]'") from error
    close = abs(len(found) - len(drawn)) <= 1
    if not len(found):
        return float("inf"), close, 0.0
    (points, which), (pen, whose) = (_points(lines) for lines in (found, drawn))
    back = KDTree(pen).query(points)[0]
    forth, nearest = KDTree(points).query(pen)
    return float(np.mean(back) + np.mean(forth)) / 2, close, float(adjusted_rand_score(whose, which[nearest]))


def _points(lines: Sequence[Line]) -> tuple[Line, NDArray[np.int_]]:
    """Points at equal distances along all lines, and which line each is of."""
    spaced = [even(line, STEP) for line in lines]
    return np.concatenate(spaced), np.repeat(np.arange(len(spaced)), [len(line) for line in spaced])


def _skeletons(images: NDArray[np.uint8]) -> list[list[Line]]:
    return [skeleton_lines(image > DARK) for image in images]


def _drawer(network: Any) -> Callable[[NDArray[np.uint8]], list[list[Line]]]:
    def find(images: NDArray[np.uint8]) -> list[list[Line]]:
        lines = []
        for start in range(0, len(images), IMAGES_AT_ONCE):
            pictures = [Picture.from_array(image, polarity="light") for image in images[start : start + IMAGES_AT_ONCE]]
            lines += [[stroke.even(STEP) for stroke in drawing.strokes] for drawing in draw_pictures(pictures, network)]
        return lines

    return find


def _row(name: str, source: str, found: Sequence[Sequence[Line]], people: PenPaths, rate: float) -> Agreement:
    figures = np.array([compare(lines, drawn) for lines, drawn in zip(found, people.strokes, strict=True)], dtype=float)
    chamfer, count, ari = figures.mean(0).tolist()
    strokes = float(np.mean([len(lines) for lines in found]))
    return Agreement(name, source, len(found), chamfer, count, ari, strokes, rate)
