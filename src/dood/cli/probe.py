"""`dood probe`: how much of a drawing's class its strokes tell."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

SETS = ("mnist", "emnist", "kmnist", "quickdraw")
"""Those of the paper's sets whose classes are the same in training and test."""

EXAMPLES = """\
  dood probe --models mnist --out probe.csv
  dood probe --models mnist runs/air --data kmnist --out probe.csv --limit 5000
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "probe",
        run,
        "classify drawings by their strokes",
        about="Fit a linear classifier to the latents of training images, and measure it on test images.",
        examples=EXAMPLES,
    )
    parser.add_argument("--models", nargs="+", required=True, metavar="M", help="shipped names, files or run folders")
    parser.add_argument(
        "--data", nargs="+", default=SETS, metavar="NAME", help="data sets (default: four with classes)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="the table")
    parser.add_argument(
        "--limit", type=whole(10), default=20_000, metavar="N", help="training images (default: %(default)s)"
    )


def run(arguments: Namespace, console: Console) -> int:
    """Probe, and print the accuracies."""
    from dood.evaluation.probe import probe

    for row in probe(arguments.models, arguments.data, arguments.out, limit=arguments.limit):
        print(f"{row.model} ({row.source}, seed {row.seed}) on {row.target:12} accuracy {row.accuracy:.4f}")
    return 0
