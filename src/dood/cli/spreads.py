"""`dood spreads`: how far drawings of one character differ."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood spreads background.npz --out spreads.json      # pairs as scripts/make_oneshot_runs.py makes them
  dood exemplars letter.png --spreads spreads.json
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "spreads",
        run,
        "learn how far drawings of one thing differ",
        about="Learn from pairs of drawings of one character how far they differ in place, size, aspect, shear, angle\n"
        "and pen, for `dood exemplars`.",
        examples=EXAMPLES,
    )
    parser.add_argument("pairs", type=Path, metavar="FILE.npz", help="train_images, test_images and answers of runs")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json", help="the spreads")
    parser.add_argument("--model", default="omniglot", help="shipped name, file or run folder (default: %(default)s)")


def run(arguments: Namespace, console: Console) -> int:
    """Learn, write, and print a line a spread."""
    from dood.tasks.spreads import learn_spreads, save_spreads

    with console.progress("pairs") as progress:
        spreads = learn_spreads(arguments.pairs, model=arguments.model, progress=progress)
    save_spreads(spreads, arguments.out)
    for name, value in spreads._asdict().items():
        print(f"{name:8}{value:.3f}")
    return 0
