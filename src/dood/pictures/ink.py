"""How much of a picture is ink, and by which pen.

Scans and screenshots with a clean background pass unchanged. Grey paper, chalk boards and photos have their background
level estimated, smoothly over the picture where light falls unevenly, and are stretched to 0 (paper) .. 1 (ink). What
was drawn with a pale pen is stretched as that of a dark one is.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError
from dood.pictures.paper import CLEAN, FIELD_SIDE, Ground, flat_level
from dood.pictures.pens import Pens, pens_in
from dood.pictures.planes import Plane
from dood.pictures.polarity import check_polarity, paper_is_light
from dood.pictures.ruling import contrast_of, rules_of, taken_out
from dood.pictures.sheet import laid_out, sheet_of
from dood.pictures.thumbnails import extremes, noise_of, smooth

__all__ = ["Ink", "find_ink"]

MINIMAL_CONTRAST = 8 / 255
SOME = 0.25
"""Ink from which a pixel has a say in which pens there are."""

COLOURFUL = 0.06
"""Least difference of channels that is ink by its colour alone."""

LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)

BROAD = 2.5
"""A pale colour in areas wider than this many pens is a tint under the drawing, not a pen."""


class Ink(NamedTuple):
    """What was found.

    Attributes:
        values: float32 [h, w] in [0, 1], 1 is ink.
        labels: uint8 [h, w], rows of `palette`; meaningless where there is no ink.
        palette: uint8 [n, 3], colours of the pens, that of most ink first.
        polarity: "dark" or "light".
    """

    values: NDArray[np.float32]
    labels: NDArray[np.uint8]
    palette: NDArray[np.uint8]
    polarity: str


class _Seen(NamedTuple):
    """Shares of the paper's light that are missing (dark ink) or added (light ink).

    Attributes:
        grey: float32 [h, w].
        channels: float32 [h, w, 3]; None for pictures that are grey.
        clean: whether `grey` is ink as it is.
    """

    grey: NDArray[np.float32]
    channels: NDArray[np.float32] | None
    clean: bool


def find_ink(plane: Plane, polarity: str, name: str, pens: int | None = None) -> Ink:
    """The ink of a picture.

    Arguments:
        polarity: one of `dood.pictures.polarity.POLARITIES`.
        name: for messages.
        pens: tell this many apart at most; None finds out.

    Raises:
        DoodError: unknown polarity; nothing stands out from the background.
    """
    check_polarity(polarity)
    if float(np.ptp(plane.values)) < MINIMAL_CONTRAST and _colour_range(plane) < MINIMAL_CONTRAST:
        raise DoodError(f"{name} has no ink: it is all of one colour; give a picture with lines on plain paper")
    plane, polarity = _on_sheet(plane, polarity)
    seen = _seen(plane, polarity)
    noise = noise_of(seen.grey)
    if not plane.bare:
        seen = _unruled(seen, noise)
    grey = _by_grey(seen)
    colour = None if seen.channels is None or plane.bare else _by_colour(seen.channels)
    values = grey if colour is None else colour if grey is None else np.maximum(grey, colour)
    if values is None:
        raise DoodError(
            f"{name} has no ink: no lines stand out from its grain; give a picture with lines on plain paper"
        )
    found = _pens(plane, seen, values, pens)
    if not plane.bare:
        values = _levelled(values, grey, seen, found)
    return Ink(values, found.labels, _palette(plane, values, found), polarity)


def _colour_range(plane: Plane) -> float:
    if plane.colours is None:
        return 0.0
    return float(np.ptp(plane.colours.reshape(-1, 3), axis=0).max()) / 255


def _on_sheet(plane: Plane, polarity: str) -> tuple[Plane, str]:
    """The picture without what lies around its sheet, and its polarity."""
    grey = plane.values
    said = polarity
    if said == "auto":
        polarity = "dark" if paper_is_light(grey, *extremes(grey)) else "light"
    if plane.bare:
        return plane, polarity
    # A page on a dark desk looks like something light on a dark ground.
    wanted = ("dark",) if polarity == "dark" else ("light", "dark") if said == "auto" else ("light",)
    for each in wanted:
        sheet = sheet_of(grey if each == "dark" else 1 - grey)
        if sheet is not None:
            colours = None if plane.colours is None else laid_out(plane.colours, sheet)
            return replace(plane, values=laid_out(grey, sheet), colours=colours), each
    return plane, polarity


def _seen(plane: Plane, polarity: str) -> _Seen:
    """What the ink takes from the light of the paper, or adds to that of the board."""
    dark = polarity == "dark"
    darkness = 1 - plane.values if dark else plane.values
    low, high = extremes(darkness)
    middle = (low + high) / 2
    level = 0.0 if plane.bare else flat_level(darkness, middle)
    if level is None and max(darkness.shape) < FIELD_SIDE:
        level = float(np.median(darkness[darkness < middle]))
    if level is not None:
        bright = 1 - level if dark else level
        clean = level <= CLEAN
        grey = darkness if clean else _shares(plane.values, bright, dark)
        return _Seen(grey, _flat_channels(plane, bright, dark), clean)
    ground = Ground.of(plane.values, dark)
    grey = _shares(plane.values, ground.level(plane.values), dark)
    if plane.colours is None:
        return _Seen(grey, None, False)
    channels = np.empty(plane.colours.shape, np.float32)
    for channel in range(3):
        values = _unit(plane.colours[..., channel])
        channels[..., channel] = _shares(values, ground.level(values), dark)
    return _Seen(grey, channels, False)


def _unit(values: NDArray) -> NDArray[np.float32]:
    return np.multiply(values, np.float32(1 / 255), dtype=np.float32)


def _shares(values: NDArray[np.float32], level: "NDArray[np.float32] | float", dark: bool) -> NDArray[np.float32]:
    """What ink takes from the light of a ground of some level, or adds to it."""
    # Light on paper multiplies what the ink leaves of it; chalk and screens add to a dark ground.
    return (level - values) / (level + np.float32(1e-3)) if dark else values - level


def _flat_channels(plane: Plane, level: float, dark: bool) -> NDArray[np.float32] | None:
    """Channels against the colour of an even ground, whose grey value is `level`."""
    if plane.colours is None:
        return None
    ground = np.full(3, float(dark))
    if not plane.bare:
        near = np.abs(plane.values[::3, ::3] - level) <= 2 * CLEAN
        if near.any():
            ground = _unit(np.median(plane.colours[::3, ::3][near], axis=0))
    channels = np.empty(plane.colours.shape, np.float32)
    for channel in range(3):
        channels[..., channel] = _shares(_unit(plane.colours[..., channel]), float(ground[channel]), dark)
    return channels


def _unruled(seen: _Seen, noise: float) -> _Seen:
    """What is left without the rules of ruled and squared paper."""
    rules = rules_of(seen.grey if seen.channels is None else seen.channels, noise)
    if rules is None:
        return seen
    if seen.channels is None:
        return _Seen(taken_out(seen.grey, rules, noise), None, seen.clean)
    channels = taken_out(seen.channels, rules, noise)
    return _Seen(channels @ LUMINANCE, channels, seen.clean)


def _by_grey(seen: _Seen) -> NDArray[np.float32] | None:
    excess = seen.grey
    if seen.clean:
        peak = float(excess.max())
        if peak < MINIMAL_CONTRAST:
            return None
        return excess if peak >= 0.5 else excess / peak
    noise = noise_of(excess)
    floor = max(3 * noise, 1.5 / 255)
    means = smooth(excess)
    peak = float(means.max())
    if peak < max(MINIMAL_CONTRAST / 3, (2.5 if means is not excess else 5) * noise) or excess.max() <= 2 * floor:
        return None
    top = max(float(np.median(excess[means > peak / 2])), 2 * floor)
    return np.clip((excess - floor) / (top - floor), 0, 1).astype(np.float32)


def _by_colour(channels: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Ink by how much channels differ; None where hardly any do."""
    spread = contrast_of(channels)
    spread = spread + contrast_of(-channels)
    usual, most = np.quantile(spread[::3, ::3], (0.5, 0.84))
    floor = max(COLOURFUL, float(usual + 4 * (most - usual)))
    strong = spread[spread > 2 * floor]
    if len(strong) < 4:
        return None
    top = max(float(np.quantile(strong, 0.5)), 2 * floor)
    return np.clip((spread - floor) / (top - floor), 0, 1).astype(np.float32)


