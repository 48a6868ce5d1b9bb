"""Ink in, strokes out: the way from a picture's ink to chains of cubics in its pixels, in order."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError
from dood.tracing.chains import Path
from dood.tracing.cubics import Chain
from dood.tracing.fills import near_hollow, with_fills, with_whole_rims
from dood.tracing.graph import graph_of
from dood.tracing.linking import Linker, as_learned
from dood.tracing.mask import Mask, mask_of
from dood.tracing.order import arranged, check_order
from dood.tracing.outline import outline_of
from dood.tracing.refinement import refined
from dood.tracing.residual import Found, Recogniser, left_lines, lines_left
from dood.tracing.smoothing import SMOOTH, corners_of, evenly, smoothed
from dood.tracing.splines import fit, simplified
from dood.tracing.tips import to_the_tips
from dood.tracing.work import Work, work_image

__all__ = ["Options", "trace"]

LIGHT = 0.2
"""Deviation of the smoothing before corners are looked for, in pen widths."""

DOT = 0.6
"""A stroke that goes less far than this many of its widths is a dot."""


@dataclass(frozen=True)
class Options:
    """What a person may want otherwise.

    Attributes:
        simplify: how far a curve may stray from the middle of its ink, in pen widths: more of it, fewer pieces.
        min_length: strokes shorter than this many pixels are left out, dots too.
        join: whether a stroke goes on through where lines meet.
        order: person, nearest (least travel of a plotter's pen) or given (as they are found).
        outline_fills: whether filled areas become their outlines; otherwise their middle lines.
        merge: lines gone over twice, with gaps of less than so many pen widths between them, are one, of one pen's
            width; 0 keeps all.
    """

    simplify: float = 0.08
    min_length: float = 0.0
    join: bool = True
    order: Literal["person", "nearest", "given"] = "person"
    outline_fills: bool = True
    merge: float = 0.0

    def __post_init__(self) -> None:
        for name, least, most in (("simplify", 0.001, 1e6), ("min_length", 0.0, 1e6), ("merge", 0.0, 20.0)):
            if not least <= getattr(self, name) <= most:
                raise DoodError(f"{name} (={getattr(self, name)}) must be a number from {least:g} to {most:g}")
        check_order(self.order)


def trace(
    ink: NDArray[np.float32],
    options: Options | None = None,
    linker: Linker = as_learned,
    recogniser: Recogniser | None = left_lines,
) -> list[Chain]:
    """The strokes of a picture, in order, in its pixels.

    Arguments:
        ink: float32 [h, w] in [0, 1], 1 is ink.
        linker: what makes strokes of branches.
        recogniser: what sees strokes in ink that those found leave; None leaves it.

    Raises:
        DoodError: there is no ink dark enough to follow.
    """
    options = options or Options()
    work = work_image(ink)
    if work is None:
        raise DoodError("there is no line dark enough to follow: give a picture with more contrast")
    mask = mask_of(work, hollow=options.outline_fills, merge=options.merge)
    linked = linker(with_whole_rims(graph_of(mask, work.pen), mask.hollow), options.join)
    lines = work._replace(ink=np.where(mask.hollow, np.float32(0), work.ink))  # what meets a fill ends on its rim
    chains = with_fills(_chains(linked.paths, lines, options), near_hollow(mask.hollow, work.pen))
    chains = _on_the_ink(chains, mask, work, options, recogniser)
    chains = [_in_picture(chain, work) for chain in chains]
    chains = [chain for chain in chains if extent(chain) >= options.min_length]
    return chains if options.order == "person" and linked.ordered else arranged(chains, options.order)


def _on_the_ink(
    chains: list[Chain], mask: Mask, work: Work, options: Options, recogniser: Recogniser | None
) -> list[Chain]:
    """The chains refined: twice, for what is on the middle of the ink needs fewer pieces than what thinning left; and
    once more with what is seen in the ink that they miss.
    """
    outline = outline_of(mask.ink.astype(np.float32) if options.merge else work.ink, work.pen)
    chains = simplified(refined(chains, outline, work.pen), options.simplify * work.pen)
    chains = refined(chains, outline, work.pen)
    if options.merge:  # merged lines are broader than their pen, so what that misses is theirs
        return [chain._replace(widths=np.minimum(chain.widths, work.pen)) for chain in chains]
    if recogniser is None or not options.outline_fills:  # nor does a fill's middle line explain all of the fill
        return chains
    found = lines_left(chains, work.ink, mask.ink, work.pen, recogniser)
    return refined(_with_found(chains, found, work, options), outline, work.pen) if found else chains


def _with_found(chains: list[Chain], found: list[Found], work: Work, options: Options) -> list[Chain]:
    """The chains, each followed by those of the lines that were found next to it."""
    more = _chains([Path(*each.line, False) for each in found], work, options)
    after = [each.after for each in found]
    order = np.argsort([*range(len(chains)), *after], kind="stable")
    return [[*chains, *more][i] for i in order.tolist()]


def _chains(paths: list[Path], work: Work, options: Options) -> list[Chain]:
    """A chain for each path, dots as dots, in the same order."""
    dots = {i: _dot(path, work) for i, path in enumerate(paths) if is_dot(path, work.pen)}
    lines = to_the_tips([path for i, path in enumerate(paths) if i not in dots], work.ink, work.pen)
    drawn = iter(_splines(lines, work, options) if lines else [])
    return [dots[i] if i in dots else next(drawn) for i in range(len(paths))]


def extent(chain: Chain) -> float:
    """Length of the control polygon."""
    return float(np.hypot(*np.diff(chain.points, axis=0).T).sum())


def _in_picture(chain: Chain, work: Work) -> Chain:
    return chain._replace(points=work.to_picture(chain.points), widths=chain.widths / work.scale)


def _splines(paths: list[Path], work: Work, options: Options) -> list[Chain]:
    """Paths as chains of cubics, smooth but for corners."""
    lines = evenly(paths)
    light = smoothed(lines, np.zeros(len(lines.points), bool), LIGHT * work.pen)
    corners = corners_of(light, work.pen)
    return fit(smoothed(light, corners, SMOOTH * work.pen), corners, options.simplify * work.pen)


def is_dot(path: Path, pen: float) -> bool:
    """Whether the pen hardly moved, for how wide it is."""
    spread = np.ptp(path.points, axis=0)
    return float(np.hypot(*spread)) < DOT * max(pen, float(path.widths.max()))


def _dot(path: Path, work: Work) -> Chain:
    """A dot as wide as a disc of as much ink, as far as that is its own."""
    middle, width = (path.points.min(0) + path.points.max(0)) / 2, float(path.widths.max())
    reach = 0.75 * width + 1
    low, high = np.maximum(middle - reach, 0).astype(int), np.ceil(middle + reach).astype(int)
    area = float(work.ink[low[1] : high[1], low[0] : high[0]].sum())
    width = float(np.clip(2 * (area / np.pi) ** 0.5, width, 1.6 * width))
    return Chain(middle[None], np.array([width]), np.zeros(1, bool), False)
