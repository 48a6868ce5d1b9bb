"""Parsing, the fifth Omniglot task: programs' strokes of a picture beside what several people drew (Lake et al., 2015).

Drawers of one character do not agree among themselves, so a program's agreement with them is set beside theirs.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.data import evenly_spaced
from dood.data.pensets import Drawn, is_held_out, load_pen_set
from dood.errors import DoodError
from dood.evaluation.parses import Agreement, agreement, ink_points, parsed
from dood.evaluation.pens import tidy_finder
from dood.evaluation.registration import carried
from dood.figures.parses import parse_sheet
from dood.figures.plots import save_figure
from dood.files import make_folder, write_table

__all__ = ["DRAWERS", "Row", "agreement_with_drawers"]

DRAWERS, TRACING, TIDY = "drawers", "tracing", "tidy"
"""The drawer of the picture in a program's place, `dood draw`, and the classical skeleton."""
AMORTISED, FITTED = "amortised", "fitted"
RESAMPLES, INTERVAL = 1000, (2.5, 97.5)
SHOWN = 8
"""Characters in the figure."""
NONE = Agreement(0.0, 0.0, 0.0, 0.0)
"""Of a program that found nothing: what chance would."""

Lines = Sequence[NDArray[np.float64]]
Method = Callable[[Drawn], Lines]


class Row(NamedTuple):
    """How far a method agrees with drawers.

    Attributes:
        method: tracing, tidy, MODEL amortised or MODEL fitted; or drawers.
        with_: others, who drew the same character, or own, the drawer of the picture.
        measure: a field of `Agreement`.
        value: its mean over characters.
        low, high: 95 % bootstrap interval, by resampled characters.
        relative: the value over that of the drawers, with the same, in the same resamples.
        relative_low, relative_high: its interval.
        characters: that have the figure.
    """

    method: str
    with_: str
    measure: str
    value: float
    low: float
    high: float
    relative: float
    relative_low: float
    relative_high: float
    characters: int


