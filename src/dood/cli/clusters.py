"""`dood clusters`: the kinds of strokes that a model uses."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood clusters --models mnist omniglot --out clusters
  dood clusters --models runs/air --out clusters/air --strokes 2000 --seeds 1
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "clusters",
        run,
        "group the strokes that models use",
        about="Cluster the strokes that each model sees in its own training images: silhouettes as CSV, maps as PNG.",
        examples=EXAMPLES,
    )
    parser.add_argument("--models", nargs="+", required=True, metavar="M", help="shipped names, files or run folders")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the table and the maps")
    parser.add_argument(
        "--strokes", type=whole(50), default=10_000, metavar="N", help="strokes to cluster (default: %(default)s)"
    )
    parser.add_argument(
        "--seeds", type=whole(1), default=5, metavar="N", help="starts of k-means (default: %(default)s)"
    )


def run(arguments: Namespace, console: Console) -> int:
    """Cluster, and print the mean silhouettes."""
    from statistics import fmean, pstdev

    from dood.evaluation.clusters import KS, clusters

    scores = clusters(arguments.models, arguments.out, strokes=arguments.strokes, seeds=arguments.seeds)
    for about in dict.fromkeys(score[:3] for score in scores):
        for k in KS:
            values = [score.silhouette for score in scores if (*score[:3], score.k) == (*about, k)]
            print(f"{', '.join(about):36} k={k:<3} silhouette {fmean(values):.3f} ± {pstdev(values):.3f}")
    return 0
