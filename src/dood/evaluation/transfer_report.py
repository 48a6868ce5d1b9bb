"""What `dood transfer` leaves beside its table: the table for readers, and the paper's Figure 4."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from dood import data
from dood.checkpoints import checkpoint
from dood.checkpoints.headers import base_name, model_name, source_of
from dood.evaluation.evaluate import posterior_of
from dood.evaluation.published import BOUNDS
from dood.evaluation.tables import as_markdown, over_seeds
from dood.evaluation.transfer import Cell, Variant
from dood.figures.plots import Measured, save_figure, transfer_grid
from dood.files import atomic_write
from dood.inference.variational import most_probable
from dood.models.dood import DooD

__all__ = ["write_report"]

SHOWN = 3
"""Reconstructions in a cell of the figure."""


def write_report(cells: Sequence[Cell], models: Sequence[str | Path], table: str | Path) -> list[Path]:
    """Write TABLE.md, and TABLE-MODEL-VARIANT.png and .svg for each model and variant of the cells; return the files.

    Arguments:
        cells: what the table holds.
        models: whose reconstructions are shown; of several that differ in their seed the first.
        table: the CSV file that the others lie beside.

    Raises:
        DoodError: a file cannot be written, or matplotlib is not installed.
    """
    stem = Path(table).with_suffix("")
    markdown = stem.with_suffix(".md")
    with atomic_write(markdown) as file:
        file.write(as_markdown(cells).encode())
    written, summaries = [markdown], over_seeds(cells)
    targets = list(dict.fromkeys(cell.target for cell in cells))
    for model, variant in dict.fromkeys(key[:2] for key in summaries):
        bounds = {
            key[2:]: Measured(summary.bound, summary.error, BOUNDS.get((base_name(model), *key[2:])))
            for key, summary in summaries.items()
            if key[:2] == (model, variant)
        }
        shown = _reconstructions(model, variant, models, targets)
        figure = transfer_grid(bounds, shown, f"{model}, {variant}: nats an image (difference from the authors')")
        for suffix in (".png", ".svg"):
            path = stem.with_name(f"{stem.name}-{model}-{variant}{suffix}")
            save_figure(figure, path)
            written.append(path)
    return written


def _reconstructions(
    model: str, variant: str, paths: Sequence[str | Path], targets: Sequence[str]
) -> dict[tuple[str, str], tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """By source and target some test images, and what the model draws of them."""
    found = {}
    for path in paths:
        header = checkpoint.header_of(path)
        source = source_of(header)
        if model_name(header) != model or any(key[0] == source for key in found):
            continue
        network = checkpoint.load(path)
        found |= {(source, target): _reconstructed(network, target, variant) for target in targets}
    return found


def _reconstructed(network: DooD, target: str, variant: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    images = data.load(target).test_images
    chosen = data.images_at(images[data.evenly_spaced(len(images), SHOWN)], network.config.resolution)
    ink = torch.from_numpy(chosen).float() / 255
    how = Variant.named(variant)._asdict()
    posterior = posterior_of(network, ink, **how, generator=torch.Generator().manual_seed(0))
    return ink.numpy(), most_probable(network, ink, posterior).canvas.clamp(max=1).numpy()