def agreement_with_drawers(
    models: Sequence[str | Path],
    out: str | Path,
    *,
    limit: int | None = None,
    data_dir: str | Path | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """Compare parses of one picture of each character with the pen paths of all its drawers; write table and figure.

    The picture is one that `dood train-pen` did not learn from; it did learn from most other drawings of the character.
    Paths of other drawers are brought onto the picture by where the ink of both is (`dood.evaluation.registration`),
    the same for every method.

    Arguments:
        models: names or files, each measured as in the paper and with its strokes fitted; may be none.
        out: a folder, for drawers.csv and drawers.png.
        limit: so many characters, evenly spaced.
        data_dir: where the pen paths lie, in place of DOOD_DATA and the cache.
        seed: of the bootstrap.
        progress: called with the characters done and their total.

    Raises:
        DoodError: the pen paths or a model are not there, a model draws no strokes, or matplotlib is not installed.
    """
    folder, methods = make_folder(out), _methods(models)
    characters = _characters(data_dir, limit)
    figures: list[dict[tuple[str, str], Agreement]] = []
    shown: dict[str, dict[str, Lines]] = {}
    wanted = set(evenly_spaced(len(characters), SHOWN).tolist())
    for i, (drawn, others) in enumerate(characters):
        found = {name: method(drawn) for name, method in methods.items()}
        figures.append(_compared(found, drawn, others))
        if i in wanted:
            shown[f"{drawn.label}"] = {"drawer": drawn.strokes, "another": others[0].strokes, **_but(found, DRAWERS)}
        if progress:
            progress(i + 1, len(characters))
    rows = _rows(figures, list(methods), seed)
    write_table(folder / "drawers.csv", [name.rstrip("_") for name in Row._fields], rows)
    save_figure(parse_sheet(shown, characters[0][0].size), folder / "drawers.png")
    return rows


def _but(found: dict[str, Lines], name: str) -> dict[str, Lines]:
    return {each: lines for each, lines in found.items() if each != name}


def _methods(models: Sequence[str | Path]) -> dict[str, Method]:
    from dood.checkpoints import checkpoint

    methods: dict[str, Method] = {
        DRAWERS: lambda drawn: drawn.strokes,
        TRACING: _drawn_lines,
        TIDY: lambda drawn: tidy_finder(_picture(drawn)).lines,
    }
    for model in models:
        network = checkpoint.load(model)
        as_paper = {"strokes": network.config.strokes, "refine": 0, "prune": False, "order": "given"}
        methods[f"{Path(model).stem} {AMORTISED}"] = partial(_drawn_lines, model=network, **as_paper)
        methods[f"{Path(model).stem} {FITTED}"] = partial(_drawn_lines, model=network)
    return methods


def _drawn_lines(drawn: Drawn, **options: Any) -> Lines:
    """What `dood draw` finds in the picture, as polylines; nothing where it gives up."""
    from dood.tasks.draw import draw

    try:
        return [stroke.even(0.5) for stroke in draw(_picture(drawn), polarity="dark", **options).strokes]
    except DoodError:
        return []


def _picture(drawn: Drawn) -> NDArray[np.uint8]:
    if drawn.image is None:
        raise DoodError("these pen paths have no pictures: parsing needs those of Omniglot")
    return drawn.image


def _characters(data_dir: str | Path | None, limit: int | None) -> list[tuple[Drawn, list[Drawn]]]:
    """Of each character the first drawing that was not learned from, and those by others."""
    drawings = load_pen_set("omniglot", data_dir)
    labels = np.unique([drawn.label for drawn in drawings])
    labels = labels[evenly_spaced(len(labels), limit)]
    found = []
    for label in labels:
        alike = [drawn for drawn in drawings if drawn.label == label]
        chosen = next((drawn for drawn in alike if is_held_out(drawn.index)), None)
        if chosen is not None and len(alike) > 1:
            found.append((chosen, [drawn for drawn in alike if drawn is not chosen]))
    return found


def _compared(found: dict[str, Lines], drawn: Drawn, others: Sequence[Drawn]) -> dict[tuple[str, str], Agreement]:
    """Agreement of each method with the drawer of the picture, and its mean over the other drawers."""
    points = ink_points(_picture(drawn) < 128)
    paths = [parsed(other.strokes, carried(points, ink_points(_picture(other) < 128))) for other in others]
    own, figures = parsed(drawn.strokes, points), {}
    for method, lines in found.items():
        said = parsed(lines, points) if len(lines) else None
        alike = [NONE if said is None else agreement(said, path) for path in paths]
        figures[method, "others"] = Agreement(*_mean(np.array(alike)).tolist())
        figures[method, "own"] = NONE if said is None else agreement(said, own)
    return figures


def _rows(figures: Sequence[dict[tuple[str, str], Agreement]], methods: Sequence[str], seed: int) -> list[Row]:
    tables = {key: np.array([each[key] for each in figures]) for key in figures[0]}
    rng = np.random.default_rng(seed)
    again = rng.integers(0, len(figures), (RESAMPLES, len(figures)))
    resampled = {key: np.stack([_mean(table[index]) for index in again]) for key, table in tables.items()}
    rows = []
    for method in methods:
        for beside in ("others", "own"):
            key, base = (method, beside), (DRAWERS, beside)
            for i, measure in enumerate(Agreement._fields):
                value, spread = _mean(tables[key])[i], resampled[key][:, i]
                ratio, ratios = value / _mean(tables[base])[i], spread / resampled[base][:, i]
                low, high = np.nanpercentile(spread, INTERVAL).tolist()
                below, above = np.nanpercentile(ratios, INTERVAL).tolist()
                count = int(np.isfinite(tables[key][:, i]).sum())
                rows.append(Row(method, beside, measure, float(value), low, high, float(ratio), below, above, count))
    return rows


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the first axis of what is a number; NaN where nothing is."""
    there = np.isfinite(values)
    return np.where(there, values, 0).sum(0) / np.where(there.any(0), there.sum(0), np.nan)
