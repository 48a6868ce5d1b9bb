"""Figures from numbers: one function a figure. Needs matplotlib (`pip install 'dood[plots]'`)."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from dood.errors import DoodError

__all__ = ["learning_curves", "stroke_histograms"]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
"""Told apart by colour-blind readers too (Okabe and Ito)."""


def learning_curves(runs: Mapping[str, Sequence[Mapping[str, Any]]]) -> Image.Image:
    """Bound, squared error and strokes used on held-out images, against the images seen; a line for each run.

    Arguments:
        runs: the records of each run (see `dood.journal`), by name.
    """
    panels = {"bound": "bound, nats per image", "mse": "squared error", "strokes": "strokes"}
    figure, axes = _figure(len(panels))
    for axis, (field, label) in zip(axes, panels.items(), strict=True):
        for (name, records), colour in zip(runs.items(), _cycle(len(runs)), strict=True):
            axis.plot([r["images"] / 1000 for r in records], [r[field] for r in records], color=colour, label=name)
        axis.set(xlabel="images seen, thousands", ylabel=label, yscale="log" if field == "mse" else "linear")
    bounds = [record["bound"] for records in runs.values() for record in records]
    axes[0].set_ylim(bottom=np.quantile(bounds, 0.1) - 200)
    axes[-1].set_ylim(bottom=0)
    if len(runs) > 1:
        axes[-1].legend(frameon=False, fontsize="small")
    return _picture(figure)


def stroke_histograms(counts: Mapping[str, ArrayLike], most: int) -> Image.Image:
    """How many strokes are used per drawing: one panel for each data set.

    Arguments:
        counts: number of strokes of each drawing, by data set.
        most: the greatest number there could be.
    """
    figure, axes = _figure(len(counts))
    for axis, (name, used), colour in zip(axes, counts.items(), _cycle(len(counts)), strict=True):
        used = np.asarray(used, dtype=int)
        share = np.bincount(used, minlength=most + 1) / max(1, len(used))
        axis.bar(np.arange(most + 1), share, color=colour)
        axis.set(title=f"{name}, mean {used.mean():.1f}", xlabel="strokes", ylim=(0, 1), xticks=range(0, most + 1, 2))
    axes[0].set_ylabel("share of drawings")
    return _picture(figure)


def _figure(panels: int) -> tuple[Any, list[Any]]:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DoodError("figures need matplotlib: pip install 'dood[plots]'") from error
    figure = Figure(figsize=(3.2 * panels, 2.6), dpi=120, layout="constrained")
    axes = list(figure.subplots(1, panels, squeeze=False)[0])
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
    return figure, axes


def _cycle(count: int) -> list[str]:
    return [COLOURS[i % len(COLOURS)] for i in range(count)]


def _picture(figure: Any) -> Image.Image:
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return Image.open(file).convert("RGB")