def _pens(plane: Plane, seen: _Seen, values: NDArray[np.float32], most: int | None) -> Pens:
    if seen.channels is None:
        return Pens(np.full((1, 3), 3**-0.5, np.float32), np.zeros(values.shape, np.uint8))
    return pens_in(seen.channels, values > SOME, most)


def _levelled(
    values: NDArray[np.float32], grey: NDArray[np.float32] | None, seen: _Seen, pens: Pens
) -> NDArray[np.float32]:
    """Ink with each pen's own strongest at 1, so that pale pens count as much as dark ones.

    Arguments:
        values: ink by darkness or colour, whichever tells more.
        grey: ink by darkness alone.
    """
    noise = noise_of(seen.grey)
    if seen.channels is None or (len(pens.directions) == 1 and _is_neutral(pens.directions[0])):
        return values if grey is None else grey
    result = np.zeros_like(values) if grey is None else grey.copy()
    some = values > 0
    main = 0.0
    pen_width = 0.0
    for pen, direction in enumerate(pens.directions):
        own = some & (pens.labels == pen)
        strength = seen.channels[own] @ direction
        if len(strength) == 0:
            continue
        top = float(np.median(strength[strength > 0.5 * np.quantile(strength, 0.95)]))
        floor = 0.0 if seen.clean else 3 * noise
        width = _width(own & (values > 0.5))
        if pen == 0:
            main, pen_width = top, width
        if (seen.clean and _is_neutral(direction)) or (top < 0.7 * main and width > BROAD * pen_width + 1):
            continue
        result[own] = np.clip((strength - floor) / max(top - floor, 1e-3), 0, 1)
    return result


def _is_neutral(direction: NDArray[np.float32]) -> bool:
    return float(direction.sum()) > 0.985 * 3**0.5


def _width(mask: NDArray[np.bool_]) -> float:
    """Mean width of what is marked: twice its area over its outline."""
    outline = np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    return 2 * np.count_nonzero(mask) / max(outline, 1)


def _palette(plane: Plane, values: NDArray[np.float32], pens: Pens) -> NDArray[np.uint8]:
    """Colours of the pens as they are seen, where most ink is."""
    palette = []
    for pen in range(len(pens.directions)):
        own = values * (pens.labels == pen)
        rows, columns = np.nonzero(own > 0.8 * min(1.0, float(own.max()) or 1.0))
        step = max(1, len(rows) // 5000)
        at = rows[::step], columns[::step]
        shown = plane.values[at] * 255 if plane.colours is None else plane.colours[at]
        palette.append(np.broadcast_to(np.rint(np.median(shown, axis=0)) if len(at[0]) else 0.0, 3))
    return np.array(palette).astype(np.uint8)
