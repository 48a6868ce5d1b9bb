"""Ink that strokes leave: windows of it go to a recogniser, whose lines are taken where they explain it.

A recogniser is a function of arrays alone, so what serves it may be anything: thinning of what is left (`left_lines`,
the default), or a model at work (`dood.tasks.recognition`).
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects
from scipy.spatial import KDTree

from dood.tracing.chains import Run
from dood.tracing.cubics import Chain, polyline
from dood.tracing.graph import graph_of
from dood.tracing.linking import by_hand
from dood.tracing.mask import Mask
from dood.tracing.regions import depth_of, parts_of
from dood.tracing.work import FAINT, INK, pen_width

__all__ = ["Found", "Recogniser", "left_lines", "lines_left"]

LEAST = 0.75
"""Least missed ink that hangs together and is looked at, in squared pen widths: what the pen leaves where it is set
down."""

BESIDE = 0.25
"""Pen widths beside a stroke at its own width within which ink is the stroke's."""

AROUND = 2.0
"""Pen widths of picture around what is missed that a recogniser sees."""

NEW, ASTRAY = 0.5, 0.25
"""Least share of what a line draws that is missed ink, and most of what it draws where there is none, as a share of
the missed ink that it explains; a line that leaves its window is not taken."""

MOST = 64
"""Windows that are looked at, those with most missed ink first: a picture with more is no drawing."""


@runtime_checkable
class Recogniser(Protocol):
    """What sees strokes in a window."""

    def __call__(self, target: NDArray[np.float32], canvas: NDArray[np.float32], /) -> list[Run]:
        """Lines that are in the target, and not yet on the canvas.

        Arguments:
            target: ink [h, w] in [0, 1] of the picture in the window, where the pen is a few pixels wide.
            canvas: ink [h, w] of the strokes that were found so far.

        Returns:
            Points [n, 2] and widths [n] along each line, in the pen's direction and in pixels of the window: x to the
            right, y down, (0, 0) its corner.
        """
        ...


class Found(NamedTuple):
    """A line that a recogniser saw.

    Attributes:
        line: in work pixels.
        after: index of the stroke that is nearest to it.
    """

    line: Run
    after: int


class _Strokes:
    """Where chains draw."""

    def __init__(self, chains: list[Chain]) -> None:
        lines = [polyline(chain) for chain in chains]
        self.tree = KDTree(np.concatenate([line for line, _ in lines]))
        self.radii = np.concatenate([widths for _, widths in lines]) / 2
        self.owner = np.repeat(np.arange(len(chains)), [len(line) for line, _ in lines])

    def beyond(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far places [..., 2] lie outside the nearest stroke; less than nil inside it."""
        away, nearest = self.tree.query(places)
        return np.asarray(away - self.radii[nearest])


def lines_left(
    chains: list[Chain], ink: NDArray[np.float32], mask: NDArray[np.bool_], pen: float, recognise: Recogniser
) -> list[Found]:
    """The lines of a recogniser that explain ink which the chains miss.

    Arguments:
        ink: float32 [h, w] in [0, 1], the work image.
        mask: bool [h, w], what of it is ink that must not be missed.
        pen: width of the pen in work pixels.
    """
    strokes = _Strokes(chains)
    found = []
    for window in _windows(strokes, mask, pen):
        corner = np.array([window[1].start, window[0].start], float)
        target = ink[window] * mask[window]
        beyond = strokes.beyond(_middles(target.shape) + corner)
        canvas = np.clip(0.5 - beyond, 0, 1).astype(np.float32)
        missed = mask[window] & (beyond > BESIDE * pen)
        for points, widths in recognise(target, canvas):
            drawn = _drawn(points, widths, target.shape)
            new = int((drawn & missed).sum())
            enough = new >= max(LEAST * pen**2, NEW * drawn.sum()) and _within(points, target.shape)
            if enough and (drawn & (target < FAINT)).sum() <= ASTRAY * new:
                missed &= ~drawn
                after = int(strokes.owner[strokes.tree.query(points[len(points) // 2] + corner)[1]])
                found.append(Found((points + corner, widths), after))
    return found


def left_lines(target: NDArray[np.float32], canvas: NDArray[np.float32]) -> list[Run]:
    """A recogniser: the middle lines of what the canvas leaves of the target."""
    left = (target > INK) & (canvas < INK)
    if not left.any():
        return []
    pen = pen_width(left)
    graph = graph_of(Mask(left, depth_of(left), np.zeros_like(left)), pen)
    return [(path.points, path.widths) for path in by_hand(graph, True).paths]


def _windows(strokes: _Strokes, mask: NDArray[np.bool_], pen: float) -> Iterator[tuple[slice, slice]]:
    """Rows and columns around each part of the missed ink, which is looked for at every few pixels."""
    every = max(1, round(pen / 2))
    lattice = mask[::every, ::every].copy()
    places = np.argwhere(lattice)
    lattice[lattice] = strokes.beyond(np.add(every * places[:, ::-1], 0.5, dtype=np.float64)) > BESIDE * pen
    if not lattice.any():
        return
    parts = parts_of(lattice, diagonally=True)
    sizes, boxes = np.bincount(parts.ravel())[1:] * every**2, find_objects(parts)
    margin = round(AROUND * pen)
    for i in np.argsort(-sizes, kind="stable")[:MOST].tolist():
        if sizes[i] >= LEAST * pen**2:
            rows, columns = (slice(max(0, every * s.start - margin), every * s.stop + margin) for s in boxes[i])
            yield rows, columns


def _middles(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Centres [h, w, 2] of pixels."""
    y, x = np.indices(shape) + 0.5
    return np.stack([x, y], -1)


def _within(points: NDArray[np.float64], shape: tuple[int, ...]) -> bool:
    return bool(((points >= 0) & (points <= shape[::-1])).all())


def _drawn(points: NDArray[np.float64], widths: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The pixels [h, w] that a line inks."""
    away, nearest = KDTree(points).query(_middles(shape))
    return np.asarray(away <= widths[nearest] / 2)
