"""Models trained on one data set, tested on others: the tables of section 3.1, a cell at a time."""

import csv
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from dood import data
from dood.checkpoints import checkpoint
from dood.checkpoints.headers import model_name, source_of
from dood.errors import DoodError
from dood.evaluation.evaluate import evaluate
from dood.files import write_table

__all__ = ["Cell", "Variant", "read_cells", "transfer"]


class Variant(NamedTuple):
    """How the posterior is found: the settings of `dood.evaluation.evaluate.posterior_of`."""

    lm_steps: int = 0
    fit_steps: int = 0
    strokes: int | None = None
    views: bool = False

    @property
    def name(self) -> str:
        """`amortised`, or how that departs from it: `views`, `lm-STEPS`, `fitted-STEPS`; then `strokes-N`."""
        after = {"lm": self.lm_steps, "fitted": self.fit_steps}
        steps = ["views"] * self.views + [f"{name}-{count}" for name, count in after.items() if count]
        limit = [] if self.strokes is None else [f"strokes-{self.strokes}"]
        return "-".join([*(steps or ["amortised"]), *limit])

    @classmethod
    def named(cls, name: str) -> "Variant":
        """The variant of that name."""
        words = dict(pairwise(name.split("-")))
        strokes = int(words["strokes"]) if "strokes" in words else None
        return cls(int(words.get("lm", 0)), int(words.get("fitted", 0)), strokes, name.startswith("views"))


@dataclass(frozen=True)
class Cell:
    """A trained model on a test set: a row of the table."""

    model: str
    """Which of `dood.training.presets.MODELS`, and how it departs from the paper: `headers.model_name`."""
    variant: str
    """Where posterior samples come from, `Variant.name`: `amortised` is the recognition model, as in the paper."""
    source: str
    """What the model was trained on."""
    target: str
    """Whose test images it was measured on."""
    seed: int
    """Of the training."""
    steps: int
    """Of the training."""
    images: int
    samples: int
    parameters: int
    """Learned numbers of generative and recognition model."""
    seconds: float
    """Wall time of the training."""
    bound: float
    mse: float
    mae: float
    strokes: float
    stderr: float | None = None
    """As in `dood.evaluation.evaluate.Evaluation`; tables written before it was measured lack the last."""


def transfer(
    models: Sequence[str | Path],
    targets: Sequence[str],
    table: str | Path,
    *,
    samples: int = 200,
    limit: int | None = None,
    views: bool = False,
    lm_steps: int = 0,
    fit_steps: int = 0,
    strokes: int | None = None,
    device: str = "cpu",
    progress: Callable[[int, int], None] | None = None,
) -> list[Cell]:
    """Measure every model on every test set, and keep the cells in a CSV table.

    A cell is written as soon as it is measured, and one that is in the table is not measured again.

    Arguments:
        models: as for `dood.checkpoints.checkpoint.load`; several may differ in their seed only.
        targets: names of data sets.
        table: the file; made where there is none.
        samples, limit, views, lm_steps, fit_steps, strokes, device: as for `dood.evaluation.evaluate.evaluate`.
        progress: called with the cells that are done and their total.

    Returns:
        All cells of the table, those that were there before included.

    Raises:
        DoodError: unknown model or data, a number out of range, or a file that is no such table.
    """
    variant = Variant(lm_steps, fit_steps, strokes, views)
    cells, columns = read_cells(table), [field.name for field in dataclasses.fields(Cell)]
    total = len(models) * len(targets)
    for i, model in enumerate(models):
        network, header = checkpoint.load(model), checkpoint.header_of(model)
        for j, target in enumerate(targets):
            about = {
                "model": model_name(header),
                "variant": variant.name,
                "source": source_of(header),
                "target": target,
                "seed": int(header.get("seed", 0)),
                "steps": int(header.get("steps", 0)),
            }
            alike = [cell for cell in cells if _says(cell, about | {"samples": samples})]
            if not any(cell.images == _images(target, limit) for cell in alike):
                how = {"samples": samples, "limit": limit, "device": device}
                measured = evaluate(network, target, **how, **variant._asdict())
                figures = {
                    name: getattr(measured, name) for name in ("images", "bound", "mse", "mae", "strokes", "stderr")
                }
                parameters = sum(parameter.numel() for parameter in network.parameters())
                seconds = float(header.get("seconds", 0))
                cells.append(Cell(**about, samples=samples, parameters=parameters, seconds=seconds, **figures))
                write_table(table, columns, [dataclasses.astuple(each) for each in cells])
            if progress:
                progress(i * len(targets) + j + 1, total)
    return cells


def read_cells(table: str | Path) -> list[Cell]:
    """The cells of a table; none where there is no such file.

    Raises:
        DoodError: the file is not such a table.
    """
    path = Path(table)
    if not path.exists():
        return []
    fields = {field.name: field.type for field in dataclasses.fields(Cell)}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file, strict=True)
            if reader.fieldnames not in (list(fields), list(fields)[:-1]):
                raise ValueError(f"its columns are {reader.fieldnames}")
            return [Cell(**{name: _as(fields[name], text) for name, text in row.items()}) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, TypeError, KeyError) as error:
        raise DoodError(f"{path} is no table of transfer: {error}; give another file") from error


def _as(kind: Any, text: str) -> Any:
    if kind == float | None:
        return float(text) if text else None
    return kind(text)


def _says(cell: Cell, about: dict[str, Any]) -> bool:
    return all(getattr(cell, name) == value for name, value in about.items())


def _images(target: str, limit: int | None) -> int:
    """How many test images are measured on: a set with fewer than the limit gives all that it has."""
    there = len(data.load(target).test_images)
    return there if limit is None else min(limit, there)
