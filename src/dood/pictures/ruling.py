"""Ruled and squared paper: which lines were printed before anybody drew, and the picture without them.

Rules run straight over the whole page, at even distances, and differ from the ink of the drawing: they are paler, or of
another colour. All of that is asked for: a table or a long line that was drawn lacks some of it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from dood.pictures.rules import STRIPS, Rules, rules_in

__all__ = ["Ruling", "contrast_of", "rules_of", "taken_out"]

PALE, PALER = 0.75, 0.55
"""Share of the ink's contrast that a rule has at most; and from which it must cross nearly all of the page."""

WHOLE, NEARLY = 0.75, 0.93
"""Share of the page that rules cross, and that those cross which are not so pale."""

HUE, RARE = 0.2, 0.1
"""Distance of colours' directions from which they are others; most of the ink that is of a rule's own colour."""

EVEN, MOSTLY = 0.14, 0.6
"""Share by which a distance between rules may differ from those near it, and share of distances that do not."""

FEWEST = 4
"""Rules that a page has at least."""

DRAWN = 5e-4
"""Least share of a page that is ink and no rule: without any, rules are the drawing."""

LEFT = 0.25
"""What lies on a rule and is weaker than this share of it is the rule's own unevenness."""


class Ruling(NamedTuple):
    """Rules that run level, and upright ones (of the picture turned over its diagonal)."""

    level: Rules | None
    upright: Rules | None


def contrast_of(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """The strongest channel [...] of shares [..., 3]."""
    return np.maximum(np.maximum(shares[..., 0], shares[..., 1]), shares[..., 2])


def rules_of(shares: NDArray[np.float32], noise: float) -> Ruling | None:
    """The rules of a picture's paper; None if there are none.

    Arguments:
        shares: [h, w] or [h, w, 3], share of the paper's light that is missing (or added, for light ink).
        noise: its standard deviation where there is no ink.
    """
    contrast = shares if shares.ndim == 2 else contrast_of(shares)
    across = shares.swapaxes(0, 1)
    turned = np.ascontiguousarray(contrast.T)
    level = _printed(rules_in(contrast, noise), shares, contrast)
    upright = _printed(rules_in(turned, noise), across, turned)
    if level is None and upright is None:
        return None
    level = level or _printed(rules_in(contrast, noise, 1), shares, contrast, margin=True)
    upright = upright or _printed(rules_in(turned, noise, 1), across, turned, margin=True)
    return Ruling(level, upright)


def taken_out(shares: NDArray[np.float32], ruling: Ruling, noise: float) -> NDArray[np.float32]:
    """The picture [h, w] or [h, w, 3] with its rules taken for paper."""
    result = shares.copy()
    if ruling.level:
        _take_out(result, ruling.level, noise)
    if ruling.upright:
        _take_out(result.swapaxes(0, 1), ruling.upright, noise)
    return result


def _printed(
    rules: Rules | None, shares: NDArray[np.float32], contrast: NDArray[np.float32], *, margin: bool = False
) -> Rules | None:
    """Those lines that are rules; None if they are none.

    Arguments:
        margin: whether to look for single lines, on paper that has rules in the other direction.
    """
    if rules is None:
        return None
    chosen = rules.chosen(_differ(rules, shares, contrast))
    if len(chosen.middles) == 0 or not (margin or _is_even(chosen)):
        return None
    return chosen


def _rows(rules: Rules) -> NDArray[np.intp]:
    return np.rint(rules.middles).astype(np.intp)


def _differ(rules: Rules, shares: NDArray[np.float32], contrast: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which lines [n] differ from the drawing's ink in strength or colour, and cross enough of the page."""
    height, width = contrast.shape
    rows, columns = np.clip(_rows(rules), 0, height - 1), np.arange(width)
    own = np.median(contrast[rows, columns], axis=1)
    others = contrast > max(0.1, 0.5 * float(np.median(own)))
    for offset in range(-rules.half, rules.half + 1):
        others[np.clip(rows + offset, 0, height - 1), columns] = False
    if np.count_nonzero(others) < DRAWN * others.size:
        return np.zeros(len(own), bool)
    strength = float(np.quantile(contrast[others], 0.9))
    paler = own < PALER * strength
    other = own < PALE * strength
    if shares.ndim == 3:
        other |= _is_rare(np.median(shares[rows, columns], axis=1), shares[others & (contrast > strength / 2)])
    return np.where(paler, rules.extent >= WHOLE, other & (rules.extent >= NEARLY))


def _is_rare(colours: NDArray[np.float32], ink: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which colours [n, 3] hardly any of the ink [m, 3] has."""
    ink = ink[:: max(1, len(ink) // 2000)]
    one, other = (each / np.maximum(np.linalg.norm(each, axis=1, keepdims=True), 1e-6) for each in (colours, ink))
    away = np.linalg.norm(one[:, None] - other[None], axis=2)
    return (away < HUE).mean(1) < RARE


def _is_even(rules: Rules) -> bool:
    """Whether lines lie at even distances, gaps of up to three of them among those."""
    if len(rules.middles) < FEWEST:
        return False
    gaps = np.diff(rules.middles[:, rules.middles.shape[1] // 2])
    near = np.array([np.median(gaps[max(0, i - 3) : i + 4]) for i in range(len(gaps))])
    times = np.clip(np.rint(gaps / near), 1, 3)
    return float((np.abs(gaps / (near * times) - 1) < EVEN).mean()) >= MOSTLY


def _take_out(shares: NDArray[np.float32], rules: Rules, noise: float) -> None:
    """Take rules for paper, in place: the light that they hold back, by distance from their middle, is divided out."""
    height, width = shares.shape[:2]
    offsets = np.arange(-rules.half - 1, rules.half + 2)
    rows = np.clip(_rows(rules)[:, None] + offsets[:, None], 0, height - 1)
    columns = np.arange(width)
    here = shares[rows, columns]
    own = _profiles(here)
    left = (here - own) / (1 - own)
    # A rule that lies a pixel beside where it was fitted leaves no line either.
    most = np.asarray(maximum_filter1d(own, 3, axis=1), np.float32)
    plain = here.ndim == 3
    above = (here - most) / (1 - most)
    strong, strength = (above, own) if plain else (contrast_of(above), contrast_of(own))
    least = LEFT * strength.max(1, keepdims=True) + 2 * noise
    soft = np.clip(2 * strong / least - 1, 0, 1)
    shares[rows, columns] = left * (soft if plain else soft[..., None])


def _profiles(here: NDArray[np.float32]) -> NDArray[np.float32]:
    """Share of light that each rule holds back: medians along it, over parts and, within limits, over all of it.

    Arguments:
        here: [n, offsets, w] or [n, offsets, w, 3], what is seen there.
    """
    width = here.shape[2]
    per = max(1, width // STRIPS)
    parts = here[:, :, : per * STRIPS].reshape(*here.shape[:2], STRIPS, per, *here.shape[3:])
    local = np.median(parts[:, :, :, :: 3 if per > 12 else 1], axis=3)
    whole = np.median(local, axis=2, keepdims=True)
    local = np.clip(local, 0.6 * whole, 1.4 * np.maximum(whole, 0))
    index = np.minimum(np.arange(width) // per, STRIPS - 1)
    return np.clip(local[:, :, index], 0, 0.9)
