"""Tables of transfer for readers: means over seeds, beside the published figures."""

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
    """

    bound: float
    mse: float
    mae: float
    strokes: float
    spread: float
    seeds: int
    images: int


def over_seeds(cells: Iterable[Cell]) -> dict[tuple[str, str, str, str], Summary]:
    """Means by model, variant, source and target, in the order of the paper's data sets."""
    groups: dict[tuple[str, str, str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.model, cell.variant, cell.source, cell.target), []).append(cell)
    ordered = sorted(groups.items(), key=lambda group: (group[0][:2], *map(_place, group[0][2:])))
    return {key: _summary(group) for key, group in ordered}


def as_markdown(cells: Iterable[Cell]) -> str:
    """For each model and variant a line for each source, a column for each target.

    In a cell stand the bound (with its spread where there are several seeds), its difference from the published one
    where there is one, and below them squared error and strokes.
    """
    summaries = over_seeds(cells)
    parts = []
    for model, variant in dict.fromkeys(key[:2] for key in summaries):
        table = {key[2:]: summary for key, summary in summaries.items() if key[:2] == (model, variant)}
        parts.append("\n".join([f"### {model}, {variant}", "", *_lines(model, table), ""]))
    return "\n".join(parts)


def _lines(model: str, table: dict[tuple[str, str], Summary]) -> list[str]:
    targets, theirs = sorted({target for _, target in table}, key=_place), base_name(model)
    lines = ["| from \\ to | " + " | ".join(targets) + " |", "|---" * (len(targets) + 1) + "|"]
    for source in dict.fromkeys(source for source, _ in table):
        row = [_text(table.get((source, target)), BOUNDS.get((theirs, source, target))) for target in targets]
        lines.append(f"| {source} | " + " | ".join(row) + " |")
    return lines


def _text(summary: Summary | None, published: float | None) -> str:
    if summary is None:
        return ""
    spread = f" ± {summary.spread:.0f}" if summary.seeds > 1 else ""
    against = "" if published is None else f" ({summary.bound - published:+.0f})"
    return f"**{summary.bound:.0f}**{spread}{against}<br>{summary.mse:.4f}, {summary.strokes:.1f}"


def _summary(cells: Sequence[Cell]) -> Summary:
    bounds = [cell.bound for cell in cells]
    mse, mae, strokes = (fmean(getattr(cell, name) for cell in cells) for name in ("mse", "mae", "strokes"))
    fewest = min(cell.images for cell in cells)
    return Summary(fmean(bounds), mse, mae, strokes, pstdev(bounds), len(cells), fewest)


def _place(name: str) -> tuple[int, str]:
    """The paper's data sets first, in its order, then others by name."""
    return (SETS.index(name) if name in SETS else len(SETS), name)
