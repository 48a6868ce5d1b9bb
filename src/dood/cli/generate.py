"""`dood generate`: drawings out of nothing."""

from argparse import Namespace

from dood.cli.arguments import Verbs, add_output, add_sampling, add_verb, whole
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
    add_sampling(parser, count=64, of="drawings")
    add_output(parser)
    parser.add_argument("--strokes", type=whole(1), metavar="N", help="at most N strokes (default: the model's own)")
    parser.add_argument(
        "--size", type=whole(1), default=200, metavar="N", help="side of a drawing in pixels (default: %(default)s)"
    )


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
