"""The ink of a work image as a mask that can be thinned: faint lines whole, specks and pin holes gone, fills hollow."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects

from dood.tracing.doubled import merged
from dood.tracing.outline import line_level
from dood.tracing.regions import depth_of, parts_of
from dood.tracing.thinning import thinned
from dood.tracing.work import INK, Work

__all__ = ["Mask", "mask_of"]

SPECK = 0.125
"""Smallest ink and smallest hole, in squared pen widths."""

TOUCH = 0.75
"""Less ink than this many squared pen widths, what the pen leaves where it is set down, must be dark somewhere: pale
specks are the paper's grain."""

DEEP = 2.2
"""Ink deeper than this many pen radii is no line of that pen ..."""

COMPACT = 3.0
"""... and is filled if its deep part covers less than this many squares of its own width; else it is a broader line."""

EVEN, LONG = 0.6, 0.75
"""What hangs together is a broader pen's line if it is deep at half of its middle line, there at least EVEN of its
deepest tenth, and the middle line is longer than LONG of its widths."""

BLOT = 5.0
"""A fill less than so many pen widths across that stands alone is a dot."""


class Mask(NamedTuple):
    """A mask of ink.

    Attributes:
        ink: bool [h, w].
        depth: float32 [h, w], distance in work pixels to where there is none.
        hollow: bool [h, w], what was taken out of fills, so that outlines are left.
    """

    ink: NDArray[np.bool_]
    depth: NDArray[np.float32]
    hollow: NDArray[np.bool_]


def mask_of(work: Work, *, hollow: bool = True, merge: float = 0.0) -> Mask:
    """The mask of a work image.

    Arguments:
        hollow: whether fills become their outlines.
        merge: lines with gaps of less than so many pen widths between them are one.
    """
    ink = work.ink > line_level(work.ink, work.pen)
    least = max(1.0, SPECK * work.pen**2)
    ink = _without_pale_specks(_without_small(ink, least, diagonally=True), work)
    ink = ~_without_small(~ink, least, diagonally=False)
    depth = depth_of(ink)
    taken = _hollow(ink, depth, work.pen) if hollow else np.zeros_like(ink)
    lines = merged(ink & ~taken, merge * work.pen) if merge else ink & ~taken
    taken &= ~lines
    depth = depth if (lines == ink).all() else depth_of(lines)
    return Mask(lines, depth, taken)


def _without_small(mask: NDArray[np.bool_], least: float, *, diagonally: bool) -> NDArray[np.bool_]:
    parts = parts_of(mask, diagonally=diagonally)
    keep = np.bincount(parts.ravel()) >= least
    keep[0] = False
    return keep[parts]


def _without_pale_specks(ink: NDArray[np.bool_], work: Work) -> NDArray[np.bool_]:
    parts = parts_of(ink, diagonally=True)
    keep = np.bincount(parts.ravel()) >= TOUCH * work.pen**2
    keep[parts[ink & (work.ink > INK)]] = True
    keep[0] = False
    return keep[parts]


def _hollow(ink: NDArray[np.bool_], depth: NDArray[np.float32], pen: float) -> NDArray[np.bool_]:
    """What is taken out of fills, so that outlines are left: all that lies deeper in them than the pen is wide."""
    deep = depth > DEEP * pen / 2
    hollow = np.zeros_like(ink)
    if not deep.any():
        return hollow
    parts = parts_of(deep & ~_of_broad_lines(ink, depth, DEEP * pen / 2))
    for index, box in enumerate(find_objects(parts), 1):
        own = parts[box] == index
        deepest = float(depth[box][own].max())
        alone = deepest < BLOT * pen / 2 and _stands_alone(ink, box, deepest)
        if not alone and own.sum() < COMPACT * 4 * deepest**2:
            hollow[box] |= own & (depth[box] > max(pen, DEEP * pen / 2))
    return hollow


def _of_broad_lines(ink: NDArray[np.bool_], depth: NDArray[np.float32], least: float) -> NDArray[np.bool_]:
    """Pixels [h, w] of ink that hangs together and was drawn with a broader pen."""
    parts = parts_of(ink, diagonally=True)
    broad = np.zeros(int(parts.max()) + 1, bool)
    boxes = find_objects(parts)
    for index in np.unique(parts[depth > least]).tolist():
        box = boxes[index - 1]
        middle = thinned(np.pad(parts[box] == index, 1))[1:-1, 1:-1]
        usual, most = np.quantile(depth[box][middle], (0.5, 0.9))
        broad[index] = usual > least and usual >= EVEN * most and middle.sum() >= LONG * 2 * usual
    return broad[parts]


def _stands_alone(ink: NDArray[np.bool_], box: tuple[slice, ...], deepest: float) -> bool:
    """Whether nothing leads away from a round blot."""
    reach = int(np.ceil(deepest)) + 2
    rows, columns = (slice(max(0, part.start - reach), part.stop + reach) for part in box)
    around = ink[rows, columns]
    return not (around[[0, -1]].any() or around[:, [0, -1]].any())
