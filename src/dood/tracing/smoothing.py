"""Many paths at once, end to end in one array: even spacing, corners, smoothing."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from dood.tracing.chains import Path

__all__ = ["Lines", "corners_of", "evenly", "smoothed"]

STEP = 1.0
"""Work pixels between the points of a line."""

CORNER = 55.0
"""Degrees that a line must turn within two pen widths to have a corner there."""

REACH = 1.2
"""Pen widths before and after a point over which its directions are taken."""

SMOOTH = 0.25
"""Deviation of the smoothing along a line, in pen widths."""


class Lines(NamedTuple):
    """Evenly spaced points of many lines, end to end.

    Attributes:
        points: float64 [n, 2].
        widths: float64 [n].
        starts: int [l + 1]; line i has the points `starts[i]:starts[i + 1]`, at least two.
        closed: bool [l]; the last point of a closed line is its first.
    """

    points: NDArray[np.float64]
    widths: NDArray[np.float64]
    starts: NDArray[np.intp]
    closed: NDArray[np.bool_]

    @property
    def owner(self) -> NDArray[np.intp]:
        """The line [n] of each point."""
        return np.repeat(np.arange(len(self.closed)), np.diff(self.starts))


def evenly(paths: list[Path], step: float = STEP) -> Lines:
    """Points of the paths about `step` apart."""
    points = np.concatenate([path.points for path in paths])
    widths = np.concatenate([path.widths for path in paths])
    starts = np.append(0, np.cumsum([len(path.points) for path in paths]))
    steps = np.hypot(*np.diff(points, axis=0).T)
    steps[starts[1:-1] - 1] = 1.0  # from one path to the next
    along = np.append(0.0, np.cumsum(np.maximum(steps, 1e-9)))
    lengths = along[starts[1:] - 1] - along[starts[:-1]]
    counts = np.maximum(2, np.ceil(lengths / step).astype(int) + 1)
    cuts = np.append(0, np.cumsum(counts))
    share = (np.arange(cuts[-1]) - np.repeat(cuts[:-1], counts)) / np.repeat(counts - 1, counts)
    at = np.repeat(along[starts[:-1]], counts) + share * np.repeat(lengths, counts)
    x, y, width = (np.interp(at, along, values) for values in (points[:, 0], points[:, 1], widths))
    return Lines(np.stack([x, y], 1), width, cuts, np.array([path.closed for path in paths], bool))


def corners_of(lines: Lines, pen: float) -> NDArray[np.bool_]:
    """The points [n] at which a line has a corner; its ends are none, but where a closed line has one there."""
    reach = max(2, round(REACH * pen / STEP))
    first, last = (
        np.repeat(lines.starts[part] - extra, np.diff(lines.starts))
        for part, extra in ((slice(None, -1), 0), (slice(1, None), 1))
    )
    here = np.arange(len(lines.points))
    back, on = _walk(lines, here, -reach, first, last), _walk(lines, here, reach, first, last)
    before, after = lines.points[here] - lines.points[back], lines.points[on] - lines.points[here]
    cosine = (before * after).sum(1) / np.maximum(np.hypot(*before.T) * np.hypot(*after.T), 1e-9)
    angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    angle[((here == first) | (here == last)) & ~lines.closed[lines.owner]] = 0.0
    angle += 1e-9 * here  # of points that turn alike, the last is the corner
    return (angle > CORNER) & (angle == maximum_filter1d(angle, 2 * reach + 1))


def _walk(
    lines: Lines, here: NDArray[np.intp], by: int, first: NDArray[np.intp], last: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Indices `by` points further along each line, no further than its ends, round and round if it is closed."""
    there = np.clip(here + by, first, last)
    around = first + (here + by - first) % np.maximum(last - first, 1)
    return np.where(lines.closed[lines.owner], around, there)


def smoothed(lines: Lines, breaks: NDArray[np.bool_], deviation: float) -> Lines:
    """Lines smoothed along their length, but at their ends and at `breaks` [n], which stay where they are.

    Arguments:
        deviation: of the Gaussian, in work pixels.
    """
    ends = np.zeros(len(lines.points), bool)
    ends[lines.starts[:-1]] = ends[lines.starts[1:] - 1] = True
    at = np.flatnonzero(ends | breaks)
    spans = np.stack([at[:-1], at[1:]], 1)[lines.owner[at[:-1]] == lines.owner[at[1:]]]
    pad = int(np.ceil(3 * deviation))
    counts = spans[:, 1] - spans[:, 0] + 1 + 2 * pad
    offset = np.arange(counts.sum()) - np.repeat(np.append(0, np.cumsum(counts))[:-1], counts) - pad
    begin, size = np.repeat(spans[:, 0], counts), np.repeat(spans[:, 1] - spans[:, 0], counts)
    values = np.column_stack([lines.points, lines.widths])
    inside = np.clip(offset, 0, size)
    mirrored = np.clip(np.where(offset < 0, -offset, np.where(offset > size, 2 * size - offset, offset)), 0, size)
    extended = values[begin + mirrored]
    beyond = offset != inside
    extended[beyond] = 2 * values[(begin + inside)[beyond]] - extended[beyond]
    extended[:, 2] = values[begin + inside, 2]
    soft = gaussian_filter1d(extended, deviation, axis=0)
    interior = (offset > 0) & (offset < size)
    result = values.copy()
    result[(begin + offset)[interior]] = soft[interior]
    result = _rounded_rings(lines, result, breaks, deviation)
    return lines._replace(points=result[:, :2], widths=result[:, 2])


def _rounded_rings(
    lines: Lines, values: NDArray[np.float64], breaks: NDArray[np.bool_], deviation: float
) -> NDArray[np.float64]:
    """Closed lines without a corner have no end either: the point where they were cut is smoothed as well."""
    reach = max(1, round(deviation))
    for i in np.flatnonzero(lines.closed).tolist():
        first, last = int(lines.starts[i]), int(lines.starts[i + 1]) - 1
        if not breaks[first : last + 1].any() and last - first > 2 * reach:
            middle = values[[first + reach, last - reach]].mean(0)
            values[[first, last]] = (values[first] + middle) / 2
    return values
