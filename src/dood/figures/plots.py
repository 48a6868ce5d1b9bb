"""Figures from numbers and images: one function a figure. Needs matplotlib (`pip install 'dood[plots]'`)."""

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dood.errors import DoodError
from dood.files import atomic_write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "ACROSS",
    "Measured",
    "as_svg",
    "cluster_map",
    "image_grid",
    "learning_curves",
    "save_figure",
    "stroke_histograms",
    "transfer_grid",
]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
"""Told apart by colour-blind readers too (Okabe and Ito)."""

UNDECIDED = "#666666"
"""Of a difference that is less than two standard errors."""

THUMBNAILS, TYPICAL = 70, 12
"""Strokes that are drawn on a map of clusters, and in a row of a cluster's strokes."""


class Axis(NamedTuple):
    """What goes right in a figure of learning curves: its label, and the size of its unit in a record's."""

    label: str
    unit: float


ACROSS = {"images": Axis("images seen, thousands", 1000), "seconds": Axis("minutes of training", 60)}
"""Fields of a record that learning curves can be drawn against."""

DASHES = ("-", "--", ":", "-.")
"""Once the colours are used up, further curves have them again with another dash."""


def learning_curves(runs: Mapping[str, Sequence[Mapping[str, Any]]], across: str = "images") -> "Figure":
    """Bound, squared error and strokes used on held-out images; a line for each run.

    Figures that are missing from a record, or are no finite numbers, are left out.

    Arguments:
        runs: the records of each run (see `dood.runs.metrics_log`), by name.
        across: what goes right, one of `ACROSS`.
    """
    panels = {"bound": "bound, nats per image", "mse": "squared error", "strokes": "strokes"}
    figure, axes = _panels(len(panels))
    for axis, (field, label) in zip(axes, panels.items(), strict=True):
        for i, (name, records) in enumerate(runs.items()):
            dash = DASHES[i // len(COLOURS) % len(DASHES)]
            x, y = _curve(records, across, field)
            axis.plot(x, y, color=COLOURS[i % len(COLOURS)], linestyle=dash, label=name)
        axis.set(xlabel=ACROSS[across].label, ylabel=label, yscale="log" if field == "mse" else "linear")
    bounds = [bound for records in runs.values() for bound in _curve(records, across, "bound")[1]]
    if bounds:
        axes[0].set_ylim(bottom=np.quantile(bounds, 0.1) - 200)
    axes[-1].set_ylim(bottom=0)
    if len(runs) > 1:
        axes[-1].legend(frameon=False, fontsize="small")
    return figure


def stroke_histograms(counts: Mapping[str, Mapping[str, ArrayLike]], most: int) -> "Figure":
    """How many strokes are used per drawing: a row of panels for each model, a panel for each data set.

    Arguments:
        counts: number of strokes of each drawing, by model and then by data set, the same ones for every model.
        most: the greatest number there could be.
    """
    columns = len(next(iter(counts.values())))
    figure, axes = _panels(columns, len(counts))
    rows = [axes[i : i + columns] for i in range(0, len(axes), columns)]
    for (model, sets), row in zip(counts.items(), rows, strict=True):
        for axis, (name, used), colour in zip(row, sets.items(), _cycle(len(sets)), strict=True):
            used = np.asarray(used, dtype=int)
            share = np.bincount(used, minlength=most + 1) / max(1, len(used))
            axis.bar(np.arange(most + 1), share, color=colour)
            axis.set(title=f"{name}, mean {used.mean():.1f}", ylim=(0, 1), xticks=range(0, most + 1, 2))
        row[0].set_ylabel(f"{model}\nshare of drawings" if len(counts) > 1 else "share of drawings")
    for axis in rows[-1]:
        axis.set_xlabel("strokes")
    return figure


def image_grid(rows: Mapping[str, ArrayLike], columns: Sequence[str]) -> "Figure":
    """Images with ink in [0, 1] in a table, black on white.

    Arguments:
        rows: for each name at the left its images [columns, h, w].
        columns: their titles.
    """
    figure = _new_figure(1.1 * len(columns) + 0.6, 1.1 * len(rows) + 0.3)
    axes = figure.subplots(len(rows), len(columns), squeeze=False)
    for i, (name, images) in enumerate(rows.items()):
        for j, image in enumerate(np.asarray(images)):
            _show(axes[i, j], image)
            if i == 0:
                axes[i, j].set_title(columns[j].replace("-", "\n", 1), fontsize="small")
        axes[i, 0].set_ylabel(name, fontsize="small")
    return figure


class Measured(NamedTuple):
    """A mean, its standard error if it is known, and what it is compared with, if anything."""

    mean: float
    error: float | None = None
    against: float | None = None

    @property
    def text(self) -> str:
        """MEAN ± ERROR (DIFFERENCE), as much of it as is known."""
        error = "" if self.error is None else f" ± {self.error:.0f}"
        against = "" if self.against is None else f" ({self.mean - self.against:+.0f})"
        return f"{self.mean:.0f}{error}{against}"

    @property
    def colour(self) -> str:
        """Of the text: ahead or behind by two standard errors, or undecided."""
        by = 0.0 if self.against is None else self.mean - self.against
        if self.against is None or by > 2 * (self.error or 0):
            return COLOURS[0]
        return COLOURS[1] if -by > 2 * (self.error or 0) else UNDECIDED


def transfer_grid(
    bounds: Mapping[tuple[str, str], Measured],
    images: Mapping[tuple[str, str], tuple[ArrayLike, ArrayLike]],
    title: str,
) -> "Figure":
    """The paper's Figure 4: what models trained on one set make of the images of each.

    Arguments:
        bounds: by source and target, in nats per image: blue if ahead of what it is compared with by more than two
            standard errors, orange if behind, grey if neither can be told.
        images: by source and target, some images [n, h, w] and what the model draws of them.
    """
    sources, targets = (list(dict.fromkeys(cell[i] for cell in bounds)) for i in (0, 1))
    figure = _new_figure(2.1 * len(targets) + 0.4, 2.0 * len(sources) + 0.6)
    figure.suptitle(title)
    axes = figure.subplots(len(sources), len(targets), squeeze=False)
    for i, source in enumerate(sources):
        for j, target in enumerate(targets):
            axis, cell = axes[i, j], (source, target)
            bare = [np.zeros((1, 1, 1))] * 2
            upper, lower = (np.hstack(list(np.asarray(part))) for part in images.get(cell, bare))
            _show(axis, np.vstack([upper, lower]))
            if cell in bounds:
                axis.set_xlabel(bounds[cell].text, color=bounds[cell].colour)
            if i == 0:
                axis.set_title(f"to {target}")
        axes[i, 0].set_ylabel(f"from {source}")
    return figure


def cluster_map(
    places: NDArray, labels: NDArray, pictures: NDArray, typical: Sequence[NDArray], title: str
) -> "Figure":
    """Figure 5: a map of strokes in the colours of their clusters, some of them drawn, and beside it every cluster.

    Arguments:
        places: [m, 2], where the first m strokes lie.
        labels: [m], their clusters.
        pictures: [n, h, w], all strokes, ink in [0, 1].
        typical: for each cluster, indices of its strokes, the most typical first.
    """
    colours = _cycle(len(typical))
    figure = _new_figure(13.0, 6.2)
    figure.suptitle(title)
    halves = figure.subfigures(1, 2, width_ratios=(1.15, 1), squeeze=False)[0]
    axis, right = halves[0].subplots(), halves[1]
    axis.scatter(*places.T, s=9, c=[colours[label] for label in labels], linewidths=0)
    axis.set(xticks=[], yticks=[])
    for i in _apart(places, THUMBNAILS):
        low, high = places[i] - 0.5 * _reach(places), places[i] + 0.5 * _reach(places)
        extent = (low[0], high[0], low[1], high[1])
        axis.imshow(_tinted(pictures[i], colours[labels[i]]), extent=extent, aspect="auto", zorder=3)
    axis.set(xlim=_wide(places[:, 0]), ylim=_wide(places[:, 1]))
    grid = right.subplots(len(typical), TYPICAL, squeeze=False)
    for row, (members, colour) in enumerate(zip(typical, colours, strict=True)):
        for column in range(TYPICAL):
            cell = grid[row, column]
            cell.set(xticks=[], yticks=[])
            cell.spines[:].set_visible(False)
            if column < len(members):
                # From the most typical to the least, so that the row shows what a cluster holds, not its middle only.
                i = members[column * (len(members) - 1) // max(1, TYPICAL - 1)]
                cell.imshow(_tinted(pictures[i], colour))
        grid[row, 0].set_ylabel(f"{len(members)}", color=colour, rotation=0, labelpad=18)
    return figure


def save_figure(figure: "Figure", path: str | Path) -> None:
    """Write a figure, whole or not at all; `path` ends in `.png`, `.svg` or `.pdf`.

    Raises:
        DoodError: the file cannot be written.
    """
    # Dates and random names would make each file differ from the last one of the same figure.
    bare = {"Date": None} if Path(path).suffix == ".svg" else None
    with atomic_write(path) as file, _plain_settings():
        figure.savefig(file, format=Path(path).suffix.removeprefix("."), metadata=bare)


def as_svg(figure: "Figure") -> bytes:
    """A figure as SVG; the same figure gives the same bytes."""
    file = io.BytesIO()
    with _plain_settings():
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def _curve(records: Sequence[Mapping[str, Any]], across: str, field: str) -> tuple[list[float], list[float]]:
    """The records that have both figures, as coordinates."""
    points = [[record.get(name) for name in (across, field)] for record in records]
    known = [[float(value) for value in point if _is_finite(value)] for point in points]
    pairs = [point for point in known if len(point) == 2]
    return [x / ACROSS[across].unit for x, _ in pairs], [y for _, y in pairs]


def _is_finite(value: Any) -> TypeGuard[float]:
    return isinstance(value, float | int) and math.isfinite(value)


def _plain_settings() -> Any:
    from matplotlib import rc_context

    return rc_context({"svg.hashsalt": "dood"})


def _show(axis: "Axes", image: NDArray) -> None:
    """An image without ticks, ink black."""
    axis.imshow(1 - np.clip(image, 0, 1), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axis.set(xticks=[], yticks=[])


def _apart(places: NDArray, count: int) -> list[int]:
    """Indices of points far from one another: each is the one that is farthest from those before."""
    chosen = [0]
    nearest = np.full(len(places), np.inf)
    while len(chosen) < min(count, len(places)):
        nearest = np.minimum(nearest, np.square(places - places[chosen[-1]]).sum(-1))
        chosen.append(int(nearest.argmax()))
    return chosen


def _reach(places: NDArray) -> NDArray:
    """Width and height of a thumbnail on a map."""
    return np.ptp(places, axis=0) / 22


def _wide(values: NDArray) -> tuple[float, float]:
    margin = 0.04 * np.ptp(values)
    return float(values.min() - margin), float(values.max() + margin)


def _tinted(picture: NDArray, colour: str) -> NDArray:
    """Ink of a colour on white, [h, w, 3]."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    ink = np.clip(picture, 0, 1)[..., None]
    return np.clip((1 - ink) + ink * rgb, 0, 1)


def _new_figure(width: float, height: float) -> "Figure":
    """An empty figure of that many inches."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DoodError("figures need matplotlib: pip install 'dood[plots]'") from error
    return Figure(figsize=(width, height), dpi=120, layout="constrained")


def _panels(columns: int, rows: int = 1) -> tuple["Figure", list["Axes"]]:
    """A figure of plain panels side by side, row after row."""
    figure = _new_figure(3.2 * columns, 2.6 * rows)
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
    return figure, axes


def _cycle(count: int) -> list[str]:
    return [COLOURS[i % len(COLOURS)] for i in range(count)]
