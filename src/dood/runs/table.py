"""Runs as a table of text."""

from collections.abc import Sequence

from dood.runs.runs import COLUMNS, Run, shown

__all__ = ["table"]


def table(runs: Sequence[Run]) -> list[str]:
    """Lines of a header and of a run each; `!` at the end marks one with warnings."""
    rows = [["name", *COLUMNS, ""]]
    for one in runs:
        summary = one.summary()
        rows.append([one.name, *(shown(summary, name) for name in COLUMNS), "!" if one.warnings else ""])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_aligned(cells, widths)).rstrip() for cells in rows]


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Text to the left (name and data), numbers to the right."""
    return [
        cell.ljust(width) if column < 2 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
