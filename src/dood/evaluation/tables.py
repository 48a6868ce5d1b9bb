"""Tables of transfer for readers: means over seeds, beside the published figures."""

import math
from collections.abc import Iterable, Sequence
from statistics import fmean, pstdev
from typing import NamedTuple

from dood.checkpoints.headers import base_name
from dood.evaluation.published import BOUNDS, SETS
from dood.evaluation.transfer import Cell

__all__ = ["Summary", "as_markdown", "over_seeds"]


class Summary(NamedTuple):
    """Cells that differ in their seed only.

    Attributes:
        bound, mse, mae, strokes: means.
        spread: population standard deviation of the bound.
        seeds: how many.
        images: of the fewest.
        stderr: standard error of the bound over images, the mean of those of the seeds; None where one is not known.
    """

    bound: float
    mse: float
    mae: float
    strokes: float
    spread: float
    seeds: int
    images: int
    stderr: float | None

    @property
    def error(self) -> float | None:
        """Standard error of the bound over images and, where there are several, over seeds."""
        over_seeds = self.spread / math.sqrt(self.seeds - 1) if self.seeds > 1 else 0.0
        return None if self.stderr is None else math.hypot(self.stderr, over_seeds)


def over_seeds(cells: Iterable[Cell]) -> dict[tuple[str, str, str, str], Summary]:
    """Means by model, variant, source and target, in the order of the paper's data sets."""
    groups: dict[tuple[str, str, str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.model, cell.variant, cell.source, cell.target), []).append(cell)
    ordered = sorted(groups.items(), key=lambda group: (group[0][:2], *map(_place, group[0][2:])))
    return {key: _summary(group) for key, group in ordered}


def as_markdown(cells: Iterable[Cell]) -> str:
    """For each model and variant a line for each source, a column for each target.

    In a cell stand the bound with its standard error over images (and its deviation over seeds where there are
    several), its difference from the published one where there is one, and below them squared error and strokes. A
    line below counts the differences that are larger than two standard errors.
    """
    summaries = over_seeds(cells)
    parts = []
    for model, variant in dict.fromkeys(key[:2] for key in summaries):
        table = {key[2:]: summary for key, summary in summaries.items() if key[:2] == (model, variant)}
        lines = [f"### {model}, {variant}", "", *_lines(model, table), ""]
        parts.append("\n".join([*lines, *_verdict(model, table)]))
    return "\n".join(parts)


def _lines(model: str, table: dict[tuple[str, str], Summary]) -> list[str]:
    targets, theirs = sorted({target for _, target in table}, key=_place), base_name(model)
    lines = ["| from \\ to | " + " | ".join(targets) + " |", "|---" * (len(targets) + 1) + "|"]
    for source in dict.fromkeys(source for source, _ in table):
        row = [_text(table.get((source, target)), BOUNDS.get((theirs, source, target))) for target in targets]
        lines.append(f"| {source} | " + " | ".join(row) + " |")
    return lines


def _verdict(model: str, table: dict[tuple[str, str], Summary]) -> list[str]:
    """In how many cells the difference from the published figure is larger than two standard errors."""
    published = {key[1:]: bound for key, bound in BOUNDS.items() if key[0] == base_name(model)}
    known = [(cell.bound - published[key], cell.error) for key, cell in table.items() if key in published]
    certain = [(difference, error) for difference, error in known if error is not None]
    if not certain or len(certain) < len(known):
        return []
    ahead, behind = (sum(sign * by > 2 * error for by, error in certain) for sign in (1, -1))
    cells = f"{ahead} of {len(certain)} cells, behind in {behind}"
    return [f"By more than two standard errors ahead of the authors in {cells}.", ""]


def _text(summary: Summary | None, published: float | None) -> str:
    if summary is None:
        return ""
    error = "" if summary.stderr is None else f" ± {summary.stderr:.0f}"
    spread = f", seeds ± {summary.spread:.0f}" if summary.seeds > 1 else ""
    against = "" if published is None else f" ({summary.bound - published:+.0f})"
    return f"**{summary.bound:.0f}**{error}{spread}{against}<br>{summary.mse:.4f}, {summary.strokes:.1f}"


def _summary(cells: Sequence[Cell]) -> Summary:
    bounds = [cell.bound for cell in cells]
    mse, mae, strokes = (fmean(getattr(cell, name) for cell in cells) for name in ("mse", "mae", "strokes"))
    fewest = min(cell.images for cell in cells)
    errors = [cell.stderr for cell in cells if cell.stderr is not None]
    stderr = fmean(errors) if len(errors) == len(cells) else None
    return Summary(fmean(bounds), mse, mae, strokes, pstdev(bounds), len(cells), fewest, stderr)


def _place(name: str) -> tuple[int, str]:
    """The paper's data sets first, in its order, then others by name."""
    return (SETS.index(name) if name in SETS else len(SETS), name)
