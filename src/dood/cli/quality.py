"""`dood quality`: drawings that models make up, beside real ones."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb, positive, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood quality --models mnist omniglot --out quality
  dood quality --models mnist --temperature 1.0 0.7 --samples 5000 --out quality
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "quality",
        run,
        "compare samples of models with real drawings",
        about="Compare samples of each model with the drawings that it was trained on: distances as CSV, and samples\n"
        "above the training images nearest to them as PNG.",
        examples=EXAMPLES,
    )
    parser.add_argument("--models", nargs="+", required=True, metavar="M", help="shipped names, files or run folders")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the table and the pictures")
    parser.add_argument(
        "--temperature", nargs="+", type=positive, default=[1.0], metavar="T", help="of the samples (default: 1)"
    )
    parser.add_argument(
        "--samples", type=whole(10), default=2000, metavar="N", help="drawings of each kind (default: %(default)s)"
    )
    parser.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of the samples (default: %(default)s)")
    parser.add_argument(
        "--repeats",
        type=whole(1),
        default=1,
        metavar="N",
        help="means over N seeds, that one and those after it (default: %(default)s)",
    )


def run(arguments: Namespace, console: Console) -> int:
    """Compare, and print a line a figure."""
    from dood.evaluation.quality import quality

    rows = quality(
        arguments.models,
        arguments.out,
        temperatures=arguments.temperature,
        samples=arguments.samples,
        seed=arguments.seed,
        repeats=arguments.repeats,
    )
    for row in rows:
        name = f"{row.model} ({row.dataset}) at {row.temperature:g}"
        real = f"real {row.floor:9.3f}  test {row.unseen:9.3f}"
        print(f"{name:28} {row.metric:28} {row.value:9.3f}  {real}  ratio {row.ratio:6.2f}")
    return 0
