"""Thin straight lines that cross a picture from side to side: what the rules of paper look like, and a few others."""

from typing import NamedTuple

import numpy as np
from numpy.polynomial import polynomial
from numpy.typing import NDArray

__all__ = ["STRIPS", "Rules", "rules_in"]

SMALLEST = 200
"""Pictures with a shorter side have no rules."""

STRIPS = 36
"""Strips across the lines' direction in which they are looked for."""

SLOPE = 0.06
"""Steepest slope of rules against the picture's edge."""

SEEN, COVERED = 0.5, 0.6
"""Share of a strip's pixels from which a line is seen there, and share of strips that a rule is seen in."""


class Rules(NamedTuple):
    """Lines of one direction, from top to bottom.

    Attributes:
        middles: float [n, w], where each lies at each pixel along it.
        extent: float [n], share of the picture's width from where each is first seen to where it is last.
        half: half of their width and of its wobble, in whole pixels.
    """

    middles: NDArray[np.float64]
    extent: NDArray[np.float64]
    half: int

    def chosen(self, which: NDArray[np.bool_]) -> "Rules":
        """Some of them."""
        return Rules(self.middles[which], self.extent[which], self.half)


def rules_in(contrast: NDArray[np.float32], noise: float, fewest: int = 4) -> Rules | None:
    """Thin straight lines that cross the picture, nearly level; None if there are fewer than `fewest`.

    Arguments:
        contrast: [h, w], 0 is paper, grows with ink.
        noise: of paper, its standard deviation.
    """
    height, width = contrast.shape
    if min(height, width) < SMALLEST:
        return None
    reach = 3 + max(height, width) // 800
    profile, at = _profile(contrast, reach, max(3 * noise, 0.015))
    slope = _slope(profile, at, fewest)
    if slope is None:
        return None
    tracks, seen = _tracked(profile, at, slope)
    keep = seen.mean(1) >= COVERED
    if not keep.any():
        return None
    tracks, seen = tracks[keep], seen[keep]
    middles = np.stack([_fitted(at, track, see, width) for track, see in zip(tracks, seen, strict=True)])
    extent = (STRIPS - seen.argmax(1) - seen[:, ::-1].argmax(1)) / STRIPS
    single = _single(middles, reach)
    return Rules(middles[single], extent[single], reach) if len(single) >= fewest else None


def _profile(
    contrast: NDArray[np.float32], reach: int, least: float
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Share [h, strips] of each strip's pixels that are on a thin line along it, and the strips' middles."""
    height, width = contrast.shape
    padded = np.pad(contrast, ((reach, reach), (0, 0)), mode="edge")
    beside = np.maximum(padded[: -2 * reach], padded[2 * reach :])
    on = (contrast - beside > least) & (contrast > least)
    per = width // STRIPS
    shares = on[:, : per * STRIPS].reshape(height, STRIPS, per).mean(2, dtype=np.float32)
    return shares, (np.arange(STRIPS) + 0.5) * per


def _slope(profile: NDArray[np.float32], at: NDArray[np.float64], fewest: int) -> float | None:
    """The slope along which most lines run; None if there are hardly any along any."""
    wide = profile.copy()
    for shift in (1, 2):
        np.maximum(wide[shift:], profile[:-shift], out=wide[shift:])
        np.maximum(wide[:-shift], profile[shift:], out=wide[:-shift])
    wide = wide[::2]
    height, away = len(wide), (at - at.mean()) / 2
    rows = np.arange(height)[:, None]
    best, energy = None, 0.0
    for slope in np.arange(-SLOPE, SLOPE, 4 / (at[-1] + 1)).tolist():
        moved = np.clip(rows + np.rint(slope * away).astype(int), 0, height - 1)
        means = wide[moved, np.arange(STRIPS)].mean(1)
        lines = means[means > COVERED]
        if len(lines) >= fewest and lines.sum() > energy:
            best, energy = slope, float(lines.sum())
    return best


def _tracked(
    profile: NDArray[np.float32], at: NDArray[np.float64], slope: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Lines followed from the middle strip to both sides: where [n, strips] they are, and whether seen there."""
    height, start = len(profile), STRIPS // 2
    seeds = _seeds(profile, at, slope, start)
    tracks, seen = np.zeros((len(seeds), STRIPS)), np.zeros((len(seeds), STRIPS), bool)
    offsets = np.arange(-2, 3)
    for step in (1, -1):
        place, strip = seeds.astype(float), start
        while 0 <= strip < STRIPS:
            middle = np.rint(place)
            rows = np.clip(middle[:, None].astype(int) + offsets, 0, height - 1)
            shares = profile[rows, strip]
            found = shares.max(1) >= SEEN
            weights = np.where(shares > SEEN / 2, shares, 0)
            moved = (weights * offsets).sum(1) / np.maximum(weights.sum(1), 1e-6)
            tracks[:, strip], seen[:, strip] = np.where(found, middle + moved, place), found
            place = np.where(found, (place + middle + moved) / 2, place)
            strip += step
            if 0 <= strip < STRIPS:
                place = place + slope * (at[strip] - at[strip - step])
    return tracks, seen


def _seeds(profile: NDArray[np.float32], at: NDArray[np.float64], slope: float, start: int) -> NDArray[np.intp]:
    """Rows where lines cross a strip, by the half of the strips around it."""
    height = len(profile)
    near = np.arange(start - STRIPS // 4, start + STRIPS // 4)
    rows = np.arange(height)[:, None] + np.rint(slope * (at[near] - at[start])).astype(int)
    means = np.convolve(profile[np.clip(rows, 0, height - 1), near].mean(1), [1, 1, 1], "same")
    peaks = (means[1:-1] >= means[:-2]) & (means[1:-1] > means[2:]) & (means[1:-1] > SEEN)
    return 1 + np.flatnonzero(peaks)


def _fitted(at: NDArray[np.float64], track: NDArray, seen: NDArray[np.bool_], width: int) -> NDArray[np.float64]:
    """A line's middle at every pixel: a curve of third degree, and what it strays from that, smoothed."""
    unit = 2 * at / width - 1
    curve = polynomial.polyfit(unit[seen], track[seen], 3)
    stray = np.interp(unit, unit[seen], (track - polynomial.polyval(unit, curve))[seen])
    stray = np.convolve(np.pad(np.clip(stray, -2, 2), 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    along = 2 * (np.arange(width) + 0.5) / width - 1
    return polynomial.polyval(along, curve) + np.interp(along, unit, stray)


def _single(middles: NDArray[np.float64], apart: float | int) -> list[int]:
    """Indices of lines from top to bottom, without those that double another."""
    order = np.argsort(middles[:, middles.shape[1] // 2]).tolist()
    keep = order[:1]
    for index in order[1:]:
        if np.abs(middles[index] - middles[keep[-1]]).mean() > apart:
            keep.append(index)
    return keep
