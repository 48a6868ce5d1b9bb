"""`dood generate`: drawings out of nothing."""

from argparse import Namespace

from dood.cli.arguments import Verbs, add_output, add_verb, positive, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood generate --model omniglot --out letters
  dood generate --model mnist --count 1000 --temperature 0.7 --seed 4 --format json --out digits
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "generate",
        run,
        "make drawings up",
        about="Sample drawings from a model: each as 0001.svg, 0001.json, ..., and all of them in samples.png.\n"
        "The path of each file written is printed on stdout, one a line.",
        examples=EXAMPLES,
    )
    parser.add_argument("--model", default="all", help="shipped name, file or run folder (default: %(default)s)")
    parser.add_argument("--count", type=whole(1), default=64, metavar="N", help="drawings (default: %(default)s)")
    add_output(parser)
    parser.add_argument(
        "--temperature", type=positive, default=1.0, metavar="T", help="below 1 less varied (default: %(default)s)"
    )
    parser.add_argument("--strokes", type=whole(1), metavar="N", help="at most N strokes (default: the model's own)")
    parser.add_argument(
        "--size", type=whole(1), default=200, metavar="N", help="side of a drawing in pixels (default: %(default)s)"
    )
    parser.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of the samples (default: %(default)s)")


def run(arguments: Namespace, console: Console) -> int:
    """Generate, and print the files."""
    from dood.tasks.generate import generate_files

    written = generate_files(
        arguments.out,
        arguments.model,
        arguments.count,
        formats=arguments.format,
        temperature=arguments.temperature,
        strokes=arguments.strokes,
        size=arguments.size,
        seed=arguments.seed,
    )
    for path in written:
        print(path)
    console.note(f"generated {arguments.count} drawings; see {written[-1]}")
    return 0
