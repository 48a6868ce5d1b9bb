"""`dood agreement`: inferred strokes beside those that people drew."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood agreement --models omniglot all --out agreement.csv
  dood agreement --models mnist --out agreement.csv --limit 200
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "agreement",
        run,
        "compare strokes with those that people drew",
        about="Compare inferred strokes, and those of a classical baseline, with the pen paths behind Omniglot.",
        examples=EXAMPLES,
    )
    parser.add_argument("--models", nargs="+", required=True, metavar="M", help="shipped names, files or run folders")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="the table")
    parser.add_argument("--limit", type=whole(1), metavar="N", help="N evenly spaced drawings only (default: all)")


def run(arguments: Namespace, console: Console) -> int:
    """Compare, and print a line a method."""
    from dood.evaluation.agreement import agreement

    for row in agreement(arguments.models, arguments.out, limit=arguments.limit):
        name = f"{row.method} ({row.source})" if row.source else row.method
        print(
            f"{name:24} chamfer {row.chamfer_px:.2f} px  count within 1 {row.count_within_1:.3f}"
            f"  rand index {row.ari:.3f}  strokes {row.strokes:.2f}  images/s {row.images_per_s:.1f}"
        )
    return 0
