"""`dood transfer`: models trained on one data set, measured on others."""

import json
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from dood.cli.arguments import Verbs, add_verb, whole
from dood.cli.console import Console
from dood.evaluation.published import SETS

if TYPE_CHECKING:
    from dood.evaluation.transfer import Cell

__all__ = ["add", "run"]

EXAMPLES = """\
  dood transfer --out transfer.csv --limit 1000 --report
  dood transfer --models mnist runs/air --data kmnist quickdraw --out two.csv
  dood transfer --out transfer.csv --limit 1000 --fit 200     # adds to the table
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "transfer",
        run,
        "measure models on data sets they were not trained on",
        about="Measure every model on every test set, and keep the cells in a CSV table; run again to go on.",
        examples=EXAMPLES,
    )
    parser.add_argument(
        "--models", nargs="+", default=SETS, metavar="M", help="shipped names, files or run folders (default: the five)"
    )
    parser.add_argument("--data", nargs="+", default=SETS, metavar="NAME", help="data sets (default: the paper's five)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="the table, which grows")
    parser.add_argument(
        "--samples", type=whole(1), default=200, metavar="K", help="particles of the bound (default: %(default)s)"
    )
    parser.add_argument("--limit", type=whole(1), metavar="N", help="N evenly spaced test images a set (default: all)")
    parser.add_argument(
        "--fit", type=whole(0), default=0, metavar="STEPS", help="as for `dood evaluate` (default: %(default)s)"
    )
    parser.add_argument("--strokes", type=whole(1), metavar="N", help="at most N strokes (default: the models' own)")
    parser.add_argument("--report", action="store_true", help="write FILE.md, and the paper's Figure 4 as PNG and SVG")
    parser.add_argument("--json", action="store_true", help="print the cells as JSON lines on stdout")


def run(arguments: Namespace, console: Console) -> int:
    """Measure what is not in the table yet; print it."""
    from dood.evaluation.transfer import transfer

    with console.progress("measuring") as progress:
        cells = transfer(
            arguments.models,
            arguments.data,
            arguments.out,
            samples=arguments.samples,
            limit=arguments.limit,
            fit_steps=arguments.fit,
            strokes=arguments.strokes,
            progress=progress,
        )
    for cell in cells:
        if arguments.json:
            print(json.dumps(asdict(cell)))
        else:
            print(describe(cell))
    if arguments.report:
        from dood.evaluation.transfer_report import write_report

        for path in write_report(cells, arguments.models, arguments.out):
            console.note(f"wrote {path}")
    return 0


def describe(cell: "Cell") -> str:
    """One line for a person."""
    name = f"{cell.model} ({cell.source}, seed {cell.seed}) on {cell.target}, {cell.variant}"
    error = "" if cell.stderr is None else f" ± {cell.stderr:.1f}"
    return (
        f"{name:64} bound {cell.bound:8.1f}{error}  mse {cell.mse:.5f}  mae {cell.mae:.5f}  strokes {cell.strokes:.2f}"
    )
