"""The pen benchmark: how far a program's strokes are those that people drew.

Any program that writes SVG can be measured: `write_pictures` makes the pictures, the program draws them, and
`benchmark_pens` reads what it wrote.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dood.data.pensets import LEARNED, Drawn, load_pen_set
from dood.errors import DoodError
from dood.evaluation.pen_measures import Found, Scores, score
from dood.evaluation.pen_pictures import Look, picture_of_paths
from dood.evaluation.svg_lines import svg_lines
from dood.evaluation.tidy import tidy_lines
from dood.files import atomic_write, make_folder, write_table

__all__ = ["MEASURES", "SETS", "Finder", "Row", "benchmark_pens", "dood_finder", "tidy_finder", "write_pictures"]

SETS = LEARNED
"""Those that are measured unless others are named."""

MEASURES = (*Scores._fields, "seconds")
MEAN = "mean"
"""Stands for all sets: the mean of their means."""

LIMIT = 100
RESAMPLES = 1000
INTERVAL = (2.5, 97.5)

Finder = Callable[[NDArray[np.uint8]], Found]
"""A program as a function: a picture [h, w], ink 0 on paper 255, in; its strokes out."""


class Row(NamedTuple):
    """One figure of one method on one set.

    Attributes:
        set: of pen paths; "mean" is the mean over the sets' means.
        method: what found the strokes.
        scale, pen, noise: how the drawings were pictured, see `Look`.
        measure: one of `MEASURES`; `Scores` says what each is, and seconds are of processor time for a drawing.
        value: its mean over drawings.
        low, high: 95 % bootstrap interval of the mean, by the percentiles of resampled drawings.
        drawings: that have the figure.
    """

    set: str
    method: str
    scale: float
    pen: float
    noise: float
    measure: str
    value: float
    low: float
    high: float
    drawings: int


def benchmark_pens(
    source: str | Path | Finder,
    sets: Sequence[str] = SETS,
    *,
    name: str | None = None,
    look: Look | None = None,
    limit: int | None = LIMIT,
    baseline: bool = True,
    table: str | Path | None = None,
    data_dir: str | Path | None = None,
    seed: int = 0,
    progress: Callable[[str, str], None] | None = None,
) -> list[Row]:
    """Score strokes against pen paths; of sets that dood learned from, against drawings that it did not see.

    Arguments:
        source: "dood", "tidy", a function of a picture, or a folder of SVGs that a program made of the pictures of
            `write_pictures`: SET/00012.svg, or 00012.svg for a single set. What is missing there counts as not found.
        sets: names of pen sets, see `dood.data.pensets`.
        name: of the method, in the rows; by default the source's.
        look: how the drawings are pictured; for a folder, as they were for `write_pictures`.
        limit: so many drawings a set, evenly spaced.
        baseline: whether the tidy skeleton's rows follow.
        table: a CSV file to write.
        data_dir: where the sets lie, in place of DOOD_DATA and the cache.
        seed: of the bootstrap.
        progress: called with each method and set that is done.

    Raises:
        DoodError: a set or the source is not there, or the extra `eval` is not installed.
    """
    look = look or Look()
    methods = {name or _name(source): source}
    if baseline and source != "tidy":
        methods["tidy"] = "tidy"
    people = {one: _people(one, limit, data_dir) for one in sets}
    rows: list[Row] = []
    for method, one in methods.items():
        figures = {}
        for of, drawings in people.items():
            figures[of] = _figures(one, of, drawings, look)
            if progress:
                progress(method, of)
        rows += _rows(method, figures, look, seed)
    if table is not None:
        write_table(table, Row._fields, rows)
    return rows


def write_pictures(
    folder: str | Path,
    sets: Sequence[str] = SETS,
    *,
    look: Look | None = None,
    limit: int | None = LIMIT,
    data_dir: str | Path | None = None,
) -> list[Path]:
    """Write the pictures that `benchmark_pens` scores: SET/00012.png is drawing 12 of the set.

    Raises:
        DoodError: a set is not there, or the folder cannot be written.
    """
    paths = []
    for of in sets:
        inside = make_folder(Path(folder) / of)
        for drawn in _people(of, limit, data_dir):
            paths.append(inside / f"{drawn.index:05d}.png")
            with atomic_write(paths[-1]) as file:
                Image.fromarray(picture_of_paths(drawn, look)).save(file, format="PNG")
    return paths


def dood_finder(model: str | Path | None = None) -> Finder:
    """What `dood draw` finds, or a model on its one canvas."""
    from dood.engines.choice import engine_of
    from dood.tasks.draw import draw

    engine = None if model is None else engine_of(model)

    def find(picture: NDArray[np.uint8]) -> Found:
        strokes = draw(picture, model=engine, polarity="dark").strokes
        return Found([stroke.even(0.5) for stroke in strokes], [stroke.width for stroke in strokes])

    return find


def tidy_finder(picture: NDArray[np.uint8]) -> Found:
    """What the tidy skeleton finds."""
    return Found(*tidy_lines(picture < 128))


def _people(of: str, limit: int | None, data_dir: str | Path | None) -> list[Drawn]:
    """Drawings of a set that nothing here was learned from."""
    return load_pen_set(of, data_dir, limit=limit, held_out=of in LEARNED)


def _name(source: str | Path | Finder) -> str:
    return getattr(source, "__name__", "function") if callable(source) else Path(source).name


def _figures(source: str | Path | Finder, of: str, drawings: Iterable[Drawn], look: Look) -> NDArray[np.float64]:
    """[drawings, measures]."""
    find = dood_finder() if source == "dood" else tidy_finder if source == "tidy" else source
    if callable(find):
        return np.array([_timed(find, drawn, look) for drawn in drawings])
    drawings = list(drawings)
    found = _read(Path(find), of, drawings, look)
    return np.array([(*score(one, drawn, look), np.nan) for one, drawn in zip(found, drawings, strict=True)])


def _timed(find: Finder, drawn: Drawn, look: Look) -> tuple[float, ...]:
    """Figures of one drawing. Where the program gives up, it found nothing."""
    picture = picture_of_paths(drawn, look)
    began = time.process_time()
    try:
        found = find(picture)
    except DoodError:
        found = Found([], [])
    seconds = time.process_time() - began
    return (*score(found, drawn, look), seconds)


def _read(folder: Path, of: str, drawings: Sequence[Drawn], look: Look) -> list[Found]:
    """The strokes of the SVGs of a set."""
    inside = folder / of if (folder / of).is_dir() else folder
    paths = [inside / f"{drawn.index:05d}.svg" for drawn in drawings]
    if not any(path.is_file() for path in paths):
        raise DoodError(f"{inside} has no {paths[0].name} or the like: draw the pictures of {of} there, as SVG")
    found = []
    for path, drawn in zip(paths, drawings, strict=True):
        width, height = (max(1, round(side * look.scale)) for side in drawn.size)
        try:
            text = path.read_text("utf-8") if path.is_file() else None
            found.append(Found(*svg_lines(text, (width, height))) if text else Found([], []))
        except (DoodError, OSError, UnicodeDecodeError) as error:
            raise DoodError(f"{path}: {error}") from error
    return found


def _rows(method: str, figures: dict[str, NDArray[np.float64]], look: Look, seed: int) -> list[Row]:
    """Means and their intervals, of each set and over all."""
    rng = np.random.default_rng(seed)
    means = {of: _means(table[None])[0] for of, table in figures.items()}
    again = {of: _means(table[rng.integers(0, len(table), (RESAMPLES, len(table)))]) for of, table in figures.items()}
    counts = {of: np.isfinite(table).sum(0) for of, table in figures.items()}
    if len(figures) > 1:
        means[MEAN] = _mean(np.stack(list(means.values())))
        again[MEAN] = _mean(np.stack(list(again.values())))
        counts[MEAN] = np.sum(list(counts.values()), axis=0)
    rows = []
    for of, values in means.items():
        for i, measure in enumerate(MEASURES):
            spread = again[of][:, i][np.isfinite(again[of][:, i])]
            if counts[of][i]:
                low, high = np.percentile(spread, INTERVAL).tolist()
                shown = (look.scale, look.pen, look.noise)
                rows.append(Row(of, method, *shown, measure, float(values[i]), low, high, int(counts[of][i])))
    return rows


def _means(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """[n, measures], means over the drawings of tables [n, drawings, measures]."""
    return _mean(np.moveaxis(tables, 1, 0))


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the first axis of what is a number; NaN where nothing is."""
    there = np.isfinite(values)
    return np.where(there, values, 0).sum(0) / np.where(there.any(0), there.sum(0), np.nan)
